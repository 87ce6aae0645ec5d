/** Reading records back from the file. */
import type { DatabaseSync } from "node:sqlite";
import { sameBytes } from "../../shared/bytes.ts";
import { nextHash, type Sha256 } from "../../shared/domain/record.ts";
import { bytesOf, DamagedFile, numberOf } from "./log-database.ts";
import type { LogAnswer, LogRequestOf } from "./log-messages.ts";
import { createMoving } from "./moving.ts";

/** Throws for a log that there is not. */
export function createForesee(
  db: DatabaseSync,
  sha256: Sha256,
): (request: LogRequestOf<"foresee">) => Extract<LogAnswer, { kind: "foreseen" }> {
  const moving = createMoving(db);
  const selectLog = db.prepare("SELECT no FROM logs WHERE log = ?");
  return ({ id, from, after, hash: first }) => {
    let [number, hash] = [0, first];
    const row = selectLog.get(from);
    if (row === undefined) throw new Error("there is no such log");
    for (const record of moving(numberOf(row["no"]), after)) {
      number += 1;
      hash = nextHash(sha256, hash, record);
    }
    return { kind: "foreseen", id, number, hash };
  };
}

/**
 * Throws for a log, or a place in it, that there is not; and `DamagedFile` for records that are not what was stored: sent,
 * they would be taken for another history of the log.
 */
export function createRead(
  db: DatabaseSync,
  sha256: Sha256,
): (request: LogRequestOf<"read">) => Extract<LogAnswer, { kind: "records" }> {
  const selectLog = db.prepare("SELECT no, first_hash FROM logs WHERE log = ?");
  const selectRecords = db.prepare(
    "SELECT number, record, hash FROM records WHERE log_no = ? AND number >= ? ORDER BY number LIMIT ?",
  );
  const selectHash = db.prepare("SELECT hash FROM records WHERE log_no = ? AND number = ?");
  return ({ id, log, from, limit }) => {
    const row = selectLog.get(log);
    if (row === undefined) throw new Error("read of an unknown log");
    const no = numberOf(row["no"]);
    const before = from === 1 ? row["first_hash"] : selectHash.get(no, from - 1)?.["hash"];
    if (before === undefined) throw new Error("read behind the end of a log");
    const hashBefore = bytesOf(before);
    let hash = hashBefore;
    const records = selectRecords.all(no, from, limit).map((found, at) => {
      const record = bytesOf(found["record"]);
      hash = nextHash(sha256, hash, record);
      if (numberOf(found["number"]) !== from + at || !sameBytes(hash, bytesOf(found["hash"])))
        throw new DamagedFile(`record ${from + at} of a log is not what was stored`);
      return record;
    });
    return { kind: "records", id, hashBefore, records };
  };
}
