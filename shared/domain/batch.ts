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

const PackedBatch = v.strictTuple([
  bytesOf(ID_BYTES),
  whole(1),
  bytesOf(HASH_BYTES),
  v.pipe(v.array(bytesOf(POLL_HASH_BYTES)), v.maxLength(MAX_BATCH_RECORDS)),
  v.pipe(v.array(v.union([PackedBallot, PackedClock])), v.minLength(1), v.maxLength(MAX_BATCH_RECORDS)),
  bytesOf(SIGNATURE_BYTES),
]);

/** `[log, first, hashBefore, [poll …], [record …], signature]`; a ballot names its poll by its place in the table. */
export function encodeBatch(batch: Batch): Uint8Array {
  const polls: Uint8Array[] = [];
  const places = new Map<string, number>();
  const records = batch.records.map((record): Cbor => {
    if (record.kind === "clock") return [RECORD.clock, record.ms, record.serverMs, record.uncertaintyMs];
    const key = record.poll.join();
    let place = places.get(key);
    if (place === undefined) {
      place = polls.push(record.poll) - 1;
      places.set(key, place);
    }
    return [RECORD.ballot, place, record.option, record.tagKey, record.ms, record.reader];
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
    if (item[0] === RECORD.clock) {
      const [, ms, serverMs, uncertaintyMs] = item;
      records.push({ kind: "clock", ms, serverMs, uncertaintyMs });
      continue;
    }
    const [, place, option, tagKey, ms, reader] = item;
    const poll = polls[place];
    if (poll === undefined) return undefined;
    records.push({ kind: "ballot", poll, option, tagKey, ms, reader });
  }
  return { log, first, hashBefore, records, signature };
}

/** The running hash after a run of records. */
export function hashRecords(sha256: Sha256, before: Uint8Array, records: readonly LogRecord[]): Uint8Array {
  return records.reduce((hash, record) => nextHash(sha256, hash, encodeRecord(record)), before);
}
