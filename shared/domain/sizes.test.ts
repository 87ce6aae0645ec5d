/** What goes over the wire and into the ledger, byte by byte: PERFORMANCE.md gives the bounds. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decodeBatch } from "./batch.ts";
import { encodeChange } from "./entry-codec.ts";
import { MAX_OPTIONS } from "./poll.ts";
import { encodeRecord, type LogRecord } from "./record.ts";
import { encodeRollChunk } from "./roll.ts";
import { createTestLog, testId, testPoll, testTag } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A busy day's last log: late in it, a poll of 50, a reader beyond the one-byte numbers. */
const DAY_MS = 86_400_000;
const log = createTestLog(sha256, { openedAtMs: 1_750_000_000_000 });
const poll = testPoll(sha256, 1, { counts: "last", options: MAX_OPTIONS });
for (let tag = 0; tag < 100; tag++)
  log.add({
    kind: "ballot",
    poll: poll.short,
    option: MAX_OPTIONS,
    tagKey: testTag(tag),
    ms: DAY_MS + tag,
    reader: 200,
  });

describe("the size", () => {
  test("of a ballot in a signed batch of 100 is at most 32 bytes: the batch is 3,031", () => {
    expect(log.batch().batch.length).toBe(3031);
    expect(log.batch().batch.length / 100).toBeLessThanOrEqual(32);
  });

  test("of a ballot alone with its signature is at most 200 bytes: it is 160", () => {
    expect(log.batch(100, 1).batch.length).toBe(160);
    expect(log.batch(100, 1).batch.length).toBeLessThanOrEqual(200);
  });

  test("of an entry's own bytes beyond its batch is the hash it ends with", () => {
    expect(encodeChange(log.batch()).body.length - log.batch().batch.length).toBe(32);
  });

  test("of each record", () => {
    const records: [LogRecord, number][] = [
      [decodeBatch(log.batch(100, 1).batch)?.records[0] ?? { kind: "forgot", ms: 0 }, 37],
      [{ kind: "clock", ms: DAY_MS, serverMs: 1_750_000_000_000, uncertaintyMs: 500 }, 19],
      [{ kind: "drained", poll: poll.short, ms: DAY_MS }, 16],
      [{ kind: "forgot", ms: DAY_MS }, 7],
    ];
    expect(records.map(([record]) => encodeRecord(record).length)).toEqual(records.map(([, size]) => size));
  });

  test("of a header, and of one that continues another log", () => {
    const next = createTestLog(sha256, {
      openedAtMs: 1_750_000_000_000,
      parent: { log: new Uint8Array(16), number: 100, hash: log.hashAt(100) },
    });
    expect([log.header.length, next.header.length]).toEqual([63, 116]);
  });

  test("of a tag on the roll: 1,000 of them fit a frame", () => {
    const tags = Array.from({ length: 1000 }, (_, at) => ({
      tagKey: testTag(at),
      voter: 2 ** 32 - 1 - at,
      weight: 1_000_000,
      group: 255,
    }));
    expect(encodeRollChunk(tags).length).toBe(30_005);
    expect(encodeChange({ kind: "roll-adopted", chunks: [testId(1).repeat(2)] }).body.length).toBe(35);
  });
});
