/** One example of each kind of frame with its exact length; PERFORMANCE.md gives the bounds. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { packCourse } from "../domain/course.ts";
import { encodeDefinition } from "../domain/poll.ts";
import { encodeRollChunk } from "../domain/roll.ts";
import { createTestLog, testPoll, testTag } from "../domain/testing.ts";
import { MAX_READERS, MAX_READER_ID_LENGTH, MAX_READER_NAME_LENGTH } from "../domain/mapping.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame, type FrameName, type PackedReaderReport } from "./frames.ts";
import { MAX_READERS_PER_FRAME, MAX_REASON_LENGTH } from "./limits.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const blank = (length: number) => new Uint8Array(length);
/** A cursor of a long event, a time of today. */
const CURSOR = 2 ** 32 - 1;
const NOW_MS = 1_750_000_000_000;
const DAY_MS = 86_400_000;

const poll = testPoll(sha256, 1);
const log = createTestLog(sha256, { openedAtMs: NOW_MS });
log.add(
  ...Array.from({ length: 100 }, (_, tag) => ({
    kind: "ballot" as const,
    poll: poll.short,
    option: 50,
    tagKey: testTag(tag),
    ms: DAY_MS + tag,
    reader: 200,
  })),
);
const windows = [{ fromMs: NOW_MS, toMs: NOW_MS + 1 }];
const course = packCourse({
  state: "certified",
  moves: 3,
  windows,
  closedAtMs: NOW_MS + 1,
  totals: [1000, 2000, 3000],
});
const open = packCourse({
  state: "open",
  moves: 1,
  windows: [{ fromMs: NOW_MS, toMs: null }],
  closedAtMs: null,
  totals: null,
});
const tags = Array.from({ length: 1000 }, (_, at) => ({
  tagKey: testTag(at),
  voter: 70_000 + at,
  weight: 1,
  group: 0,
}));

/** As long as texts may be, and each character of three bytes. */
const LONGEST = Array.from({ length: MAX_READERS_PER_FRAME }, (_, at): PackedReaderReport => [
  `${at}`.padStart(MAX_READER_ID_LENGTH, "\u{30c6}"),
  "\u{30c6}".repeat(MAX_READER_NAME_LENGTH),
  [2, blank(16), 50],
  2,
  "\u{30c6}".repeat(MAX_REASON_LENGTH),
  NOW_MS,
  CURSOR,
  CURSOR,
]);

const EXAMPLES: Record<FrameName, [Frame, number][]> = {
  hello: [[[FRAME.hello, [1], blank(32), blank(32), "station/0.1.0"], 86]],
  challenge: [[[FRAME.challenge, 1, blank(16), blank(32), blank(32), blank(64)], 154]],
  proof: [
    [[FRAME.proof, blank(32), blank(64), null, []], 104],
    [[FRAME.proof, blank(32), blank(64), blank(8), [[blank(8), 3, 3, CURSOR]]], 129],
  ],
  welcome: [
    [[FRAME.welcome, true, blank(32), "Spring Congress", blank(8)], 62],
    [[FRAME.welcome, false, null, "Spring Congress", blank(8)], 29],
  ],
  log: [[[FRAME.log, log.header, blank(64), 100, log.hashAt(100)], 169]],
  batch: [
    [[FRAME.batch, log.batch().batch], 3036],
    [[FRAME.batch, log.batch(100, 1).batch], 164],
  ],
  ack: [
    [[FRAME.ack, blank(16), 4711, blank(32), []], 57],
    [[FRAME.ack, blank(16), 4711, blank(32), [[4711, 1]]], 62],
  ],
  ping: [[[FRAME.ping, 1], 3]],
  pong: [[[FRAME.pong, 1, NOW_MS], 12]],
  where: [[[FRAME.where, blank(16), 4711], 22]],
  place: [
    [[FRAME.place, blank(16), 4711, blank(32)], 56],
    [[FRAME.place, blank(16), 4711, null], 23],
  ],
  standing: [[[FRAME.standing, blank(16), 2], 20]],
  event: [[[FRAME.event, "Spring Congress"], 18]],
  poll: [
    [[FRAME.poll, CURSOR, open, encodeDefinition(poll.definition), blank(64)], 159],
    [[FRAME.poll, CURSOR, course, encodeDefinition(poll.definition), blank(64)], 184],
  ],
  tally: [[[FRAME.tally, blank(8), CURSOR, Array.from({ length: 50 }, () => 65_535)], 168]],
  delta: [[[FRAME.delta, blank(8), CURSOR, CURSOR - 1, 50, 65_535], 26]],
  lacks: [[[FRAME.lacks, blank(8)], 12]],
  roll: [[[FRAME.roll, [blank(32), blank(32)]], 72]],
  want: [[[FRAME.want, blank(32)], 37]],
  chunk: [[[FRAME.chunk, encodeRollChunk(tags)], 25011]],
  forget: [[[FRAME.forget], 3]],
  readers: [
    [[FRAME.readers, 3, false, 0, 1, [["serial:usb-0:1.2:1.0", "Bar left", [1, 1], 1, null, NOW_MS, 20, 0]]], 55],
    [[FRAME.readers, 3, false, 0, MAX_READERS, LONGEST], 55_646],
  ],
  mapping: [[[FRAME.mapping, CURSOR, 3, [["serial:usb-0:1.2:1.0", "Bar left", [1, 1]]]], 44]],
  mapped: [[[FRAME.mapped, CURSOR, 1], 9]],
  settings: [[[FRAME.settings, [[1, 24]]], 8]],
};
const sizes = (name: FrameName) => EXAMPLES[name].map(([frame]) => encodeFrame(frame).length);

describe("the size of a frame", () => {
  test.each(Object.entries(EXAMPLES))("%s is what this example takes, byte for byte", (name, examples) => {
    expect(examples.map(([frame]) => encodeFrame(frame).length)).toEqual(examples.map(([, size]) => size));
    for (const [frame] of examples) {
      expect([name, decodeFrame(encodeFrame(frame))]).toEqual([name, { ok: true, frame }]);
    }
  });

  test("of a ballot is at most 32 bytes in a signed batch of 100, at most 200 alone", () => {
    const [of100 = Infinity, alone = Infinity] = sizes("batch");
    expect(of100 / 100).toBeLessThanOrEqual(32);
    expect(alone).toBeLessThanOrEqual(200);
  });

  test("of a tally of 50 options is at most 180 bytes as long as no count passes 65,535", () => {
    expect(Math.max(...sizes("tally"))).toBeLessThanOrEqual(180);
  });

  test("of a delta is at most 30 bytes", () => {
    expect(Math.max(...sizes("delta"))).toBeLessThanOrEqual(30);
  });
});
