/** A stopped server's projection, as another version would have left it: the next start folds everything anew. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openScratch } from "../../e2e/rig/scratch.ts";

export const LEDGER_FILE = "ledger.sqlite";
/** No version of the fold was ever this one. */
const NO_VERSION = 0;

/** A copy of a stopped server's directory. */
export function copyOf(directory: string): string {
  const copy = openScratch("bench-copy");
  cpSync(directory, copy, { recursive: true });
  return copy;
}

export function throwProjectionAway(directory: string): void {
  const database = new DatabaseSync(join(directory, LEDGER_FILE));
  try {
    const { changes } = database.prepare("UPDATE folded SET version = ?").run(NO_VERSION);
    if (changes !== 1) throw new Error(`${changes} projections in ${directory}, not one`);
  } finally {
    database.close();
  }
}

/** That there was a rebuild at all: throws unless the stopped server has folded every entry, and holds every ballot. */
export function checkRebuilt(directory: string, ballots: number): void {
  const database = new DatabaseSync(join(directory, LEDGER_FILE), { readOnly: true });
  try {
    const row = database
      .prepare(
        `SELECT version, cursor, (SELECT max(position) FROM entries) AS last, (SELECT count(*) FROM ballots) AS ballots
         FROM folded`,
      )
      .get();
    const folded = row !== undefined && row["version"] !== NO_VERSION && row["cursor"] === row["last"];
    if (!folded || row["ballots"] !== ballots) throw new Error(`not rebuilt in ${directory}: ${JSON.stringify(row)}`);
  } finally {
    database.close();
  }
}
