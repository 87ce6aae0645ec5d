import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { MAX_READERS, type MappedReader, type Mapping } from "../../shared/domain/mapping.ts";
import { FRAME, MAPPED_CODES, decodeFrame, encodeFrame, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_FRAME_BYTES, MAX_READERS_PER_FRAME, READERS_EVERY_MS } from "../../shared/link/limits.ts";
import { createManualClock, type ManualClock } from "../clock.testing.ts";
import { readerFrames, type ReaderCondition } from "./reader-frames.ts";
import { CHANGE_EVERY_MS, createReadersAfar, type ReadersAfar } from "./readers-afar.ts";

const reader = (at: number): MappedReader => ({ id: `usb-${at}`, name: `Reader ${at}`, target: { kind: "choose" } });
const condition = (at: number, taps = 0): ReaderCondition => ({
  id: `usb-${at}`,
  state: "present",
  reason: null,
  lastTapAtMs: null,
  taps,
  errors: 0,
});

let clock: ManualClock;
let mapping: Mapping;
let conditions: ReaderCondition[];
let outcome: "ok" | "conflict" | "unknown-reader" | "not-stored";
let sent: Frame[];
let afar: ReadersAfar;
const send = (frame: Frame) => void sent.push(frame);
const types = () => sent.map(([type]) => type);

beforeEach(() => {
  clock = createManualClock();
  mapping = { revision: 3, readers: [reader(1), reader(2)] };
  conditions = [condition(1), condition(2)];
  outcome = "ok";
  sent = [];
  afar = createReadersAfar({
    mapping: {
      now: () => mapping,
      change(base, readers) {
        if (outcome !== "ok") return Promise.resolve({ ok: false, why: outcome });
        mapping = { revision: base + 1, readers: [...readers] };
        return Promise.resolve({ ok: true });
      },
    },
    conditions: () => conditions,
    testing: () => false,
    setTimer: clock.setTimer,
  });
});

describe("what the server is told of readers", () => {
  test("is all of them on each link, and again what changed", () => {
    afar.connected(send);
    expect(sent).toEqual([
      [
        FRAME.readers,
        3,
        false,
        0,
        2,
        [
          ["usb-1", "Reader 1", [3], 1, null, null, 0, 0],
          ["usb-2", "Reader 2", [3], 1, null, null, 0, 0],
        ],
      ],
    ]);
    afar.disconnected();
    afar.connected(send);
    expect(types()).toEqual([FRAME.readers, FRAME.readers]);
  });

  test("goes out once a second at most, the newest, however many readers come and go", () => {
    conditions = Array.from({ length: MAX_READERS }, (_, at) => condition(at));
    mapping = { revision: 1, readers: conditions.map((_, at) => reader(at)) };
    afar.connected(send);
    const [framesEach, seconds] = [Math.ceil(MAX_READERS / MAX_READERS_PER_FRAME), 10];
    for (let at = 1; at <= 20 * seconds; at++) {
      conditions = conditions.map((one) => ({ ...one, state: at % 2 === 0 ? "present" : "lost", errors: at }));
      afar.look();
      clock.goOn(50);
    }
    expect(sent.length).toBeLessThanOrEqual(framesEach * (seconds + 1));
    clock.goOn(READERS_EVERY_MS);
    const [, , , , , last] = sent.at(-1) ?? [];
    expect(last).toContainEqual([expect.any(String), expect.any(String), [3], 1, null, null, 0, 200]);
  });

  test("is not told again when nothing is new, nor on a link that is gone", () => {
    afar.connected(send);
    for (let at = 0; at < 5; at++) {
      afar.look();
      clock.goOn(READERS_EVERY_MS);
    }
    expect(sent).toHaveLength(1);
    conditions = [condition(1, 5), condition(2)];
    afar.look();
    expect(sent).toHaveLength(2);
    conditions = [condition(1, 6), condition(2)];
    afar.look();
    afar.disconnected();
    clock.goOn(10 * READERS_EVERY_MS);
    afar.look();
    expect(sent).toHaveLength(2);
  });

  test("fits frames and is read there, whatever readers say of themselves", () => {
    const anything = fc.string({ unit: "binary", maxLength: 300 });
    const any = fc.record({
      id: anything,
      name: anything,
      // Not by `say`, which writes out what is not seen.
      reason: fc.option(anything.map((port) => ({ code: "port-missing" as const, args: { port } }))),
      lastTapAtMs: fc.option(fc.double()),
    });
    fc.assert(
      fc.property(fc.uniqueArray(any, { maxLength: MAX_READERS, selector: ({ id }) => id }), (all) => {
        const readers = all.map(({ id, name }) => ({ id, name, target: null }));
        const known = all.map((one) => ({ ...condition(0), ...one, state: "lost" as const }));
        const frames = readerFrames({ revision: 1, readers }, known, true);
        let next = 0;
        for (const frame of frames) {
          expect(encodeFrame(frame).length).toBeLessThanOrEqual(MAX_FRAME_BYTES);
          expect(decodeFrame(encodeFrame(frame), 2)).toEqual({ ok: true, frame });
          expect(frame[3]).toBe(next);
          next += frame[5].length;
        }
        expect(frames[0]?.[4]).toBe(next);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a change from afar", () => {
  const MAPPING: FrameOf<"mapping"> = [FRAME.mapping, 9, 3, [["usb-1", "Bar", [1, 2]]]];

  test.each(["ok", "conflict", "unknown-reader", "not-stored"] as const)(
    "is answered %s, right after the mapping as it is then",
    async (word) => {
      outcome = word;
      afar.connected(send);
      sent = [];
      await afar.onMapping(MAPPING);
      expect(types()).toEqual([FRAME.readers, FRAME.mapped]);
      expect(sent[0]?.[1]).toBe(word === "ok" ? 4 : 3);
      expect(sent[1]).toEqual([FRAME.mapped, 9, MAPPED_CODES[word]]);
    },
  );

  test("of many in a short time the newest is taken, ten a second at most: each is written on the thread of the votes", async () => {
    let changes = 0;
    const take = { now: () => mapping, change: () => Promise.resolve({ ok: true, at: ++changes } as const) };
    const flooded = createReadersAfar({
      mapping: take,
      conditions: () => conditions,
      testing: () => false,
      setTimer: clock.setTimer,
    });
    flooded.connected(send);
    for (let at = 1; at <= 1_000; at++) {
      await flooded.onMapping([FRAME.mapping, at, 3, MAPPING[3]]);
      clock.goOn(1);
    }
    expect(changes).toBeLessThanOrEqual(11);

    clock.goOn(CHANGE_EVERY_MS);
    await Promise.resolve();
    const answers = sent.filter(([type]) => type === FRAME.mapped).map(([, number]) => number);
    expect([answers[0], answers.at(-1)]).toEqual([1, 1_000]);
    flooded.disconnected();
    clock.goOn(1_000);
    expect(clock.set()).toBe(0);
  });

  test("whose link broke while the disk wrote is not answered on the next: there it is asked again", async () => {
    afar.connected(send);
    const changed = afar.onMapping(MAPPING);
    afar.connected(send);
    sent = [];
    await changed;
    expect(sent).toEqual([]);
    expect(mapping.readers).toEqual([{ id: "usb-1", name: "Bar", target: { kind: "slot", slot: 2 } }]);
  });
});
