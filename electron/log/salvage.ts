/**
 * Salvage: what a log holds after the last place it shares with the server's history of it moves to a log of its own.
 * That happens when two processes wrote one log: a machine put back to a snapshot, or a copied disk. None of these
 * records was ever taken under the old number, so none counts twice.
 *
 * The openings since then go on from a place that is no more: those that no server has heard of are made anew behind
 * what was salvaged. All of it is one transaction: else a parent would be missing for ever after a power cut between.
 */
import type { DatabaseSync } from "node:sqlite";
import { sameBytes, toHex } from "../../shared/bytes.ts";
import { decodeHeader, nextHash, type Sha256 } from "../../shared/domain/record.ts";
import { numberOf } from "./log-database.ts";
import type { Heir, LogRequestOf, NewLog } from "./log-messages.ts";
import { createMoving } from "./moving.ts";

/** Where a log ends. */
export interface Tail {
  no: number;
  /** The log's id in hexadecimal. */
  id: string;
  head: number;
  hash: Uint8Array;
}

export function createSalvage(db: DatabaseSync, sha256: Sha256) {
  const moving = createMoving(db);
  const selectLog = db.prepare("SELECT no, was_current, heard FROM logs WHERE log = ?");
  const hasAfter = db.prepare("SELECT 1 FROM records WHERE log_no = ? AND number > ? LIMIT 1");
  const insertLog = db.prepare(
    "INSERT INTO logs (log, header, signature, first_hash, was_current, heard) VALUES (?, ?, ?, ?, ?, 0)",
  );
  const insertRecord = db.prepare("INSERT INTO records (log_no, number, record, hash) VALUES (?, ?, ?, ?)");
  const deleteAfter = db.prepare("DELETE FROM records WHERE log_no = ? AND number > ?");
  const deleteLog = db.prepare("DELETE FROM logs WHERE no = ?");
  const updateAcked = db.prepare("UPDATE logs SET acked = min(acked, ?) WHERE no = ?");
  const copyStanding = db.prepare("UPDATE logs SET standing = (SELECT standing FROM logs WHERE no = ?) WHERE no = ?");

  const begin = ({ log, header, signature, hash }: NewLog, wasCurrent: boolean): Tail => {
    const { lastInsertRowid } = insertLog.run(log, header, signature, hash, wasCurrent ? 1 : 0);
    return { no: Number(lastInsertRowid), id: toHex(log), head: 0, hash };
  };
  const add = ({ no, id, head, hash }: Tail, record: Uint8Array): Tail => {
    const next = { no, id, head: head + 1, hash: nextHash(sha256, hash, record) };
    insertRecord.run(no, next.head, record, next.hash);
    return next;
  };
  const move = (no: number, after: number, to: Tail): Tail => {
    let tail = to;
    for (const record of moving(no, after)) tail = add(tail, record);
    deleteAfter.run(no, after);
    return tail;
  };
  /** Throws, and so undoes all, for a log that may have been heard of, and when the new place is not as it was foreseen. */
  const inherit = ({ from, to }: Heir, made: readonly Tail[]) => {
    const row = selectLog.get(from);
    if (row === undefined) throw new Error("there is no log to make anew");
    const no = numberOf(row["no"]);
    if (numberOf(row["heard"]) !== 0) throw new Error("a server may know the log that is to be made anew");
    const parent = decodeHeader(to.header)?.parent;
    const place = parent && made.find(({ id }) => id === toHex(parent.log));
    if (!parent || place?.head !== parent.number || !sameBytes(place.hash, parent.hash))
      throw new Error("a log that is to be made anew does not continue what was salvaged");
    const tail = move(no, 0, begin(to, numberOf(row["was_current"]) === 1));
    copyStanding.run(no, tail.no);
    deleteLog.run(no);
    return { no, tail };
  };

  return {
    begin,
    add,
    /**
     * The tails of what was made, the salvaged log first, and of the log that records go to from now on; `undefined` when
     * nothing was to be done.
     * @param current the end of the log that records go to now
     */
    salvage(
      request: LogRequestOf<"salvage">,
      current: Tail | null,
    ): { made: Tail[]; current: Tail | null } | undefined {
      const { from, after, to, heirs } = request;
      const row = selectLog.get(from);
      if (row === undefined) throw new Error("there is no log to salvage");
      const no = numberOf(row["no"]);
      const isCurrent = no === current?.no;
      if (hasAfter.get(no, after) === undefined && !isCurrent) return undefined;
      const salvaged = move(no, after, begin(to, isCurrent));
      updateAcked.run(after, no);
      const made = [salvaged];
      let now = isCurrent ? salvaged : current;
      for (const heir of heirs) {
        const inherited = inherit(heir, made);
        made.push(inherited.tail);
        if (inherited.no === current?.no) now = inherited.tail;
      }
      return { made, current: now };
    },
  };
}
