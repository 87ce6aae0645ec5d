import { expect, test } from "vitest";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import type { Trouble } from "../serial/trouble.ts";
import { parseReaderSpec } from "../spec.ts";
import { openEvdevReader } from "./evdev-reader.ts";
import type { EvdevSpec } from "./evdev-spec.ts";
import type { EvdevDeps, KeyboardEvents, KeyboardOpening, Located } from "./keyboard.ts";
import { typing } from "./keys.testing.ts";
import { NO_EVTEST } from "./trouble.ts";

const LINK = "pci-0000:00:14.0-usb-0:2:1.0-event-kbd";
const PATH = `/dev/input/by-path/${LINK}`;
const NODE = "/dev/input/event5";

function spec(): EvdevSpec {
  const parsed = parseReaderSpec(`evdev:${LINK}`);
  if (!parsed.ok || parsed.spec.kind !== "evdev") throw new Error("no wedge");
  return parsed.spec;
}

/** A keyboard, its place and timers in the test's hands. */
function rig(firstLook: Located["look"] = { kind: "device", mark: "1" }) {
  const openings: { path: string; events: KeyboardEvents; settle: (opening: KeyboardOpening) => void }[] = [];
  const timers: { dueMs: number; run: () => void }[] = [];
  const told: string[] = [];
  let [nowMs, closed, look] = [0, 0, firstLook];
  const deps: EvdevDeps = {
    locate: () => Promise.resolve({ look, path: NODE }),
    grab: (path, events) => new Promise((settle) => void openings.push({ path, events, settle })),
    after(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
    nowMs: () => nowMs,
    random: () => 0.5,
  };
  const reader = openEvdevReader(
    spec(),
    {
      onSighting: ({ kind, tag }) =>
        told.push(`${kind} ${tag.form === "digits" ? tag.digits : "bytes"} ${tag.technology}`),
      onBadFrame: () => told.push("bad"),
      onState: (state) => told.push(state.kind === "lost" ? inEnglish(state.reason) : "there"),
    },
    deps,
  );
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const settle = async (opening: KeyboardOpening) => {
    await settled();
    openings.at(-1)?.settle(opening);
    await settled();
  };
  return {
    reader,
    told,
    timers,
    openings,
    closed: () => closed,
    lookFinds: (found: Located["look"]) => void (look = found),
    settled,
    opens: () => settle({ ok: true, keyboard: { close: async () => void closed++ } }),
    fails: (trouble: Trouble) => settle({ ok: false, trouble }),
    types: (text: string, everyMs = 4) => openings.at(-1)?.events.onEvents(typing(text, everyMs)),
    goes: async (trouble: Trouble) => {
      openings.at(-1)?.events.onGone(trouble);
      await settled();
    },
    pass: async (ms: number) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = timers.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.dueMs;
        next.run();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

test("what a wedge types is seen as it was typed; a person's typing is not seen at all", async () => {
  const { opens, types, told, openings } = rig();
  await opens();
  types("0013961168\n");
  types("ada lovelace\n", 120);
  types("213,02000\n");
  types(";x\n;xyz1\n");
  expect(openings[0]?.path).toBe(NODE);
  expect(told).toEqual(["there", "present 0013961168 unknown", "present 213,02000 unknown", "bad"]);
});

test("an unplug is told, tried again, and half a number before it is forgotten", async () => {
  const { opens, types, goes, pass, told } = rig();
  await opens();
  types("00139");
  await goes({ kind: "unplugged" });
  await pass(250);
  await opens();
  types("0013961168\n");
  expect(told).toEqual([
    "there",
    `${PATH} was unplugged: plug the reader in again`,
    "there",
    "present 0013961168 unknown",
  ]);
});

test("a number during which the keyboard was taken hold of is bad: its first digits went elsewhere", async () => {
  const { settled, opens, types, told } = rig();
  await settled();
  types("961");
  await opens();
  types("168\n");
  types("0013961168\n");
  expect(told).toEqual(["there", "bad", "present 0013961168 unknown"]);
});

test("a number typed whole while the keyboard was taken hold of is bad, as soon as it is told as there", async () => {
  const { settled, opens, types, told } = rig();
  await settled();
  types("0013961168\n");
  types("ada lovelace\n", 120);
  expect(told).toEqual([]);
  await opens();
  expect(told).toEqual(["there", "bad"]);
  types("0013961168\n");
  expect(told).toEqual(["there", "bad", "present 0013961168 unknown"]);
});

test("keys of a keyboard that could not be held, or after it went, are nothing", async () => {
  const { settled, opens, fails, types, goes, pass, told } = rig();
  await settled();
  types("0013961168\n");
  await fails({ kind: "taken" });
  types("0013961168\n");
  await pass(250);
  await opens();
  await goes({ kind: "unplugged" });
  types("0013961168\n");
  expect(told).toEqual([
    `${PATH} is taken by another program: close that program, or start only one station`,
    "there",
    `${PATH} was unplugged: plug the reader in again`,
  ]);
});

test("a wedge that is not there is not asked for, until it is; the same trouble is told once", async () => {
  const { pass, openings, lookFinds, opens, told, settled } = rig({ kind: "missing" });
  await settled();
  await pass(60_000);
  expect(openings).toEqual([]);
  lookFinds({ kind: "device", mark: "1" });
  await pass(2_000);
  await opens();
  expect(told).toEqual([`${PATH} is not there: plug the reader in, or check the path`, "there"]);
});

test.each<[string, (kit: ReturnType<typeof rig>) => void, string]>([
  ["gone", ({ lookFinds }) => lookFinds({ kind: "missing" }), "was unplugged"],
  ["another device", ({ lookFinds }) => lookFinds({ kind: "device", mark: "2" }), "is another device now"],
])("a keyboard that is %s although nothing was reported is let go and opened again", async (_, happens, why) => {
  const kit = rig();
  await kit.opens();
  await kit.pass(60_000);
  expect(kit.told).toEqual(["there"]);
  happens(kit);
  await kit.pass(2_000);
  expect(kit.told[1]).toContain(why);
  expect(kit.closed()).toBe(1);
});

test("what keeps us from a keyboard is told in its driver's words, and tried again", async () => {
  const { fails, pass, openings, opens, told } = rig();
  const trouble: Trouble = { kind: "said", sentence: NO_EVTEST };
  await fails(trouble);
  await pass(2_000);
  expect(openings.length).toBeGreaterThan(1);
  await opens();
  expect(told).toEqual([inEnglish(NO_EVTEST), "there"]);
});

test("stop lets go of the keyboard, leaves no timer, and nothing opens again", async () => {
  const { reader, opens, pass, timers, closed, openings, types, told } = rig();
  await opens();
  await Promise.all([reader.stop(), reader.stop()]);
  types("0013961168\n");
  await pass(60_000);
  expect([closed(), timers.length, openings.length]).toEqual([1, 0, 1]);
  expect(told).toEqual(["there"]);
});

test("stop while an opening is under way ends in bounded time, and the late keyboard is let go", async () => {
  const { reader, settled, opens, pass, closed, told } = rig();
  await settled();
  const stopping = reader.stop();
  await pass(1_000);
  await stopping;
  await opens();
  expect(closed()).toBe(1);
  expect(told).toEqual([]);
});
