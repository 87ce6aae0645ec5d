/** The ballots of the projection: one clustered table, read and written by prepared statements. */
import type { DatabaseSync } from "node:sqlite";
import { sameBytes, toHex } from "../../../shared/bytes.ts";
import type { BallotRow, Projection } from "../../../shared/domain/projection.ts";
import type { Rule } from "../../../shared/domain/poll.ts";
import type { Terms } from "../../../shared/domain/terms.ts";
import { createChosenBallots } from "./chosen-ballots.ts";
import { createBallotJudge, type TakenUpTo } from "./judge-ballots.ts";
import { bytesField, numberField, type StoredRow } from "./stored-fields.ts";

export type BallotTable = Pick<
  Projection,
  "counting" | "countAll" | "addBallot" | "removeBallot" | "ballotsOfPoll" | "ballotsOfLog" | "unsyncedBallotsOf"
> & {
  /** As `Projection.judgeAll`; @param limits the logs that are not taken whole */
  judgeAll(poll: string, terms: Terms, limits: readonly TakenUpTo[]): number | null;
  /** Those that came after the poll's barrier, by time of casting. */
  late(poll: string, limit: number): BallotRow[];
  /** Every ballot, by log and number. */
  all(): BallotRow[];
  /** Is there one at all? */
  any(): boolean;
};

const OF_VOTER = "FROM ballots WHERE poll = ? AND voter = ? AND eligible = 1";
const KEY = "voter, eligible, synced, at_ms, log, number";
/** Far more rows than the seek to them costs, and few enough that they are gone before the heap calls them old. */
const PAGE_ROWS = 200;
/** Logs and polls of a large event; a megabyte. */
const MAX_IDS_KEPT = 10_000;

