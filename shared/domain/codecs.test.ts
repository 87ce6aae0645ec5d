import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../bytes.ts";
import { decodeCbor } from "../cbor.ts";
import { MAX_WALL_MS } from "../schemas.ts";
import { MAX_BATCH_RECORDS, decodeBatch, encodeBatch, hashRecords } from "./batch.ts";
import { decodeChange, encodeChange } from "./entry-codec.ts";
import type { Change, PollCourse } from "./entry.ts";
import { MAX_OPTIONS, decodeDefinition, encodeDefinition, type PollDefinition } from "./poll.ts";
import { decodeHeader, decodeRecord, encodeHeader, encodeRecord, nextHash, type LogRecord } from "./record.ts";
import { decodeRollChunk, encodeRollChunk, type Entitled } from "./roll.ts";
import { createTestLog } from "./testing.ts";
import { VERDICT_CODES, verdictOf } from "./verdict.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const id = bytes(16).map(toHex);
const ms = fc.nat(2 ** 31 - 1);
const wallMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
const record: fc.Arbitrary<LogRecord> = fc.oneof(
  fc.record({
    kind: fc.constant("ballot" as const),
    poll: fc.constantFrom(1, 2, 3).map((fill) => new Uint8Array(8).fill(fill)),
    option: fc.integer({ min: 1, max: MAX_OPTIONS }),
    tagKey: bytes(16),
    ms,
    reader: fc.nat(65_535),
  }),
  fc.record({ kind: fc.constant("clock" as const), ms, serverMs: wallMs, uncertaintyMs: fc.nat(3_600_000) }),
  fc.record({
    kind: fc.constant("drained" as const),
    poll: fc.constantFrom(1, 2).map((fill) => new Uint8Array(8).fill(fill)),
    ms,
  }),
  fc.record({ kind: fc.constant("forgot" as const), ms }),
);
const header = fc.record({
  log: bytes(16),
  station: bytes(16),
  event: bytes(16),
  openedAtMs: wallMs,
  parent: fc.option(fc.record({ log: bytes(16), number: fc.nat(), hash: bytes(32) })),
});
const batch = fc.record({
  log: bytes(16),
  first: fc.integer({ min: 1, max: 2 ** 40 }),
  hashBefore: bytes(32),
  records: fc.array(record, { minLength: 1, maxLength: MAX_BATCH_RECORDS }),
  signature: bytes(64),
});
const line = (most: number) =>
  fc.string({ unit: "grapheme", minLength: 1, maxLength: most / 8 }).map((text) => `x${text}x`);
const isOneLine = (text: string) =>
  text.isWellFormed() && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);
const oneLine = (most: number) => line(most).filter((text) => isOneLine(text) && text.length <= most);
const rules = fc
  .record({
    counts: fc.constantFrom("first" as const, "last" as const),
    upTo: fc.constantFrom(1, 2),
    results: fc.constantFrom("live" as const, "after-vote" as const, "after-close" as const, "organiser" as const),
    groups: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 32 }).map((g) => g.toSorted((a, b) => a - b)),
    randomUids: fc.constantFrom("refuse" as const, "accept" as const),
    certify: fc.constantFrom("by-itself" as const, "by-hand" as const),
    tagless: fc.boolean(),
    round: fc.constantFrom(1, 2, 99),
    first: id,
  })
  .map(({ first, ...rest }) => ({ ...rest, first: rest.round === 1 ? null : first }));
const definition: fc.Arbitrary<PollDefinition> = fc
  .tuple(
    rules,
    fc.record({
      id,
      question: oneLine(300),
      options: fc.uniqueArray(oneLine(120), { minLength: 2, maxLength: MAX_OPTIONS }),
    }),
  )
  .map(([rest, words]) => ({ ...words, ...rest }));
const facts = fc
  .tuple(rules, fc.record({ poll: id, hash: bytes(32).map(toHex), options: fc.integer({ min: 2, max: MAX_OPTIONS }) }))
  .map(([rest, names]) => ({ ...names, ...rest }));
