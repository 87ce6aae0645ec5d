/** What each request does to the file, one transaction for as many as there are. */
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { concatBytes, toHex } from "../../shared/bytes.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { numberOf, bytesOf } from "./log-database.ts";
import type { LogAnswer, LogRequest, LogRequestOf } from "./log-messages.ts";
import { unpackBytes } from "./packed-bytes.ts";
import { createSalvage, type Tail } from "./salvage.ts";
import { readLogs } from "./stored-logs.ts";

const PROBE_BYTES = 8;

export type Write = Exclude<LogRequest, { kind: "read" | "foresee" }>;

export interface LogWrites {
  /** One transaction: all of these are on disk when it returns; else none, and it throws. */
  writeAll(requests: readonly Write[]): LogAnswer[];
}

interface Written {
  answer: LogAnswer | null;
  /** Where the log ends that records go to from now on. */
  tail: Tail | null;
}

export function createLogWrites(db: DatabaseSync, sha256: Sha256): LogWrites {
  const { begin, add, salvage } = createSalvage(db, sha256);
  const selectTail = db.prepare(
    `SELECT no, coalesce(number, 0) AS head, coalesce(hash, first_hash) AS hash
    FROM logs LEFT JOIN records ON log_no = no WHERE log = ? ORDER BY number DESC LIMIT 1`,
  );
  const updateAcked = db.prepare("UPDATE logs SET acked = ? WHERE log = ? AND acked < ?");
  const updateHeard = db.prepare("UPDATE logs SET heard = 1 WHERE log = ?");
  const updateStanding = db.prepare("UPDATE logs SET standing = ? WHERE log = ?");
  const upsertKept = db.prepare("INSERT INTO kept VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
  const insertReader = db.prepare("INSERT INTO readers (identity) VALUES (?) ON CONFLICT DO NOTHING");
  const selectReader = db.prepare("SELECT number FROM readers WHERE identity = ?");
  const beginTransaction = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  let tail: Tail | null = null;

  const tailOf = (log: Uint8Array): Tail | undefined => {
    const row = selectTail.get(log);
    return row && { no: numberOf(row["no"]), id: toHex(log), head: numberOf(row["head"]), hash: bytesOf(row["hash"]) };
  };
  /** The end of a log with records added to it, and what to say of them. */
  const addAll = (to: Tail, { id, records }: LogRequestOf<"append">): { answer: LogAnswer; end: Tail } => {
    let end = to;
    const hashes = unpackBytes(records).map((record) => (end = add(end, record)).hash);
    return { answer: { kind: "stored", id, log: to.id, first: to.head + 1, hashes: concatBytes(...hashes) }, end };
  };
  const append = (request: LogRequestOf<"append">, at: Tail | null): Written => {
    const { id, log } = request;
    if (log === null || toHex(log) === at?.id) {
      if (at === null) throw new Error("append before begin");
      const { answer, end } = addAll(at, request);
      return { answer, tail: end };
    }
    // Not thrown: the votes beside it in this transaction have nothing to do with it.
    const other = tailOf(log);
    if (other === undefined) return { answer: { kind: "not-stored", id, reason: say("log-missing") }, tail: at };
    return { answer: addAll(other, request).answer, tail: at };
  };
  const write = (request: Write, at: Tail | null): Written => {
    switch (request.kind) {
      case "begin":
        return { answer: { kind: "done", id: request.id }, tail: begin(request.log, true) };
      case "append":
        return append(request, at);
      case "salvage": {
        const salvaged = salvage(request, at);
        const [log, ...heirs] = salvaged?.made.flatMap(({ no }) => readLogs(db, no)) ?? [];
        const made = log === undefined ? null : { log, heirs };
        return { answer: { kind: "salvaged", id: request.id, made }, tail: salvaged?.current ?? at };
      }
      case "heard":
        updateHeard.run(request.log);
        return { answer: { kind: "done", id: request.id }, tail: at };
      case "acked":
        updateAcked.run(request.upTo, request.log, request.upTo);
        return { answer: null, tail: at };
      case "standing":
        updateStanding.run(request.standing, request.log);
        return { answer: null, tail: at };
      case "keep":
        upsertKept.run(request.name, request.value);
        return { answer: null, tail: at };
      case "reader": {
        insertReader.run(request.identity);
        const number = numberOf(selectReader.get(request.identity)?.["number"]);
        return { answer: { kind: "reader-number", id: request.id, number }, tail: at };
      }
      case "probe":
        // Of a row that is as it was SQLite writes nothing, and so finds nothing out.
        upsertKept.run("probe", randomBytes(PROBE_BYTES));
        return { answer: { kind: "done", id: request.id }, tail: at };
      case "close":
        // It takes what waits lazily along; the answer comes once the file is closed.
        return { answer: null, tail: at };
    }
  };
  const rollBack = () => {
    try {
      if (db.isTransaction) db.exec("ROLLBACK");
    } catch {
      // A disk that fails so thoroughly fails the next group, too, which says why and comes back here.
    }
  };

  return {
    writeAll(requests) {
      let at = tail;
      const answers: LogAnswer[] = [];
      try {
        beginTransaction.run();
        for (const request of requests) {
          const written = write(request, at);
          at = written.tail;
          if (written.answer !== null) answers.push(written.answer);
        }
        // The voter sees success only after this returned: with synchronous=FULL it syncs the file.
        commit.run();
      } catch (error) {
        rollBack();
        throw error;
      }
      tail = at;
      return answers;
    },
  };
}
