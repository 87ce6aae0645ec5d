/**
 * A batch: a run of one log's records with one signature, the unit of the link and of the ledger.
 *
 * It is only framing. The same records may be cut differently the next time; what is signed is the running hash before
 * and after them, which depends on the records alone.
 */
import * as v from "valibot";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, WallMs, bytesOf, whole } from "../schemas.ts";
import { MAX_OPTIONS, POLL_HASH_BYTES } from "./poll.ts";
import {
  HASH_BYTES,
  MAX_LOG_MS,
  MAX_READER_NUMBER,
  MAX_UNCERTAINTY_MS,
  RECORD,
  SIGNATURE_BYTES,
  TAG_KEY_BYTES,
  encodeRecord,
  nextHash,
  type LogRecord,
  type Sha256,
} from "./record.ts";

/** Above this a signature's cost no longer shows; below it a lost connection repeats little. */
export const MAX_BATCH_RECORDS = 128;

export interface Batch {
  log: Uint8Array;
  /** Number of the first record. */
  first: number;
  /** Running hash before the first record; makes a batch checkable on its own. */
  hashBefore: Uint8Array;
  records: LogRecord[];
  signature: Uint8Array;
}

const PackedBallot = v.strictTuple([
  v.literal(RECORD.ballot),
  whole(0, MAX_BATCH_RECORDS),
  whole(1, MAX_OPTIONS),
  bytesOf(TAG_KEY_BYTES),
  whole(0, MAX_LOG_MS),
  whole(0, MAX_READER_NUMBER),
]);
const PackedClock = v.strictTuple([
  v.literal(RECORD.clock),
  whole(0, MAX_LOG_MS),
  WallMs,
  whole(0, MAX_UNCERTAINTY_MS),
]);

const PackedDrained = v.strictTuple([v.literal(RECORD.drained), whole(0, MAX_BATCH_RECORDS), whole(0, MAX_LOG_MS)]);
const PackedForgot = v.strictTuple([v.literal(RECORD.forgot), whole(0, MAX_LOG_MS)]);

const PackedBatch = v.strictTuple([
  bytesOf(ID_BYTES),
  whole(1),
  bytesOf(HASH_BYTES),
  v.pipe(v.array(bytesOf(POLL_HASH_BYTES)), v.maxLength(MAX_BATCH_RECORDS)),
  v.pipe(
    v.array(v.union([PackedBallot, PackedClock, PackedDrained, PackedForgot])),
    v.minLength(1),
    v.maxLength(MAX_BATCH_RECORDS),
  ),
  bytesOf(SIGNATURE_BYTES),
]);
type PackedRecord = v.InferOutput<typeof PackedBatch>[4][number];

/** `[log, first, hashBefore, [poll …], [record …], signature]`; records name their poll by its place in the table. */
export function encodeBatch(batch: Batch): Uint8Array {
  const polls: Uint8Array[] = [];
  const places = new Map<string, number>();
  const placeOf = (poll: Uint8Array): number => {
    const key = poll.join();
    const place = places.get(key) ?? polls.push(poll) - 1;
    places.set(key, place);
    return place;
  };
  const records = batch.records.map((record): Cbor => {
    switch (record.kind) {
      case "ballot":
        return [RECORD.ballot, placeOf(record.poll), record.option, record.tagKey, record.ms, record.reader];
      case "clock":
        return [RECORD.clock, record.ms, record.serverMs, record.uncertaintyMs];
      case "drained":
        return [RECORD.drained, placeOf(record.poll), record.ms];
      case "forgot":
        return [RECORD.forgot, record.ms];
    }
  });
  return encodeCbor([batch.log, batch.first, batch.hashBefore, polls, records, batch.signature]);
}

/** The batch behind the bytes; `undefined` when they are not one. The signature is not checked here. */
export function decodeBatch(bytes: Uint8Array): Batch | undefined {
  const parsed = v.safeParse(PackedBatch, decodeCbor(bytes));
  if (!parsed.success) return undefined;
  const [log, first, hashBefore, polls, packed, signature] = parsed.output;
  const records: LogRecord[] = [];
  for (const item of packed) {
    const record = unpack(item, polls);
    if (record === undefined) return undefined;
    records.push(record);
  }
  return { log, first, hashBefore, records, signature };
}

function unpack(item: PackedRecord, polls: readonly Uint8Array[]): LogRecord | undefined {
  switch (item[0]) {
    case RECORD.ballot: {
      const [, place, option, tagKey, ms, reader] = item;
      const poll = polls[place];
      return poll && { kind: "ballot", poll, option, tagKey, ms, reader };
    }
    case RECORD.clock: {
      const [, ms, serverMs, uncertaintyMs] = item;
      return { kind: "clock", ms, serverMs, uncertaintyMs };
    }
    case RECORD.drained: {
      const poll = polls[item[1]];
      return poll && { kind: "drained", poll, ms: item[2] };
    }
    case RECORD.forgot:
      return { kind: "forgot", ms: item[1] };
  }
}

/** A ballot has 42 bytes at most. */
const MAX_SHORT_RECORD_BYTES = 64;
/** Where records are hashed in turn: joined in memory of its own, each cost half as much again. Nothing outlives a call. */
const joined = new Uint8Array(HASH_BYTES + MAX_SHORT_RECORD_BYTES);

/** The running hash after a run of records. */
export function hashRecords(sha256: Sha256, before: Uint8Array, records: readonly LogRecord[]): Uint8Array {
  let hash = before;
  for (const record of records) {
    const bytes = encodeRecord(record);
    if (hash.length !== HASH_BYTES || bytes.length > MAX_SHORT_RECORD_BYTES) hash = nextHash(sha256, hash, bytes);
    else {
      joined.set(hash);
      joined.set(bytes, HASH_BYTES);
      hash = sha256(joined.subarray(0, HASH_BYTES + bytes.length));
    }
  }
  return hash;
}
