/**
 * A data directory in which thousands of stations are admitted already. Through the API that is one typed code each, with
 * at most `MAX_WAITING_STATIONS` at a time. Here a real server makes the directory, and while it is stopped the same
 * acts are put behind its last entry, in the ledger's own public form; its next start folds them like any others.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startServerProgram } from "../../e2e/rig/server-program.ts";
import { toHex } from "../../shared/bytes.ts";
import { encodeChange } from "../../shared/domain/entry-codec.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { LEDGER_FILE } from "../growth/thrown-away.ts";
import { sha256, stationKey } from "./station-keys.ts";

/** A stopped server's new directory. Throws when the ledger is not as this code knows it. */
export async function prepareDirectory(seed: string, stations: number): Promise<string> {
  const server = await startServerProgram();
  await server.stop();
  const database = new DatabaseSync(join(server.data, LEDGER_FILE));
  try {
    const last = database.prepare("SELECT position, at_ms FROM entries ORDER BY position DESC LIMIT 1").get();
    if (last === undefined) throw new Error(`the ledger in ${server.data} has no entries`);
    const [position, atMs] = [Number(last["position"]), Number(last["at_ms"])];
    const insert = database.prepare("INSERT INTO entries (position, at_ms, kind, body) VALUES (?, ?, ?, ?)");
    database.exec("BEGIN IMMEDIATE");
    for (let number = 0; number < stations; number++) {
      const { publicKey } = stationKey(seed, number);
      const station = toHex(stationId(sha256, publicKey));
      const { kind, body } = encodeChange({ kind: "station-admitted", station, key: publicKey });
      insert.run(position + 1 + number, atMs, kind, body);
    }
    database.exec("COMMIT");
  } finally {
    database.close();
  }
  return server.data;
}
