/**
 * A station's log: a signed header, then records numbered 1, 2, 3 … Their bytes depend on no connection, so the same
 * record is the same bytes on disk, on the link and in the ledger, and one running hash covers them all.
 */
import * as v from "valibot";
import { ascii, concatBytes } from "../bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, WallMs, bytesOf, whole } from "../schemas.ts";
import { MAX_OPTIONS, POLL_HASH_BYTES } from "./poll.ts";

export const HASH_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const KEY_BYTES = 32;
/** HMAC-SHA-256 of the normalised UID under the event key, cut: 128 bits do not collide among people. */
export const TAG_KEY_BYTES = 16;
/** Record kinds. */
export const RECORD = { ballot: 1, clock: 2, drained: 3, forgot: 4 } as const;

/** A 32-bit count of milliseconds: a log is one opening of a station, and ends long before 49 days. */
export const MAX_LOG_MS = 2 ** 32 - 1;
/** Readers of one station, numbered by it for good in order of appearance. */
export const MAX_READER_NUMBER = 65_535;
/** Beyond an hour a round trip says nothing about a clock. */
export const MAX_UNCERTAINTY_MS = 3_600_000;

/** One immutable vote. */
export interface Ballot {
  kind: "ballot";
  /** First 8 bytes of the hash of the poll's definition. */
  poll: Uint8Array;
  /** Position of the option, 1 first. */
  option: number;
  /** Pseudonym of the tag, 16 bytes. */
  tagKey: Uint8Array;
  /** Milliseconds since the log's opening, by a clock that never jumps. */
  ms: number;
  /** The station's number for the reader. */
  reader: number;
}

/** What the server's clock said at a moment of the log. */
export interface ClockRecord {
  kind: "clock";
  ms: number;
  /** Server time at that moment, milliseconds since 1970. */
  serverMs: number;
  /** The truth lies within ± this. */
  uncertaintyMs: number;
}

/** The station's word that no ballot of this poll will follow: it heard of the close, and had none on the way. */
export interface DrainedRecord {
  kind: "drained";
  /** First 8 bytes of the hash of the poll's definition. */
  poll: Uint8Array;
  ms: number;
}

/** The station's word that it destroyed the event key. */
export interface ForgotRecord {
  kind: "forgot";
  ms: number;
}

export type LogRecord = Ballot | ClockRecord | DrainedRecord | ForgotRecord;

const BallotBytes = v.strictTuple([
  v.literal(RECORD.ballot),
  bytesOf(POLL_HASH_BYTES),
  whole(1, MAX_OPTIONS),
  bytesOf(TAG_KEY_BYTES),
  whole(0, MAX_LOG_MS),
  whole(0, MAX_READER_NUMBER),
]);
const ClockBytes = v.strictTuple([v.literal(RECORD.clock), whole(0, MAX_LOG_MS), WallMs, whole(0, MAX_UNCERTAINTY_MS)]);
const DrainedBytes = v.strictTuple([v.literal(RECORD.drained), bytesOf(POLL_HASH_BYTES), whole(0, MAX_LOG_MS)]);
const ForgotBytes = v.strictTuple([v.literal(RECORD.forgot), whole(0, MAX_LOG_MS)]);

type RecordFields = v.InferOutput<typeof BallotBytes | typeof ClockBytes | typeof DrainedBytes | typeof ForgotBytes>;
const SHAPES = new Map<unknown, v.GenericSchema<unknown, RecordFields>>([
  [RECORD.ballot, BallotBytes],
  [RECORD.clock, ClockBytes],
  [RECORD.drained, DrainedBytes],
  [RECORD.forgot, ForgotBytes],
]);

/**
 * Canonical bytes: `[1, poll, option, tagKey, ms, reader]`, `[2, ms, serverMs, uncertaintyMs]`, `[3, poll, ms]` or
 * `[4, ms]`.
 */
export function encodeRecord(record: LogRecord): Uint8Array {
  switch (record.kind) {
    case "ballot":
      return encodeCbor([RECORD.ballot, record.poll, record.option, record.tagKey, record.ms, record.reader]);
    case "clock":
      return encodeCbor([RECORD.clock, record.ms, record.serverMs, record.uncertaintyMs]);
    case "drained":
      return encodeCbor([RECORD.drained, record.poll, record.ms]);
    case "forgot":
      return encodeCbor([RECORD.forgot, record.ms]);
  }
}