const totals = fc.array(fc.nat(), { minLength: 2, maxLength: MAX_OPTIONS });
const course: fc.Arbitrary<PollCourse> = fc.record({
  state: fc.constantFrom("open", "paused", "closed", "certified"),
  moves: fc.integer({ min: 1, max: 1000 }),
  windows: fc.array(fc.record({ fromMs: wallMs, toMs: fc.option(wallMs) }), { maxLength: 5 }),
  closedAtMs: fc.option(wallMs),
  totals: fc.option(totals),
});
const entitled: fc.Arbitrary<Entitled> = fc.record({
  tagKey: bytes(16),
  voter: fc.nat({ max: 2 ** 32 - 1 }),
  weight: fc.integer({ min: 1, max: 1_000_000 }),
  group: fc.nat(255),
});
const chunk = fc.uniqueArray(entitled, { minLength: 1, maxLength: 20, selector: ({ tagKey }) => toHex(tagKey) });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("event-created" as const), event: id }),
  facts.map((rest) => ({ kind: "poll-defined" as const, ...rest })),
  fc.tuple(facts, course).map(([rest, how]) => ({ kind: "poll-restored" as const, ...rest, ...how })),
  fc.record({
    kind: fc.constantFrom("poll-opened" as const, "poll-paused" as const, "poll-closed" as const),
    poll: id,
  }),
  fc.record({
    kind: fc.constant("poll-barred" as const),
    poll: id,
    why: fc.constantFrom("drained" as const, "time" as const, "by-hand" as const),
    missing: fc.array(id, { maxLength: 4 }),
    reason: fc.option(bytes(32).map(toHex)),
  }),
  fc.record({ kind: fc.constant("poll-certified" as const), poll: id, barrier: fc.integer({ min: 1 }), totals }),
  fc.record({ kind: fc.constant("station-admitted" as const), station: id, key: bytes(32) }),
  fc.record({
    kind: fc.constant("station-revoked" as const),
    station: id,
    accepted: fc.array(fc.record({ log: id, number: fc.nat() }), { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("log-opened" as const), header: header.map(encodeHeader), signature: bytes(64) }),
  fc.record({ kind: fc.constant("log-judged" as const), log: id, admitted: fc.boolean() }),
  fc.record({
    kind: fc.constant("batch" as const),
    batch: batch.map(encodeBatch),
    hashAfter: fc.option(bytes(32)),
  }),
  fc.record({
    kind: fc.constant("roll-chunk" as const),
    chunk: chunk.map(encodeRollChunk),
    lfBits: fc.constantFrom(24 as const, 32 as const, null),
  }),
  fc.record({
    kind: fc.constant("roll-adopted" as const),
    chunks: fc.array(bytes(32).map(toHex), { maxLength: 4 }),
  }),
  fc.constant({ kind: "key-destroyed" as const }),
  fc.record({ kind: fc.constant("lf-bits-set" as const), lfBits: fc.constantFrom(24 as const, 32 as const) }),
  fc.record({
    kind: fc.constant("mapping-wished" as const),
    station: id,
    base: fc.maxSafeNat(),
    hash: bytes(32).map(toHex),
  }),
  fc.record({
    kind: fc.constant("mapping-answered" as const),
    station: id,
    wish: fc.integer({ min: 1 }),
    answer: fc.constantFrom("taken" as const, "conflict" as const, "unknown-reader" as const),
  }),
);

describe("what is encoded is decoded as it was:", () => {
  test("a record", () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(decodeRecord(encodeRecord(value))).toEqual(value);
      }),
    );
  });
  test("a log's header", () => {
    fc.assert(
      fc.property(header, (value) => {
        expect(decodeHeader(encodeHeader(value))).toEqual(value);
      }),
    );
  });
  test("a batch", () => {
    fc.assert(
      fc.property(batch, (value) => {
        expect(decodeBatch(encodeBatch(value))).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });
  test("a poll's definition", () => {
    fc.assert(
      fc.property(definition, (value) => {
        expect(decodeDefinition(encodeDefinition(value))).toEqual(value);
      }),
    );
  });
  test("a chunk of a roll, by tag key however it was written", () => {
    fc.assert(
      fc.property(chunk, (value) => {
        const read = decodeRollChunk(encodeRollChunk(value));
        expect(read).toEqual(value.toSorted((a, b) => (toHex(a.tagKey) < toHex(b.tagKey) ? -1 : 1)));
        expect(encodeRollChunk(value.toReversed())).toEqual(encodeRollChunk(value));
      }),
      { numRuns: 50 },
    );
  });
  test("a change of the ledger", () => {
    const again = (value: Change) => {
      const { kind, body } = encodeChange(value);
      return decodeChange(kind, body);
    };
    fc.assert(
      fc.property(change, (value) => {
        expect(again(value)).toEqual(value);
      }),
    );
  });
  test("a verdict", () => {
    for (const [verdict, code] of Object.entries(VERDICT_CODES)) expect(verdictOf(code)).toBe(verdict);
  });
});

test("a time after the year 9999 is none: what is added to it must stay an exact number, on disk and as a date", () => {
  const beyond = MAX_WALL_MS + 1;
  const log = createTestLog(sha256, { openedAtMs: beyond });
  expect(decodeHeader(log.header)).toBeUndefined();
  expect(decodeHeader(createTestLog(sha256, { openedAtMs: MAX_WALL_MS }).header)).toBeDefined();
  log.add({ kind: "clock", ms: 0, serverMs: beyond, uncertaintyMs: 1 });
  expect(decodeBatch(log.batch().batch)).toBeUndefined();
  expect(decodeRecord(encodeRecord({ kind: "clock", ms: 0, serverMs: beyond, uncertaintyMs: 1 }))).toBeUndefined();
});

test("a chunk of a roll stored before its bits were noted reads as it did, and one of bits there are none is damaged", () => {
  const body = encodeRollChunk([{ tagKey: new Uint8Array(16), voter: 1, weight: 1, group: 0 }]);
  const old = { kind: "roll-chunk", chunk: body, lfBits: null } as const;
  expect(decodeChange(15, body)).toEqual(old);
  expect(encodeChange(old)).toEqual({ kind: 15, body });
  const noted = encodeChange({ ...old, lfBits: 24 });
  expect(decodeChange(noted.kind, noted.body)).toEqual({ ...old, lfBits: 24 });
  for (const damaged of [body, new Uint8Array(), noted.body.with(0, 25)])
    expect(decodeChange(noted.kind, damaged)).toBeUndefined();
});

describe("bytes from anywhere", () => {
  const DECODERS = [
    decodeCbor,
    decodeRecord,
    decodeHeader,
    decodeBatch,
    decodeDefinition,
    decodeRollChunk,
    ...Array.from({ length: 21 }, (_, at) => at + 1).map((kind) => (body: Uint8Array) => decodeChange(kind, body)),
  ];
  const VALID = fc.oneof(
    record.map(encodeRecord),
    header.map(encodeHeader),
    batch.map(encodeBatch),
    definition.map(encodeDefinition),
    change.map((value) => encodeChange(value).body),
  );

  test("never make a decoder throw", () => {
    const decodeAll = (input: Uint8Array) => DECODERS.forEach((decode) => decode(input));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        expect(() => decodeAll(input)).not.toThrow();
      }),
    );
  });

  test("that were one value and had a byte changed, cut off or added never make a decoder throw", () => {
    const damage = fc.tuple(VALID, fc.nat(), fc.nat(255), fc.constantFrom("change", "cut", "add"));
    const damaged = damage.map(([input, at, byte, how]) => {
      if (how === "cut") return input.slice(0, at % input.length);
      if (how === "add") return Uint8Array.of(...input, byte);
      return input.with(at % input.length, byte);
    });
    fc.assert(
      fc.property(damaged, (input) => {
        expect(() => DECODERS.forEach((decode) => decode(input))).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test("mean a record only if they are the ones it is encoded as", () => {
    const canonical = (input: Uint8Array) => {
      const value = decodeRecord(input);
      return value === undefined || toHex(encodeRecord(value)) === toHex(input);
    };
    const nearly = fc
      .tuple(record.map(encodeRecord), fc.nat(), fc.nat(255))
      .map(([input, at, byte]) => input.with(at % input.length, byte));
    fc.assert(
      fc.property(nearly, (input) => {
        expect(canonical(input)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("of a number with a needlessly long head, of a map or of a float are not read", () => {
    for (const hex of [
      "1801",
      "190001",
      "a0",
      "f93c00",
      "c001",
      "9f01ff",
      "f7",
      "0101",
      "61ff",
      "5801",
      "580141",
      "fb3ff0000000000000",
      "",
    ])
      expect([hex, decodeCbor(Buffer.from(hex, "hex"))]).toEqual([hex, undefined]);
  });
});

test("the running hash does not depend on how a log is cut into batches", () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 2, maxLength: 20 }), fc.nat(), (records, at) => {
      const cut = 1 + (at % (records.length - 1));
      const start = new Uint8Array(32);
      const halves = hashRecords(sha256, hashRecords(sha256, start, records.slice(0, cut)), records.slice(cut));
      expect(halves).toEqual(hashRecords(sha256, start, records));
      const oneByOne = records.reduce<Uint8Array>((hash, one) => nextHash(sha256, hash, encodeRecord(one)), start);
      expect(halves).toEqual(oneByOne);
    }),
    { numRuns: 50 },
  );
});
