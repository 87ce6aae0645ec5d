/**
 * The floor of a rebuild: every ballot of the ledger's entries becomes a row of a clustered table, in transactions as
 * large and a cache as big as the server's. Nothing is checked, judged, chosen or counted. It then stays, so that its
 * memory can be looked at. Usage: rebuild.ts LEDGER DATABASE
 */
import { DatabaseSync } from "node:sqlite";
import { cutBatch } from "./packed-ballots.ts";

/** Entries of this kind are a hash of 32 bytes and a batch. */
const BATCH_KIND = 8;
const HASH_BYTES = 32;
const ENTRIES_PER_TRANSACTION = 4096;

const [, , ledgerPath = ":memory:", path = ":memory:"] = process.argv;
const ledger = new DatabaseSync(ledgerPath, { readOnly: true });
const database = new DatabaseSync(path);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 16384;
  CREATE TABLE ballots (
    poll BLOB NOT NULL, voter BLOB NOT NULL, at_ms INTEGER NOT NULL, log BLOB NOT NULL, number INTEGER NOT NULL,
    option INTEGER NOT NULL, PRIMARY KEY (poll, voter, at_ms, log, number)
  ) STRICT, WITHOUT ROWID`);
const begin = database.prepare("BEGIN IMMEDIATE");
const commit = database.prepare("COMMIT");
const insert = database.prepare("INSERT INTO ballots VALUES (?, ?, ?, ?, ?, ?)");
const entries = ledger.prepare("SELECT body FROM entries WHERE kind = ? ORDER BY position");

let ballots = 0;
let read = 0;
for (const { body } of entries.iterate(BATCH_KIND)) {
  if (!(body instanceof Uint8Array)) continue;
  if (read++ % ENTRIES_PER_TRANSACTION === 0) {
    if (database.isTransaction) commit.run();
    begin.run();
  }
  cutBatch(body, HASH_BYTES, ({ poll, tag, ms, log, number, option }) => {
    insert.run(poll, tag, ms, log, number, option);
    ballots += 1;
  });
}
if (database.isTransaction) commit.run();
console.log(`ballots ${ballots}`);
setInterval(() => undefined, 60_000);