export function createBallotTable(database: DatabaseSync): BallotTable {
  const bytesOf = createIdBytes();
  const keyOf = ({ voter, eligible, synced, atMs, log, number }: BallotRow): Key => [
    voter,
    +eligible,
    +synced,
    atMs,
    bytesOf(log),
    number,
  ];
  const last = database.prepare(`SELECT * ${OF_VOTER} ORDER BY synced DESC, at_ms DESC, log DESC, number DESC LIMIT 1`);
  // Synchronised ballots come first under every rule, so the range has to be entered at two places. `synced` is written
  // out: bound, SQLite would plan the statement anew each time, for the partial index on it (12 µs instead of 2).
  const firstSynced = database.prepare(`SELECT * ${OF_VOTER} AND synced = 1 ORDER BY at_ms, log, number LIMIT 1`);
  const firstUnsynced = database.prepare(`SELECT * ${OF_VOTER} AND synced = 0 ORDER BY at_ms, log, number LIMIT 1`);
  const ofVoter = database.prepare(`SELECT * ${OF_VOTER}`);
  const anyUnsynced = database.prepare("SELECT 1 FROM ballots WHERE synced = 0 LIMIT 1");
  // As long as there is none the second place need not be looked at; once there was one, it is until the next load.
  let mayBeUnsynced = anyUnsynced.get() !== undefined;
  const add = database.prepare("INSERT INTO ballots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  // What nearly all are, with half as much to bind.
  const addPlain = database.prepare("INSERT INTO ballots VALUES (?, ?, 1, 1, ?, ?, ?, ?, NULL, 1, 0)");
  const remove = database.prepare(
    `DELETE FROM ballots WHERE poll = ? AND voter = ? AND eligible = ?
     AND +synced = ? AND at_ms = ? AND log = ? AND number = ?`,
  );
  const page = database.prepare(
    `SELECT * FROM ballots WHERE poll = ? AND (${KEY}) > (?, ?, ?, ?, ?, ?) AND at_ms >= ? ORDER BY ${KEY} LIMIT ${PAGE_ROWS}`,
  );
  const ofLog = database.prepare("SELECT * FROM ballots WHERE log = ? AND number > ? ORDER BY number");
  const unsynced = database.prepare("SELECT * FROM ballots WHERE log = ? AND synced = 0 ORDER BY number");
  // Left to choose, SQLite goes through all ballots of the poll.
  const late = database.prepare(
    "SELECT * FROM ballots INDEXED BY late_ballots WHERE poll = ? AND late = 1 ORDER BY at_ms, log, number LIMIT ?",
  );
  const one = database.prepare("SELECT 1 FROM ballots LIMIT 1");
  const every = database.prepare("SELECT * FROM ballots ORDER BY log, number");
  // Of the voters with one ballot there is nothing to choose: SQLite sums them up in one pass by the key.
  const byVoter = "FROM ballots WHERE poll = ? AND eligible = 1 GROUP BY voter HAVING count(*)";
  const countOnes = database.prepare(
    `SELECT option, sum(weight) AS weight, sum(synced = 0) AS unsynced
     FROM (SELECT option, weight, synced ${byVoter} = 1) GROUP BY option`,
  );
  const several = database.prepare(`SELECT voter ${byVoter} > 1`);
  const judge = createBallotJudge(database);
  const chosen = createChosenBallots();

  /**
   * By pages in the order of the key, so that a million are never in memory at once. A row that the caller puts
   * elsewhere may lie ahead and come again; one that was not seen yet has not moved.
   */
  function* ofPoll(poll: string, fromMs: number): Iterable<BallotRow> {
    const key = bytesOf(poll);
    let after: BallotRow | undefined;
    do {
      const rows = page.all(key, ...(after === undefined ? BEFORE_ALL : keyOf(after)), fromMs).map(readBallot);
      yield* rows;
      after = rows.length < PAGE_ROWS ? undefined : rows.at(-1);
    } while (after !== undefined);
  }

  function counting(poll: string, voter: Uint8Array, rule: Rule): BallotRow[] {
    const key = bytesOf(poll);
    // One option, and it is one seek; several, and the voter's ballots are read, once.
    if (rule.upTo > 1) return chosen.of(poll, voter, rule, () => ofVoter.all(key, voter).map(readBallot));
    if (rule.counts === "last") return readSome(last.get(key, voter));
    const row = firstSynced.get(key, voter);
    return readSome(row === undefined && mayBeUnsynced ? firstUnsynced.get(key, voter) : row);
  }

  return {
    counting,
    countAll(poll, rule) {
      const rows = countOnes.all(bytesOf(poll));
      const weights = new Map(rows.map((row) => [numberField(row, "option"), numberField(row, "weight")]));
      let notSynced = rows.reduce((sum, row) => sum + numberField(row, "unsynced"), 0);
      for (const row of several.all(bytesOf(poll)))
        for (const { option, weight, synced } of counting(poll, bytesField(row, "voter"), rule)) {
          weights.set(option, (weights.get(option) ?? 0) + weight);
          notSynced += +!synced;
        }
      return { weights, unsynced: notSynced };
    },
    judgeAll(poll, terms, limits) {
      chosen.forget();
      return judge.judgeAll(bytesOf(poll), terms, limits);
    },
    addBallot(row) {
      mayBeUnsynced ||= !row.synced;
      chosen.add(row);
      const { voter, tagKey } = row;
      const tag = voter === tagKey || sameBytes(voter, tagKey) ? null : tagKey;
      const [poll, log] = [bytesOf(row.poll), bytesOf(row.log)];
      if (tag === null && row.eligible && row.synced && row.weight === 1 && !row.late)
        addPlain.run(poll, voter, row.atMs, log, row.number, row.option);
      else add.run(poll, ...keyOf(row), row.option, tag, row.weight, +row.late);
    },
    removeBallot(row) {
      chosen.remove(row);
      remove.run(bytesOf(row.poll), ...keyOf(row));
    },
    ballotsOfPoll: ofPoll,
    ballotsOfLog: (log, above) => ofLog.all(bytesOf(log), above).map(readBallot),
    unsyncedBallotsOf: (log) => unsynced.all(bytesOf(log)).map(readBallot),
    late: (poll, limit) => late.all(bytesOf(poll), limit).map(readBallot),
    all: () => every.all().map(readBallot),
    any: () => one.get() !== undefined,
  };
}

type Key = [Uint8Array, number, number, number, Uint8Array, number];

const NO_BYTES = new Uint8Array();
/** Every voter's key has bytes. */
const BEFORE_ALL: Key = [NO_BYTES, 0, 0, 0, NO_BYTES, 0];

function readSome(row: StoredRow | undefined): BallotRow[] {
  return row === undefined ? [] : [readBallot(row)];
}

function readBallot(row: StoredRow): BallotRow {
  const voter = bytesField(row, "voter");
  return {
    poll: toHex(bytesField(row, "poll")),
    voter,
    tagKey: row["tag"] === null ? voter : bytesField(row, "tag"),
    weight: numberField(row, "weight"),
    option: numberField(row, "option"),
    eligible: numberField(row, "eligible") === 1,
    late: numberField(row, "late") === 1,
    synced: numberField(row, "synced") === 1,
    atMs: numberField(row, "at_ms"),
    log: toHex(bytesField(row, "log")),
    number: numberField(row, "number"),
  };
}

/**
 * Hexadecimal text as the bytes it is stored as, at half its size. They are of few polls and logs, so they are kept: to
 * make them anew takes a twentieth of the time of folding a ballot.
 */
function createIdBytes(): (hex: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (hex) => {
    const found = known.get(hex);
    if (found !== undefined) return found;
    // A station may name as many polls as it likes.
    if (known.size >= MAX_IDS_KEPT) known.clear();
    const bytes = Buffer.from(hex, "hex");
    known.set(hex, bytes);
    return bytes;
  };
}
