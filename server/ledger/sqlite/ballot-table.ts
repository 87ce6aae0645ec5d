/** The ballots of the projection: one clustered table, read and written by prepared statements. */
import type { DatabaseSync } from "node:sqlite";
import { toHex } from "../../../shared/bytes.ts";
import { chooseBallots } from "../../../shared/domain/ballot-order.ts";
import type { BallotRow, Projection } from "../../../shared/domain/projection.ts";
import { bytesField, numberField, type StoredRow } from "./stored-fields.ts";

export type BallotTable = Pick<
  Projection,
  "counting" | "addBallot" | "removeBallot" | "ballotsOfPoll" | "unsyncedBallotsOf"
> & {
  /** Every ballot, by log and number. */
  all(): BallotRow[];
};

const VOTER = "FROM ballots WHERE poll = ? AND tag = ? AND eligible = 1";

export function createBallotTable(database: DatabaseSync): BallotTable {
  const last = database.prepare(`SELECT * ${VOTER} ORDER BY synced DESC, at_ms DESC, log DESC, number DESC LIMIT 1`);
  // Synchronised ballots come first under every rule, so the range has to be entered at two places. `synced` is written
  // out: bound, SQLite would plan the statement anew each time, for the partial index on it (12 µs instead of 2).
  const firstSynced = database.prepare(`SELECT * ${VOTER} AND synced = 1 ORDER BY at_ms, log, number LIMIT 1`);
  const firstUnsynced = database.prepare(`SELECT * ${VOTER} AND synced = 0 ORDER BY at_ms, log, number LIMIT 1`);
  const ofVoter = database.prepare(`SELECT * ${VOTER}`);
  const anyUnsynced = database.prepare("SELECT 1 FROM ballots WHERE synced = 0 LIMIT 1");
  // As long as there is none the second place need not be looked at; once there was one, it is until the next load.
  let mayBeUnsynced = anyUnsynced.get() !== undefined;
  const add = database.prepare("INSERT INTO ballots VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const remove = database.prepare(
    `DELETE FROM ballots WHERE poll = ? AND tag = ? AND eligible = ?
     AND +synced = ? AND at_ms = ? AND log = ? AND number = ?`,
  );
  const ofPoll = database.prepare("SELECT * FROM ballots WHERE poll = ? AND at_ms >= ? ORDER BY at_ms, log, number");
  const unsynced = database.prepare("SELECT * FROM ballots WHERE log = ? AND synced = 0 ORDER BY number");
  const every = database.prepare("SELECT * FROM ballots ORDER BY log, number");
  return {
    counting(poll, tagKey, rule) {
      const key = bytesOfHex(poll);
      // One option, and it is one seek; several, and the voter's ballots are read: a handful, bounded by what one taps.
      if (rule.upTo > 1) return chooseBallots(rule, ofVoter.all(key, tagKey).map(readBallot));
      if (rule.counts === "last") return readSome(last.get(key, tagKey));
      const row = firstSynced.get(key, tagKey);
      return readSome(row === undefined && mayBeUnsynced ? firstUnsynced.get(key, tagKey) : row);
    },
    addBallot(row) {
      const { eligible, synced, atMs, number, option } = row;
      mayBeUnsynced ||= !synced;
      add.run(bytesOfHex(row.poll), row.tagKey, +eligible, +synced, atMs, bytesOfHex(row.log), number, option);
    },
    removeBallot(row) {
      const { eligible, synced, atMs, number } = row;
      remove.run(bytesOfHex(row.poll), row.tagKey, +eligible, +synced, atMs, bytesOfHex(row.log), number);
    },
    ballotsOfPoll: (poll, fromMs) => ofPoll.all(bytesOfHex(poll), fromMs).map(readBallot),
    unsyncedBallotsOf: (log) => unsynced.all(bytesOfHex(log)).map(readBallot),
    all: () => every.all().map(readBallot),
  };
}

function readSome(row: StoredRow | undefined): BallotRow[] {
  return row === undefined ? [] : [readBallot(row)];
}

function readBallot(row: StoredRow): BallotRow {
  return {
    poll: toHex(bytesField(row, "poll")),
    tagKey: bytesField(row, "tag"),
    option: numberField(row, "option"),
    eligible: numberField(row, "eligible") === 1,
    synced: numberField(row, "synced") === 1,
    atMs: numberField(row, "at_ms"),
    log: toHex(bytesField(row, "log")),
    number: numberField(row, "number"),
  };
}

/** Hexadecimal text as the bytes it is stored as, at half its size. */
function bytesOfHex(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
