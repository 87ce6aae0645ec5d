/** NetworkManager played by python3-dbusmock on a bus of our own, which can be killed. */
import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import type { NetworkHint } from "./connectivity.ts";
import { createNetwork } from "./network-manager.ts";

/** The system's own, which has Debian's packages; another Python may stand first on the path. */
const PYTHON = "/usr/bin/python3";
const WAIT_MS = 10_000;
const NEVER_MS = 1_000_000;
const run = promisify(execFile);

const hasAll =
  existsSync(PYTHON) &&
  spawnSync(PYTHON, ["-c", "import dbusmock"]).status === 0 &&
  spawnSync("dbus-daemon", ["--version"]).status === 0;
if (!hasAll) console.log("not run: electron/network/network-manager, which needs python3-dbusmock and dbus");

const folder = mkdtempSync(join(tmpdir(), "bus-"));
const socket = join(folder, "bus");
const children: ChildProcess[] = [];
const stops: (() => void)[] = [];
const before = process.env["DBUS_SYSTEM_BUS_ADDRESS"];
process.env["DBUS_SYSTEM_BUS_ADDRESS"] = `unix:path=${socket}`;

afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  for (const child of children.splice(0)) await kill(child);
});
afterAll(() => {
  if (before === undefined) delete process.env["DBUS_SYSTEM_BUS_ADDRESS"];
  else process.env["DBUS_SYSTEM_BUS_ADDRESS"] = before;
  rmSync(folder, { recursive: true, force: true });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => void child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function startBus(): Promise<ChildProcess> {
  rmSync(socket, { force: true });
  const bus = spawn("dbus-daemon", ["--session", "--nofork", "--nopidfile", `--address=unix:path=${socket}`], {
    stdio: "ignore",
  });
  children.push(bus);
  await vi.waitUntil(() => existsSync(socket), { timeout: WAIT_MS });
  return bus;
}

async function startNetworkManager(connectivity: number): Promise<ChildProcess> {
  const parameters = JSON.stringify({ Connectivity: connectivity });
  const played = spawn(
    PYTHON,
    ["-m", "dbusmock", "--system", "--template", "networkmanager", "--parameters", parameters],
    {
      stdio: "ignore",
    },
  );
  children.push(played);
  return played;
}

/** As NetworkManager changes by itself, seen by whoever is on the bus. */
async function setConnectivity(value: number): Promise<void> {
  await run("dbus-send", [
    `--bus=unix:path=${socket}`,
    "--print-reply",
    "--dest=org.freedesktop.NetworkManager",
    "/org/freedesktop/NetworkManager",
    "org.freedesktop.DBus.Mock.SetConnectivity",
    `uint32:${value}`,
  ]);
}

/**
 * @param askEveryMs how often the bus is asked whether it is there: never, where only what it says by itself is to count
 * @param patienceMs how long an answer is waited for at most: a bus that was killed never gives one
 */
function look(askEveryMs: number, patienceMs = NEVER_MS) {
  const hints: NetworkHint[] = [];
  const network = createNetwork({
    ...systemClock,
    setTimer: (again, delayMs) => systemClock.setTimer(again, Math.min(delayMs, patienceMs)),
    setTicker: (again) => systemClock.setTicker(again, askEveryMs),
    random: () => 0,
    onHint: (hint) => void hints.push(hint),
  });
  const stop = network.look();
  stops.push(stop);
  const reaches = (hint: NetworkHint) =>
    vi.waitUntil(() => network.hint() === hint, { timeout: WAIT_MS, interval: 10 });
  return { hints, network, stop, reaches };
}

describe.skipIf(!hasAll)("the network's hint", () => {
  test("follows NetworkManager, also when it ends and comes back", async () => {
    await startBus();
    const { hints, reaches, stop } = look(NEVER_MS);
    const first = await startNetworkManager(4);
    await reaches("full");
    for (const [value, hint] of [
      [2, "portal"],
      [3, "limited"],
      [1, "none"],
    ] as const) {
      await setConnectivity(value);
      await reaches(hint);
    }
    await kill(first);
    await reaches("unknown");
    await startNetworkManager(3);
    await reaches("limited");
    expect(hints).toEqual(["full", "portal", "limited", "none", "unknown", "limited"]);
    stop();
    await setConnectivity(4);
    expect(hints).toHaveLength(6);
  });

  test("comes back with a bus that was killed, and is unknown before there is one", async () => {
    const { hints, network, reaches } = look(100, 1_000);
    expect(network.hint()).toBe("unknown");
    const bus = await startBus();
    await startNetworkManager(4);
    await reaches("full");
    await kill(bus);
    await reaches("unknown");
    await startBus();
    await startNetworkManager(2);
    await reaches("portal");
    expect([hints[0], hints.at(-2), hints.at(-1)]).toEqual(["full", "unknown", "portal"]);
  });
});

test("without a bus, with a socket that is none and with an address that is none, nothing is thrown and the hint is unknown", async () => {
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  process.on("unhandledRejection", onFailure);
  for (const address of ["unix:path=/nowhere/bus", `unix:path=${folder}`, "nonsense", "tcp:host=127.0.0.1,port=1"]) {
    process.env["DBUS_SYSTEM_BUS_ADDRESS"] = address;
    let tries = 0;
    const setTimer = (again: () => void, delayMs: number) => {
      tries += 1;
      return systemClock.setTimer(again, Math.min(delayMs, 20));
    };
    const network = createNetwork({ ...systemClock, setTimer, random: () => 0, onHint: onFailure });
    const stop = network.look();
    await vi.waitUntil(() => tries >= 6, { timeout: WAIT_MS });
    stop();
    expect(network.hint()).toBe("unknown");
  }
  process.env["DBUS_SYSTEM_BUS_ADDRESS"] = `unix:path=${socket}`;
  process.off("unhandledRejection", onFailure);
  expect(failures).toEqual([]);
});
