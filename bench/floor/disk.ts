/** The floor of bytes on disk: each batch a row of fixed fields and a signature, in a file of its own. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Poll by its place, option, reader, tag, milliseconds. */
const BALLOT_BYTES = 1 + 1 + 1 + 16 + 4;
/** Log, first number, one poll's hash, signature. */
const BATCH_BYTES = 16 + 4 + 8 + 64;

/** Bytes per ballot when they are stored in batches of this size. @param folder an empty one */
export function floorPerBallot(folder: string, batches: number, perBatch: number): number {
  const path = join(folder, `floor-${perBatch}.sqlite`);
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE batches (position INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    const insert = database.prepare("INSERT INTO batches (body) VALUES (?)");
    const pages = database.prepare("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = 'batches'");
    const bytes = () => Number(pages.get()?.["bytes"]);
    // A ledger is never empty.
    insert.run(randomBytes(BATCH_BYTES + perBatch * BALLOT_BYTES));
    const before = bytes();
    database.exec("BEGIN");
    for (let at = 0; at < batches; at++) insert.run(randomBytes(BATCH_BYTES + perBatch * BALLOT_BYTES));
    database.exec("COMMIT");
    return (bytes() - before) / (batches * perBatch);
  } finally {
    database.close();
  }
}