/** The record behind canonical bytes; `undefined` when they are not one. */
export function decodeRecord(bytes: Uint8Array): LogRecord | undefined {
  return recordOf(decodeCbor(bytes));
}

function recordOf(value: Cbor | undefined): LogRecord | undefined {
  const shape = Array.isArray(value) ? SHAPES.get(value[0]) : undefined;
  const parsed = shape && v.safeParse(shape, value);
  if (!parsed?.success) return undefined;
  const fields = parsed.output;
  switch (fields[0]) {
    case RECORD.ballot: {
      const [, poll, option, tagKey, ms, reader] = fields;
      return { kind: "ballot", poll, option, tagKey, ms, reader };
    }
    case RECORD.clock: {
      const [, ms, serverMs, uncertaintyMs] = fields;
      return { kind: "clock", ms, serverMs, uncertaintyMs };
    }
    case RECORD.drained:
      return { kind: "drained", poll: fields[1], ms: fields[2] };
    case RECORD.forgot:
      return { kind: "forgot", ms: fields[1] };
  }
}

/** Where a log goes on from: the last place its data directory knew of the log before. */
export interface LogPlace {
  log: Uint8Array;
  number: number;
  hash: Uint8Array;
}

/** The first thing said about a log, signed by its station. */
export interface LogHeader {
  log: Uint8Array;
  station: Uint8Array;
  event: Uint8Array;
  /** The station's wall clock at the opening; a hint until a clock record says better. */
  openedAtMs: number;
  parent: LogPlace | null;
}

const HEADER_VERSION = 1;
const HeaderBytes = v.strictTuple([
  v.literal(HEADER_VERSION),
  bytesOf(ID_BYTES),
  bytesOf(ID_BYTES),
  bytesOf(ID_BYTES),
  WallMs,
  v.nullable(v.strictTuple([bytesOf(ID_BYTES), whole(0), bytesOf(HASH_BYTES)])),
]);

/** Canonical bytes: `[1, log, station, event, openedAtMs, null | [log, number, hash]]`. */
export function encodeHeader(header: LogHeader): Uint8Array {
  const { parent } = header;
  return encodeCbor([
    HEADER_VERSION,
    header.log,
    header.station,
    header.event,
    header.openedAtMs,
    parent && [parent.log, parent.number, parent.hash],
  ]);
}

/** The header behind canonical bytes; `undefined` when they are not one. */
export function decodeHeader(bytes: Uint8Array): LogHeader | undefined {
  const parsed = v.safeParse(HeaderBytes, decodeCbor(bytes));
  if (!parsed.success) return undefined;
  const [, log, station, event, openedAtMs, parent] = parsed.output;
  return {
    log,
    station,
    event,
    openedAtMs,
    parent: parent && { log: parent[0], number: parent[1], hash: parent[2] },
  };
}

/** SHA-256, passed in: this room has no crypto of its own. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The running hash before record 1: over the header's bytes. */
export function firstHash(sha256: Sha256, header: Uint8Array): Uint8Array {
  return sha256(concatBytes(ascii("polling-station/1 log\n"), header));
}

/** The running hash after one more record. */
export function nextHash(sha256: Sha256, before: Uint8Array, record: Uint8Array): Uint8Array {
  return sha256(concatBytes(before, record));
}

/** What a station signs for a header: a fixed word, then the canonical bytes. */
export function headerToSign(header: Uint8Array): Uint8Array {
  return concatBytes(ascii("polling-station/1 header\n"), header);
}

/** A run of records of one log, as one signature covers it. */
export interface BatchSpan {
  log: Uint8Array;
  /** Number of the first record. */
  first: number;
  count: number;
  hashBefore: Uint8Array;
  hashAfter: Uint8Array;
}

/** What a station signs for a batch: a fixed word, then `[log, first, count, hashBefore, hashAfter]`. */
export function batchToSign(span: BatchSpan): Uint8Array {
  return concatBytes(
    ascii("polling-station/1 batch\n"),
    encodeCbor([span.log, span.first, span.count, span.hashBefore, span.hashAfter]),
  );
}
