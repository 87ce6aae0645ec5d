/**
 * Running hashes inside a log, worked out from the entries: a station that branched asks where its history and ours
 * part. The projection keeps only the head's.
 *
 * Which stored batch holds a record as it was folded? The one stored last of those that reach over its number. A batch
 * is stored only if it was folded or set its log aside. One that was folded after it repeats an equal history before it
 * goes on, so of folded ones any will do. Records of one that was set aside are beyond the head then: when they come to
 * be at or below the head, it is by a batch stored later; and what it repeated from below the head fitted there.
 */
import type { DatabaseSync } from "node:sqlite";
import { decodeCbor } from "../../../shared/cbor.ts";
import { decodeBatch, hashRecords, type Batch } from "../../../shared/domain/batch.ts";
import { BATCH_KINDS, decodeChange } from "../../../shared/domain/entry-codec.ts";
import type { LogRow } from "../../../shared/domain/projection.ts";
import { HASH_BYTES } from "../../../shared/domain/record.ts";
import { ID_BYTES } from "../../../shared/schemas.ts";
import { sha256 } from "../sha256.ts";
import { bytesField, damaged, numberField, type StoredRow } from "./stored-fields.ts";

/** A batch begins `86 50` (an array of 6; 16 bytes follow) and the log's id; then comes `first`. `substr` counts from 1. */
const ID_AT = 3;
const FIRST_AT = ID_AT + ID_BYTES;
/** The longest a whole number is in CBOR. */
const WHOLE_BYTES = 9;

export function createLogHashes(database: DatabaseSync): {
  /** Undefined beyond the head. Reads the bodies of all entries after the log's header, once per log in a row. */
  hashAt(log: LogRow, number: number): Uint8Array | undefined;
} {
  const startsOf = database.prepare(
    `SELECT position, substr(body, ${FIRST_AT}, ${WHOLE_BYTES}) AS first FROM entries
     WHERE position > :after AND kind = ${BATCH_KINDS.alone} AND substr(body, ${ID_AT}, ${ID_BYTES}) = :log
     UNION ALL
     SELECT position, substr(body, ${HASH_BYTES + FIRST_AT}, ${WHOLE_BYTES}) FROM entries
     WHERE position > :after AND kind = ${BATCH_KINDS.hashed} AND substr(body, ${HASH_BYTES + ID_AT}, ${ID_BYTES}) = :log
     ORDER BY position`,
  );
  const newest = database.prepare("SELECT coalesce(max(position), 0) AS position FROM entries");
  const read = database.prepare("SELECT kind, body FROM entries WHERE position = ?");
  /** Of the log asked about last: looking for a place takes some ten questions. */
  let known: { log: string; upTo: number; starts: { position: number; first: number }[] } | undefined;

  function startsIn({ log, openedCursor }: LogRow): readonly { position: number; first: number }[] {
    if (known?.log !== log) known = { log, upTo: openedCursor, starts: [] };
    const rows = startsOf.all({ after: known.upTo, log: Buffer.from(log, "hex") });
    for (const row of rows)
      known.starts.push({ position: numberField(row, "position"), first: readFirst(bytesField(row, "first")) });
    // Up to the newest entry, of whichever log: else a log that ends early would be looked for anew each time.
    known.upTo = numberField(newest.get() ?? {}, "position");
    return known.starts;
  }

  return {
    hashAt(log, number) {
      if (number < 0 || number > log.head) return undefined;
      if (number === 0) return log.firstHash;
      if (number === log.head) return log.hash;
      for (const { position, first } of startsIn(log).toReversed()) {
        if (first > number) continue;
        const batch = readBatch(read.get(position));
        const last = first + batch.records.length - 1;
        if (number <= last) return hashRecords(sha256, batch.hashBefore, batch.records.slice(0, number - first + 1));
      }
      return damaged("body");
    },
  };
}

/** The whole number that these bytes begin with. */
function readFirst(bytes: Uint8Array): number {
  // Its first byte tells how long it is (RFC 8949 §3): up to 23 it is the number, 24 to 27 mean 1, 2, 4 or 8 bytes more.
  const [head = 0] = bytes;
  const first = decodeCbor(bytes.slice(0, head < 24 ? 1 : 1 + 2 ** (head - 24)));
  return typeof first === "number" ? first : damaged("body");
}

function readBatch(row: StoredRow | undefined): Batch {
  const change = row && decodeChange(numberField(row, "kind"), bytesField(row, "body"));
  const batch = change?.kind === "batch" ? decodeBatch(change.batch) : undefined;
  return batch ?? damaged("body");
}
