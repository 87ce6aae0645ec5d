import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { SerialPort } from "serialport";
import type { PathLook } from "../connection.ts";
import type { PortEvents, PortOpening, SerialDeps } from "./port.ts";
import { deviceOf } from "./sys-ports.ts";
import { troubleOf, type Trouble } from "./trouble.ts";

/** The real port, path and timers. */
export const systemSerialDeps: SerialDeps = {
  openPort: openSystemPort,
  lookAtPath: lookAtSystemPath,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  nowMs: Date.now,
  random: Math.random,
};

/**
 * By device file, the path under which it was opened last. A reader may be named `/dev/ttyUSB0` on the command line; the same
 * port in the list of those found must not look like another one because udev has a better name for it.
 */
const openedAs = new Map<string, string>();

/** The path under which this device file was opened, if it still leads there. */
export async function pathOpenedFor(device: string): Promise<string | undefined> {
  const path = openedAs.get(device);
  if (path === undefined || (await realDeviceOf(path)) === device) return path;
  openedAs.delete(device);
  return undefined;
}

async function realDeviceOf(path: string): Promise<string | undefined> {
  return realpath(await deviceOf(path)).catch(() => undefined);
}

/** A device that takes nothing for so many questions is given none: they are asked again anyway. */
const MAX_UNSENT_BYTES = 1_024;

/**
 * A port through serialport 13.
 *
 * Its `set`, `get` (they fail on a pty) and parsers are not used, its `write` only while it is open: else it would be
 * queued and sent after a reopening. `data` and `error`
 * are always listened to: an unplug is noticed only while reading, and an `error` nobody hears ends the process. A new
 * object is made for every opening, so nothing of the old one can reach into the new.
 */
async function openSystemPort(place: string, baud: number, events: PortEvents): Promise<PortOpening> {
  const path = await deviceOf(place);
  const device = await realDeviceOf(place);
  const { promise, resolve } = Promise.withResolvers<PortOpening>();
  try {
    const port = new SerialPort({
      path,
      baudRate: baud,
      dataBits: 8,
      parity: "none",
      stopBits: 1,
      autoOpen: false,
    });
    port.on("data", (bytes: Uint8Array) => events.onBytes(bytes));
    port.on("error", (error: Error) => events.onGone(troubleOf(error.message)));
    port.on("close", () => events.onGone({ kind: "unplugged" }));
    port.open((error) => {
      if (error !== null) {
        resolve(refusal(troubleOf(error.message)));
        return;
      }
      if (device !== undefined) openedAs.set(device, place);
      resolve({
        ok: true,
        port: {
          write(bytes) {
            if (port.isOpen && port.writableLength < MAX_UNSENT_BYTES) port.write(bytes);
          },
          // Closing a port that is closed is an error to serialport, and what is wanted to us.
          close: () => new Promise((closed) => port.close(() => closed())),
        },
      });
    });
  } catch (error) {
    // The constructor throws on options it does not like.
    return { ok: false, trouble: troubleOf(error instanceof Error ? error.message : String(error)) };
  }
  return promise;
}

/**
 * The device a path leads to, links followed, so that a by-path link that now leads to another port counts as another.
 *
 * Inode, device number and birth: a USB adapter that comes back gets a new node even where it gets the old name.
 */
async function lookAtSystemPath(path: string): Promise<PathLook> {
  // COM3 is not in the file system.
  if (process.platform === "win32") return { kind: "unknown" };
  try {
    const { dev, ino, rdev, birthtimeMs } = await stat(await deviceOf(path));
    return { kind: "device", mark: `${dev}:${ino}:${rdev}:${birthtimeMs}` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return { kind: code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unknown" };
  }
}

async function refusal(trouble: Trouble): Promise<PortOpening> {
  return { ok: false, trouble: await whoTook(trouble) };
}

/** ModemManager tries every new port for some seconds, unless a udev rule tells it not to. Which files it has is not shown. */
async function whoTook(trouble: Trouble): Promise<Trouble> {
  if (trouble.kind !== "taken" || process.platform !== "linux") return trouble;
  const entries: string[] = await readdir("/proc").catch(() => []);
  const processes = entries.filter((name) => /^\d+$/.test(name));
  const names = await Promise.all(processes.map((id) => readFile(`/proc/${id}/comm`, "utf8").catch(() => "")));
  return names.some((name) => name.trim() === "ModemManager") ? { ...trouble, by: "ModemManager" } : trouble;
}
