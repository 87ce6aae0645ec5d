/**
 * The ledger without its thread: entries and the projection folded from them, changed together in one transaction or
 * not at all.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "../../../shared/domain/entry.ts";
import { decodeChange } from "../../../shared/domain/entry-codec.ts";
import { foldEntry } from "../../../shared/domain/fold.ts";
import type { Appended } from "../ledger.ts";
import { sha256 } from "../sha256.ts";
import { LedgerFaultError } from "./ledger-fault.ts";
import { createLogHashes } from "./log-hashes.ts";
import { createSqliteProjection, type SqliteProjection, type StandingRows } from "./sqlite-projection.ts";
import { bytesField, numberField, type StoredRow } from "./stored-fields.ts";

/** An entry as it is stored; `decodeChange` gives its meaning. */
export interface StoredEntry {
  position: number;
  atMs: number;
  kind: number;
  body: Uint8Array;
}

/** Somebody asks for an entry. */
export interface Asked {
  nowMs: number;
  kind: number;
  body: Uint8Array;
  expected: number | undefined;
}

export interface LedgerStore {
  /**
   * One transaction: every entry of the group is durable and folded when it returns, or none is and it
   * throws. `committed` is null when it came to no entry.
   */
  appendGroup(group: readonly Asked[]): { answers: Appended[]; committed: StandingRows | null };
  entries(from: number, limit: number): StoredEntry[];
  /** Throw the projection away and fold it anew; the number of entries folded. */
  rebuild(): number;
  /** Write something that changes nothing: throws when the disk does not take it. */
  probe(): void;
  /** The projection as of the last commit, to be read only. */
  look(): SqliteProjection;
  /** The running hash of a log after a record; undefined beyond its head. */
  hashAt(log: string, number: number): Uint8Array | undefined;
}

/**
 * Entries per transaction while folding again: some 400,000 ballots. Larger ones write each page of the ballots less
 * often; beyond this their changed pages no longer fit the cache.
 */
const REFOLD_ENTRIES = 4096;

export function createLedgerStore(database: DatabaseSync): LedgerStore {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const insert = database.prepare("INSERT INTO entries (position, at_ms, kind, body) VALUES (?, ?, ?, ?)");
  const read = database.prepare("SELECT * FROM entries WHERE position >= ? ORDER BY position LIMIT ?");
  const newest = database.prepare("SELECT position, at_ms FROM entries ORDER BY position DESC LIMIT 1");
  const projection = createSqliteProjection(database);
  const hashes = createLogHashes(database);
  let last = { position: 0, atMs: 0 };
  /** False after a failed transaction: what is in memory may not be what is on disk. */
  let trusted = false;

  function inTransaction<Result>(work: () => Result): Result {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      trusted = false;
      // SQLite has rolled back by itself after some faults, a full disk for one.
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Memory as on disk, and the projection at the last entry. */
  function settle(): void {
    if (trusted) return;
    const row = newest.get();
    last =
      row === undefined
        ? { position: 0, atMs: 0 }
        : { position: numberField(row, "position"), atMs: numberField(row, "at_ms") };
    projection.load();
    // Ahead of its entries it cannot be by our own doing: somebody cut the table short.
    if (projection.cursor() > last.position) inTransaction(projection.clear);
    refold();
    trusted = true;
  }

  function refold(): number {
    let folded = 0;
    while (projection.cursor() < last.position) {
      folded += inTransaction(() => {
        const start = projection.cursor() + 1;
        const stored = entries(start, REFOLD_ENTRIES);
        for (const [at, entry] of stored.entries()) {
          if (entry.position !== start + at) throw new LedgerFaultError("corrupt", `entry ${start + at} is missing`);
          foldEntry(projection, sha256, readEntry(entry));
        }
        projection.save(start + stored.length - 1);
        return stored.length;
      });
    }
    return folded;
  }

  function entries(from: number, limit: number): StoredEntry[] {
    return read.all(from, limit).map(readStored);
  }

  function appendOne({ nowMs, kind, body, expected }: Asked): Appended {
    if (expected !== undefined && expected !== last.position)
      return { ok: false, why: "moved-on", cursor: last.position };
    const entry = { position: last.position + 1, atMs: Math.max(last.atMs, nowMs) };
    const before = projection.writes();
    const change = decodeChange(kind, body);
    // Stored, it could never be folded again.
    if (change === undefined) throw new Error(`a change of kind ${kind} with a body that does not read back`);
    const folded = foldEntry(projection, sha256, { ...entry, change });
    // A batch or a header that changed no row would change none when folded again: the ledger does without it.
    if (folded.kind === "act" || projection.writes() !== before) {
      insert.run(entry.position, entry.atMs, kind, body);
      last = entry;
    }
    return { ok: true, cursor: last.position, folded };
  }

  settle();
  return {
    appendGroup(group) {
      settle();
      return inTransaction(() => {
        const before = last.position;
        const answers = group.map(appendOne);
        return { answers, committed: last.position === before ? null : projection.save(last.position) };
      });
    },
    entries,
    rebuild() {
      settle();
      trusted = false;
      inTransaction(projection.clear);
      const folded = refold();
      trusted = true;
      return folded;
    },
    probe() {
      settle();
      // Of a row that is as it was SQLite writes nothing, and so finds nothing out.
      inTransaction(() =>
        database.exec("UPDATE folded SET cursor = -1 - cursor; UPDATE folded SET cursor = -1 - cursor"),
      );
    },
    look() {
      settle();
      return projection;
    },
    hashAt(id, number) {
      settle();
      const log = projection.log(id);
      return log && hashes.hashAt(log, number);
    },
  };
}

/** The entry behind a stored row. Throws when it is damaged: everything after it would be folded wrongly. */
export function readEntry({ position, atMs, kind, body }: StoredEntry): Entry {
  const change = decodeChange(kind, body);
  if (change === undefined) throw new LedgerFaultError("corrupt", `entry ${position} is not readable`);
  return { position, atMs, change };
}

function readStored(row: StoredRow): StoredEntry {
  return {
    position: numberField(row, "position"),
    atMs: numberField(row, "at_ms"),
    kind: numberField(row, "kind"),
    body: bytesField(row, "body"),
  };
}
