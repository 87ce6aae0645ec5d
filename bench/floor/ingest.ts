/**
 * The floor of taking ballots in: the same rows by group commit, in a process of its own. Nothing comes over a socket,
 * nothing is checked, hashed, judged or acknowledged; rows are made before the clock starts.
 *
 * A row is a ballot as the server keeps it, under the server's key, and every commit holds the counts it led to. The floor
 * is PERFORMANCE.md's "group commit, 100 in flight": `perCommit` 100. With 50 stations of 8 batches in flight the server's
 * ledger takes up to 9,000 ballots into a commit (`MAX_GROUP_BYTES` there); what that gives is in the notes.
 *
 * Usage: ingest.ts DATABASE; asked `{rows, perCommit}` it answers with rows a second.
 */
import { randomFillSync } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { answerParent } from "../child.ts";

const Question = v.object({ rows: v.number(), perCommit: v.number() });
const OPTIONS = 5;
const STATIONS = 50;
const ID_BYTES = 16;
const POLL = new Uint8Array(ID_BYTES).fill(7);

interface Row {
  voter: Uint8Array;
  ms: number;
  log: Uint8Array;
  number: number;
  option: number;
}

const database = new DatabaseSync(process.argv[2] ?? ":memory:");
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 16384;
  CREATE TABLE ballots (
    poll BLOB NOT NULL, voter BLOB NOT NULL, at_ms INTEGER NOT NULL, log BLOB NOT NULL, number INTEGER NOT NULL,
    option INTEGER NOT NULL, PRIMARY KEY (poll, voter, at_ms, log, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tally (option INTEGER PRIMARY KEY, votes INTEGER NOT NULL) STRICT;`);
const begin = database.prepare("BEGIN IMMEDIATE");
const commit = database.prepare("COMMIT");
const insert = database.prepare("INSERT INTO ballots VALUES (?, ?, ?, ?, ?, ?)");
const count = database.prepare("INSERT INTO tally VALUES (?, ?) ON CONFLICT DO UPDATE SET votes = excluded.votes");

const logs = Array.from({ length: STATIONS }, () => randomFillSync(new Uint8Array(ID_BYTES)));
const counts = Array.from({ length: OPTIONS }, () => 0);
let made = 0;

function makeRows(length: number): Row[] {
  const tags = randomFillSync(new Uint8Array(length * ID_BYTES));
  return Array.from({ length }, (_, at) => ({
    voter: tags.slice(at * ID_BYTES, (at + 1) * ID_BYTES),
    ms: Date.now() + at,
    log: logs[at % STATIONS] ?? POLL,
    number: ++made,
    option: (at % OPTIONS) + 1,
  }));
}

function commitRows(rows: readonly Row[]): void {
  begin.run();
  for (const { voter, ms, log, number, option } of rows) {
    insert.run(POLL, voter, ms, log, number, option);
    counts[option - 1] = (counts[option - 1] ?? 0) + 1;
  }
  for (const [at, votes] of counts.entries()) count.run(at + 1, votes);
  commit.run();
}

answerParent((question) => {
  const { rows, perCommit } = v.parse(Question, question);
  const all = makeRows(rows);
  const startMs = performance.now();
  for (let at = 0; at < rows; at += perCommit) commitRows(all.slice(at, at + perCommit));
  return (rows * 1000) / (performance.now() - startMs);
});
