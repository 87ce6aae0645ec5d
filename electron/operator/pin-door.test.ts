import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { createManualClock } from "../clock.testing.ts";
import { createPinDoor, type PinTold } from "./pin-door.ts";
import { hashPin, verifyPin } from "./pin-hash.ts";
import { SETTINGS_FILE, openSettings } from "./settings.ts";

const root = mkdtempSync(join(tmpdir(), "door-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** A thousandth of the real work. */
const CHEAP_N = 16;

function start(directory = mkdtempSync(join(root, "one-"))) {
  const clock = createManualClock();
  const told: PinTold[] = [];
  const settings = openSettings(directory);
  const door = createPinDoor({
    settings,
    hash: (pin) => hashPin(pin, CHEAP_N),
    verify: verifyPin,
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    onPin: (what) => void told.push(what),
  });
  return { directory, clock, told, settings, door };
}

test("whoever comes first chooses the PIN; from then on it is asked", async () => {
  const { directory, told, door } = start();
  expect(door.access()).toEqual({ state: "choose" });
  expect(await door.enter("1234")).toMatchObject({ kind: "refused", refusal: { code: "weak-pin" } });
  expect(await door.enter("4711")).toEqual({ kind: "in" });
  expect(told).toEqual([{ kind: "chosen", first: true }]);
  expect(door.access()).toEqual({ state: "ask", triesLeft: 5 });
  expect(await door.enter("4712")).toEqual({ kind: "out", access: { state: "ask", triesLeft: 4 } });
  expect(await start(directory).door.enter("4711")).toEqual({ kind: "in" });
  expect(readFileSync(join(directory, SETTINGS_FILE), "utf8")).not.toContain("4711");
});

test("of two who choose at once one comes in, and the other is told to wait", async () => {
  const { door } = start();
  expect(await Promise.all([door.enter("4711"), door.enter("8305")])).toEqual([{ kind: "in" }, { kind: "busy" }]);
  expect(await door.enter("8305")).toMatchObject({ kind: "out" });
});

test("after five wrong ones even the right PIN waits, also after a restart, and whoever sets the calendar", async () => {
  const first = start();
  await first.door.enter("4711");
  for (let wrong = 0; wrong < 5; wrong++) await first.door.enter("9000");
  expect(first.told.at(-1)).toEqual({ kind: "wrong", waitMs: 15_000 });
  first.clock.goOn(10_000);
  expect(await first.door.enter("4711")).toEqual({ kind: "out", access: { state: "locked", waitMs: 5_000 } });
  const { clock, door } = start(first.directory);
  clock.setWall(-86_400_000);
  clock.setWall(999_999_999);
  expect(door.access()).toEqual({ state: "locked", waitMs: 15_000 });
  clock.goOn(15_000);
  expect(door.access()).toEqual({ state: "ask", triesLeft: 1 });
  expect(start(first.directory).door.access()).toEqual({ state: "ask", triesLeft: 1 });
  expect(await door.enter("9000")).toEqual({ kind: "out", access: { state: "locked", waitMs: 30_000 } });
  clock.goOn(30_000);
  expect(await door.enter("4711")).toEqual({ kind: "in" });
  expect(door.access()).toEqual({ state: "ask", triesLeft: 5 });
  expect(clock.set()).toBe(0);
});

test("a PIN is changed by whoever is in, and the old one is none", async () => {
  const { door, told } = start();
  await door.enter("4711");
  expect(await door.change("2222")).toMatchObject({ code: "weak-pin" });
  expect(await door.change("8305")).toBeNull();
  expect(await door.enter("4711")).toMatchObject({ kind: "out" });
  expect(await door.enter("8305")).toEqual({ kind: "in" });
  expect(told).toMatchObject([{ first: true }, { kind: "chosen", first: false }, { kind: "wrong" }]);
});

test("a program killed while it looks at a try has counted it", async () => {
  const directory = mkdtempSync(join(root, "killed-"));
  const { door } = start(directory);
  await door.enter("4711");
  for (let wrong = 0; wrong < 3; wrong++) await door.enter("9000");
  for (let round = 4; round <= 5; round++) {
    const child = fork(new URL("./pin-door-killed.testing.ts", import.meta.url), [directory], { stdio: "ignore" });
    await said(child, "checking");
    const gone = new Promise((resolve) => void child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    expect(openSettings(directory).now().tries.wrong).toBe(round);
  }
  expect(start(directory).door.access()).toEqual({ state: "locked", waitMs: 15_000 });
});

async function said(child: ChildProcess, word: string): Promise<void> {
  let heard: unknown;
  child.on("message", (message) => void (heard = message));
  await vi.waitUntil(() => heard === word, { timeout: 10_000, interval: 5 });
}
