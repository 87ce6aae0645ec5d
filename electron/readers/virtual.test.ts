import { expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { createManualClock } from "../clock.testing.ts";
import { createField } from "../tap/presence.ts";
import type { ReaderEvents } from "./driver.ts";
import { beginMapping } from "./kept-mapping.ts";
import { retarget } from "./mapping-edits.ts";
import { createMappingKeeper } from "./mapping-keeper.ts";
import { memoryStore } from "./bed.testing.ts";
import {
  createVirtualReader,
  createVirtualReaders,
  VIRTUAL_AT_START,
  VIRTUAL_SAME_TAP_MS,
  virtualSpecOf,
} from "./virtual.ts";

const TAG = Uint8Array.of(0x3c, 0, 0xce, 0x75, 0x4c);

/** A virtual reader whose sightings go through presence; `pass` moves the clock. */
function rig() {
  const timers: { dueMs: number; run: () => void }[] = [];
  const told: string[] = [];
  let nowMs = 0;
  const field = createField(VIRTUAL_SAME_TAP_MS);
  const virtual = createVirtualReader(
    "virtual:1",
    "Virtual reader 1",
    {
      onSighting: ({ kind, tag: seen }) => {
        const uid = seen.form === "bytes" ? seen.bytes : new Uint8Array();
        const tap = field.take({ kind, uid, atMs: nowMs });
        told.push("sighting", ...(tap === null ? [] : [`tap ${toHex(tap.uid)}`]));
      },
      onBadFrame: () => told.push("bad"),
      onState: (state) => told.push(state.kind),
    },
    (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  );
  return {
    ...virtual,
    told,
    taps: () => told.filter((word) => word.startsWith("tap")),
    pass: (ms: number) => {
      const untilMs = nowMs + ms;
      for (let timer = timers[0]; timer !== undefined && timer.dueMs <= untilMs; timer = timers[0]) {
        timers.shift();
        nowMs = timer.dueMs;
        timer.run();
      }
      nowMs = untilMs;
    },
  };
}

test("one touch of the panel is one tap, though the tag is seen several times as on a real reader", () => {
  const { tap, pass, told, taps } = rig();
  tap(TAG);
  pass(1000);
  expect(told.filter((word) => word === "sighting").length).toBeGreaterThan(1);
  expect(taps()).toEqual(["tap 3c00ce754c"]);
});

test("two touches with a pause are two taps", () => {
  const { tap, pass, taps } = rig();
  tap(TAG);
  pass(2000);
  tap(TAG);
  pass(2000);
  expect(taps()).toHaveLength(2);
});

test("it is present, and after stop it is deaf", async () => {
  const { reader, tap, pass, told } = rig();
  await Promise.resolve();
  expect(told).toEqual(["present"]);
  tap(TAG);
  await reader.stop();
  const sofar = told.length;
  tap(TAG);
  pass(1000);
  expect(told).toHaveLength(sofar);
});

/** A table of virtual readers on a mapping, followed as the station does. */
function table() {
  const clock = createManualClock();
  const store = memoryStore();
  const asked = VIRTUAL_AT_START;
  const mapping = createMappingKeeper({ store, asked, wallMs: clock.wallMs, onTrouble() {}, onConflict() {} });
  const seen: string[] = [];
  const readers = createVirtualReaders(mapping, (delayMs, run) => clock.setTimer(run, delayMs));
  const opened = new Set<string>();
  const follow = () => {
    for (const { id } of mapping.readers()) {
      const spec = virtualSpecOf(id);
      if (spec === null || opened.has(id)) continue;
      opened.add(id);
      const events: ReaderEvents = { onSighting: () => seen.push(id), onBadFrame() {}, onState() {} };
      readers.open(spec, events);
    }
  };
  follow();
  mapping.onChange(follow);
  const targets = () => Object.fromEntries(mapping.readers().map(({ id, target }) => [id, target]));
  return { readers, mapping, seen, targets };
}

test("they are in the mapping like any reader: a tap there is of the reader, whatever it stands for by now", () => {
  const { readers, mapping, seen, targets } = table();
  expect(Object.keys(targets())).toEqual(["virtual:1", "virtual:2", "virtual:3", "virtual:4", "virtual:5"]);
  expect(mapping.edit(retarget("virtual:2", { kind: "choose" }))).toBe(null);
  readers.tap(2, TAG);
  expect(seen).toEqual(["virtual:2"]);
  expect(targets()["virtual:2"]).toEqual({ kind: "choose" });
});

test("one that was not on the table is plugged in by the first tap at it, for its own answer", () => {
  const { readers, seen, targets } = table();
  readers.tap(50, TAG);
  readers.tap(null, TAG);
  expect(seen).toEqual(["virtual:50", "virtual:choose"]);
  expect(targets()["virtual:50"]).toEqual({ kind: "slot", slot: 50 });
  expect(targets()["virtual:choose"]).toEqual({ kind: "choose" });
});

test("without demo mode at the next start none of them is left", () => {
  const { readers, mapping } = table();
  readers.tap(7, TAG);
  const kept = { version: 1 as const, revision: 3, readers: [...mapping.readers()] };
  expect(beginMapping(kept, []).readers).toEqual([]);
});
