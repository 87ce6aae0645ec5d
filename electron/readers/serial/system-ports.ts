/** The serial ports of this machine. */
import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { SerialPort } from "serialport";
import { oneLine } from "../../../shared/one-line.ts";
import { say } from "../../../shared/sentences/sentence.ts";
import type { ListedPort, PortList, SerialFinderDeps } from "./finder.ts";
import { listSysPorts, type SysPort } from "./sys-ports.ts";
import { pathOpenedFor, systemSerialDeps } from "./system-port.ts";
import { explainTrouble } from "./trouble.ts";

/** It is there while udev runs. */
const UDEV_CONTROL = "/run/udev/control";
/** udev makes its link some milliseconds after the port is there; so often a port without one is passed over. */
const LOOKS_WITHOUT_LINK = 3;
/** What the operator can do where ports cannot be listed. */
const BY_NAME = "--reader serial:PATH";

export function systemSerialFinderDeps(): SerialFinderDeps {
  const listPorts = process.platform === "linux" ? createSysLister() : listByLibrary;
  return { listPorts, serial: systemSerialDeps };
}

/** Of a USB port the first name that is told must be the one that lasts: udev's link where udev runs. */
export function createSysLister(
  list: () => Promise<SysPort[]> = () => listSysPorts(),
  udevRuns: () => boolean = () => existsSync(UDEV_CONTROL),
  openedFor: (device: string) => Promise<string | undefined> = pathOpenedFor,
): () => Promise<PortList> {
  const waited = new Map<string, number>();
  return async () => {
    const ports = await list().catch(() => null);
    if (ports === null) return { ok: false, reason: say("ports-unseen", { folder: "/sys", flag: BY_NAME }) };
    const lasting = udevRuns() ? ports.filter((port) => port.linked || isWaitedFor(port, waited)) : ports;
    for (const device of waited.keys()) if (ports.every((port) => port.device !== device)) waited.delete(device);
    const named = lasting.map(async (port) =>
      withTrouble({ ...port, path: (await openedFor(port.device)) ?? port.path }),
    );
    const listed = await Promise.all(named);
    return { ok: true, ports: listed.filter((port) => port !== undefined) };
  };
}

function isWaitedFor({ device }: SysPort, waited: Map<string, number>): boolean {
  const looks = (waited.get(device) ?? 0) + 1;
  waited.set(device, Math.min(looks, LOOKS_WITHOUT_LINK));
  return looks >= LOOKS_WITHOUT_LINK;
}

/** `undefined`: the machine has the port, but no file for it, as in a container that was not given it. */
async function withTrouble({ path, device, name, port }: SysPort): Promise<ListedPort | undefined> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return { path, name, port, trouble: null };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    const isRefused = code === "EACCES" || code === "EPERM";
    return { path, name, port, trouble: isRefused ? explainTrouble(device, { kind: "notPermitted" }) : null };
  }
}

/** Windows names ports by the socket (COM3) and keeps that; macOS by the device's number or its place. */
async function listByLibrary(): Promise<PortList> {
  try {
    return { ok: true, ports: (await SerialPort.list()).map(portByLibrary) };
  } catch (error) {
    const message = error instanceof Error ? oneLine(error.message) : "";
    return { ok: false, reason: say("ports-unlisted", { message, flag: BY_NAME }) };
  }
}

function portByLibrary({
  path,
  manufacturer,
  serialNumber,
}: Awaited<ReturnType<typeof SerialPort.list>>[number]): ListedPort {
  const words = [manufacturer, serialNumber].filter((word) => word !== undefined && word !== "");
  return { path, name: oneLine(words.join(" ") || `Serial port ${path}`), port: path, trouble: null };
}
