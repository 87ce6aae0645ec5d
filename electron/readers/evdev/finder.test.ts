import { spawnSync } from "node:child_process";
import { constants, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inEnglish, say } from "../../../shared/sentences/sentence.ts";
import type { FoundDevice, Heard } from "../finder.ts";
import { explainTrouble } from "../serial/trouble.ts";
import { parseReaderSpec } from "../spec.ts";
import { createEvdevFinder, type EvdevFinderDeps } from "./finder.ts";
import type { KeyboardEvents } from "./keyboard.ts";
import type { Keyboard } from "./keyboards.ts";
import { asBytes, typing } from "./keys.testing.ts";
import { listenToKeyboard } from "./listen-keyboard.ts";
import { NO_CAT, notPermitted } from "./trouble.ts";

const LINK = "pci-0000:00:14.0-usb-0:2:1.0-event-kbd";
const WEDGE: Keyboard = { place: LINK, name: "Sycreader RFID", node: "/dev/input/event5", readable: true };
const FOUND: FoundDevice = {
  id: `evdev:${LINK}`,
  kind: "evdev",
  name: "Sycreader RFID",
  port: "USB 2 of 0000:00:14.0",
  trouble: null,
  spec: null,
};

function rig(over: Partial<EvdevFinderDeps> = {}) {
  const timers: (() => void)[] = [];
  const told: (readonly FoundDevice[] | string | null)[] = [];
  const keyboards: { path: string; events: KeyboardEvents }[] = [];
  let [there, closed, hasEvtest] = [[WEDGE], 0, true];
  const finder = createEvdevFinder({
    isLinux: true,
    list: () => Promise.resolve(there),
    hasEvtest: () => hasEvtest,
    async listen(path, events) {
      keyboards.push({ path, events });
      return { ok: true, keyboard: { close: async () => void closed++ } };
    },
    after(_, run) {
      timers.push(run);
      return () => void (timers.includes(run) && timers.splice(timers.indexOf(run), 1));
    },
    ...over,
  })({ onDevices: (devices) => told.push(devices), onTrouble: (reason) => told.push(reason && inEnglish(reason)) });
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    finder,
    told,
    timers,
    keyboards,
    closed: () => closed,
    settled,
    async see(keyboards_: Keyboard[], evtest = true) {
      [there, hasEvtest] = [keyboards_, evtest];
      timers.shift()?.();
      await settled();
    },
  };
}

test("keyboards are listed as they come and go, each change once, and none is opened for that", async () => {
  const { told, see, settled, keyboards } = rig();
  await settled();
  await see([WEDGE]);
  await see([]);
  await see([{ ...WEDGE, readable: false }]);
  expect(told.slice(0, 2)).toEqual([[FOUND], []]);
  expect(told[2]).toMatchObject([{ trouble: notPermitted(WEDGE.node) }]);
  expect([told.length, keyboards.length]).toEqual([3, 0]);
});

test("without evtest the remedy is told, as soon as there is a keyboard and no longer than needed", async () => {
  const { told, see, settled } = rig();
  await settled();
  await see([], false);
  await see([WEDGE], false);
  await see([WEDGE], true);
  const remedy = expect.stringContaining("sudo apt-get install evtest");
  expect(told.filter((word) => !Array.isArray(word))).toEqual([remedy, null]);
});

test("elsewhere than on Linux it is said what can be used instead", () => {
  const { told, timers } = rig({ isLinux: false });
  expect(told).toEqual([expect.stringContaining("on Linux only: use a PC/SC or serial reader")]);
  expect(timers).toEqual([]);
});

test("while listening a wedge's number is heard with the text that opens it, and nothing a person types", async () => {
  const { finder, settled, keyboards, closed } = rig();
  await settled();
  const heard: Heard[] = [];
  const stop = finder.listen(FOUND, true, (word) => heard.push(word));
  await settled();
  const keys = keyboards[0]?.events;
  keys?.onEvents(typing("correct horse 12345678\n", 130, 0));
  keys?.onEvents(typing("0013961168\n", 4, 9_000));
  keys?.onEvents(typing("password\n", 4, 20_000));
  const spec = `evdev:/dev/input/by-path/${LINK}`;
  const tag = { form: "digits", digits: "0013961168", technology: "unknown" };
  expect(heard).toEqual([{ kind: "listening" }, { kind: "heard", spec, title: "Sycreader RFID", tag }]);
  const parsed = parseReaderSpec(spec);
  expect(parsed.ok && parsed.spec.id).toBe(FOUND.id);
  await stop();
  keys?.onEvents(typing("0013961168\n", 4, 30_000));
  expect([heard.length, closed()]).toEqual([2, 1]);
});

test("a keyboard that cannot be listened to, or goes meanwhile, is told", async () => {
  const { finder, settled, keyboards } = rig();
  await settled();
  const heard: Heard[] = [];
  finder.listen({ ...FOUND, id: "evdev:elsewhere" }, false, (word) => heard.push(word));
  finder.listen(FOUND, false, (word) => heard.push(word));
  await settled();
  keyboards[0]?.events.onGone({ kind: "unplugged" });
  expect(heard).toEqual([
    { kind: "trouble", reason: explainTrouble("Sycreader RFID", { kind: "missing" }) },
    { kind: "listening" },
    { kind: "trouble", reason: explainTrouble("/dev/input/event5", { kind: "unplugged" }) },
  ]);
});

test("stop ends the looking and every listening", async () => {
  const { finder, settled, timers, closed, told } = rig();
  await settled();
  finder.listen(FOUND, false, () => {});
  await finder.stop();
  expect([timers.length, closed()]).toEqual([0, 1]);
  expect(told).toHaveLength(1);
});

test("a node that is gone is told as such", async () => {
  const gone: unknown[] = [];
  await listenToKeyboard("/dev/input/nothing-there", { onEvents() {}, onGone: (trouble) => void gone.push(trouble) });
  await vi.waitFor(() => expect(gone).toEqual([{ kind: "missing" }]));
});

test("without the program that reads it, that is what is told", async () => {
  const events = { onEvents() {}, onGone() {} };
  const opening = await listenToKeyboard("/dev/input/event5", events, () => undefined);
  expect(opening).toEqual({ ok: false, trouble: { kind: "said", sentence: NO_CAT } });
});

test("a node is read as the kernel writes it, others' bytes are waited for, and closing ends the reading", async () => {
  const folder = mkdtempSync(join(tmpdir(), "node-"));
  try {
    const path = join(folder, "event5");
    expect(spawnSync("/usr/bin/mkfifo", [path]).status).toBe(0);
    const writer = await open(path, constants.O_RDWR);
    const heard: unknown[] = [];
    const gone: unknown[] = [];
    const opening = await listenToKeyboard(path, {
      onEvents: (keys) => void heard.push(...keys),
      onGone: (trouble) => void gone.push(trouble),
    });
    const keys = typing("0013961168\n", 4);
    const bytes = asBytes(keys);
    await writer.write(bytes.subarray(0, 1_000));
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0));
    await writer.write(bytes.subarray(1_000));
    await vi.waitFor(() => expect(heard).toEqual(keys));
    expect(opening.ok).toBe(true);
    if (opening.ok) await opening.keyboard.close();
    await writer.write(bytes);
    await writer.close();
    expect(heard).toHaveLength(keys.length);
    expect(gone).toEqual([{ kind: "said", sentence: say("keyboard-unheard", { port: path }) }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
