import { chmod, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inEnglish, say } from "../../../shared/sentences/sentence.ts";
import { HAS_SOCAT, openBench } from "./pty-line.testing.ts";
import type { SysPort } from "./sys-ports.ts";
import { pathOpenedFor, systemSerialDeps } from "./system-port.ts";
import { createSysLister, systemSerialFinderDeps } from "./system-ports.ts";
import { explainTrouble } from "./trouble.ts";

let folder = "";
let device = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "polling-station-ports-"));
  device = join(folder, "ttyUSB0");
  await writeFile(device, "");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const port = (path: string, linked: boolean): SysPort => ({ path, device, name: "FTDI", port: "USB 1-2", linked });
const listed = (...paths: string[]) => ({
  ok: true,
  ports: paths.map((path) => ({ path, name: "FTDI", port: "USB 1-2", trouble: null })),
});

test("where udev runs, a port is told by its link, though the link comes a moment later than the port", async () => {
  let now = [port("/sys/x", false)];
  const look = createSysLister(
    () => Promise.resolve(now),
    () => true,
  );
  expect(await look()).toEqual(listed());
  now = [port("/dev/serial/by-path/x", true)];
  expect(await look()).toEqual(listed("/dev/serial/by-path/x"));
});

test("a port that udev gives no link is told by its place after some looks; without udev at once", async () => {
  const bare = () => Promise.resolve([port("/sys/x", false)]);
  const look = createSysLister(bare, () => true);
  expect([await look(), await look(), await look(), await look()]).toEqual([
    listed(),
    listed(),
    listed("/sys/x"),
    listed("/sys/x"),
  ]);
  expect(await createSysLister(bare, () => false)()).toEqual(listed("/sys/x"));
});

test("one that was gone meanwhile is waited for anew", async () => {
  let now = [port("/sys/x", false)];
  const look = createSysLister(
    () => Promise.resolve(now),
    () => true,
  );
  await look();
  await look();
  now = [];
  await look();
  now = [port("/sys/x", false)];
  expect(await look()).toEqual(listed());
});

test("a port that is a reader in use keeps the name that it was opened by, so that it is not found as another", async () => {
  const bench = [port("/dev/serial/by-path/x", true)];
  const look = createSysLister(
    () => Promise.resolve(bench),
    () => true,
    (file) => Promise.resolve(file === device ? "/dev/ttyUSB0" : undefined),
  );
  expect(await look()).toEqual(listed("/dev/ttyUSB0"));
});

test.skipIf(!HAS_SOCAT)(
  `a device file is known by the path that opened it, as long as that leads there${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  async ({ onTestFinished }) => {
    const bench = await openBench();
    onTestFinished(bench.clear);
    await bench.plugIn();
    const file = await realpath(bench.port);
    expect(await pathOpenedFor(file)).toBeUndefined();
    const opened = await systemSerialDeps.openPort(bench.port, 9600, { onBytes: () => {}, onGone: () => {} });
    expect(await pathOpenedFor(file)).toBe(bench.port);
    if (opened.ok) await opened.port.close();
    await bench.unlink();
    expect(await pathOpenedFor(file)).toBeUndefined();
  },
);

test("a port without a file, as in a container that was not given it, is none", async () => {
  await rm(device);
  const look = createSysLister(
    () => Promise.resolve([port("/dev/ttyUSB0", true)]),
    () => true,
  );
  expect(await look()).toEqual(listed());
});

const IS_ROOT = process.getuid?.() === 0;
test.skipIf(IS_ROOT)(
  `a port that we may not open is told with the remedy${IS_ROOT ? " (not run: root may open all)" : ""}`,
  async () => {
    await chmod(device, 0);
    const list = await createSysLister(() => Promise.resolve([port("/dev/ttyUSB0", true)]))();
    const trouble = explainTrouble(device, { kind: "notPermitted" });
    expect(list).toMatchObject({ ok: true, ports: [{ path: "/dev/ttyUSB0", trouble }] });
  },
);

test("where ports cannot be looked for it says what to do instead", async () => {
  const look = createSysLister(() => Promise.reject(new Error("ENOENT")));
  const reason = say("ports-unseen", { folder: "/sys", flag: "--reader serial:PATH" });
  expect(await look()).toEqual({ ok: false, reason });
  expect(inEnglish(reason)).toContain("name a port with --reader serial:PATH");
});

test.runIf(process.platform === "linux")("this machine's ports are listed", async () => {
  const list = await systemSerialFinderDeps().listPorts();
  expect(list.ok).toBe(true);
  expect(list.ok && list.ports.filter(({ path }) => !path.startsWith("/"))).toEqual([]);
});
