/** The floor of a start: Node opens the ledger's file and reads its last entry. Usage: last-entry.ts LEDGER */
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(process.argv[2] ?? ":memory:", { readOnly: true });
const last = database.prepare("SELECT * FROM entries ORDER BY position DESC LIMIT 1").get();
console.log(`entry ${String(last?.["position"])}`);
database.close();
