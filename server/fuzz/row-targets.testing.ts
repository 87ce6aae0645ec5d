/** Rows of the ledger's projection and words as a damaged disk may hold them, fuzzed. For tests only. */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { toHex } from "../../shared/bytes.ts";
import { foldEntry } from "../../shared/domain/fold.ts";
import { createMemoryProjection } from "../../shared/domain/memory-projection.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { testTag } from "../../shared/domain/testing.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { ledgerChanges } from "../../shared/fuzz/ledger-samples.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { createBallotTable } from "../ledger/sqlite/ballot-table.ts";
import { createFoldedRow } from "../ledger/sqlite/folded-row.ts";
import { explainFault } from "../ledger/sqlite/ledger-fault.ts";
import { createPollTable } from "../ledger/sqlite/poll-table.ts";
import { createRollTable } from "../ledger/sqlite/roll-table.ts";
import { CREATE_PROJECTION } from "../ledger/sqlite/schema.ts";
import { createStationTables } from "../ledger/sqlite/station-tables.ts";

/** A table of the projection, how its rows are written, and how they are read. */
interface Stored {
  table: string;
  read(): unknown;
}

/** Each table of the projection with a true row in it, without what SQLite checks by itself: a damaged page has any value. */
export function rowTargets(): Target[] {
  const database = new DatabaseSync(":memory:");
  database.exec(CREATE_PROJECTION.replaceAll("STRICT, ", "").replaceAll(" STRICT", "").replaceAll("NOT NULL", ""));
  fill(database);
  const [polls, stations] = [createPollTable(database), createStationTables(database)];
  const [folded, roll, ballots] = [createFoldedRow(database), createRollTable(database), createBallotTable(database)];
  const stored: Stored[] = [
    { table: "polls", read: polls.read },
    { table: "stations", read: stations.readStations },
    { table: "logs", read: stations.readLogs },
    { table: "folded", read: folded.read },
    // After it, as what is left of the last is read together with it.
    { table: "folded_roll", read: folded.read },
    { table: "roll", read: roll.all },
    { table: "ballots", read: ballots.all },
  ];
  return stored.map((each) => rowTarget(database, each));
}

/** Entries of the sample ledger after which every table has something. */
const FOLDED = 14;

/** Some rows of each table, by the fold itself. */
function fill(database: DatabaseSync): void {
  const [polls, stations] = [createPollTable(database), createStationTables(database)];
  const [folded, roll, ballots] = [createFoldedRow(database), createRollTable(database), createBallotTable(database)];
  const projection = createMemoryProjection();
  for (const [at, change] of ledgerChanges(sha256).slice(0, FOLDED).entries())
    foldEntry(projection, sha256, { position: at + 1, atMs: 1_000 * at, change });
  database.exec(
    "INSERT INTO folded (id, version, cursor, lf_bits) VALUES (1, 1, 0, 32); INSERT INTO folded_roll VALUES (1, '[]')",
  );
  const row = { cursor: 20, event: "c".repeat(32), roll: ["a".repeat(64)], keyDestroyed: null, lfBits: 32 as const };
  folded.write(row);
  folded.writeRoll(row);
  for (const poll of projection.polls()) polls.write(poll);
  for (const station of projection.stations()) {
    stations.writeStation({ ...station, wish: { cursor: 15, base: 3, hash: "cd".repeat(32), answer: "conflict" } });
    for (const log of projection.logsOf(station.station)) {
      stations.writeLog(log);
      for (const ballot of projection.ballotsOfLog(log.log, 0)) ballots.addBallot(ballot);
    }
  }
  roll.replace([{ tagKey: testTag(1), voter: 1, weight: 1, group: 1 }]);
}

function rowTarget(database: DatabaseSync, { table, read }: Stored): Target {
  const rows = database.prepare(`SELECT * FROM ${table}`).all();
  const [first] = rows;
  if (first === undefined) throw new Error(`no sample in ${table}`);
  const names = Object.keys(first);
  const put = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${names.map(() => "?").join()})`);
  const samples = rows.map((row) => names.map((name): Tree => treeOf(row[name] ?? null)));
  const clear = database.prepare(`DELETE FROM ${table}`);
  const outcomeWith = (row: readonly SQLInputValue[]) => {
    try {
      // What a column's own rules refuse cannot stand in the file either.
      put.run(...row);
    } catch {
      return "not stored";
    }
    try {
      must(read() !== undefined, "there is an answer");
      return "read";
    } catch (error) {
      if (explainFault(error, "ledger.sqlite").why === "corrupt") return "corrupt";
      throw error;
    }
  };
  return {
    name: `stored ${table}`,
    outcomes: ["read", "corrupt"],
    next(random) {
      const row = changedRow(random, random.pick(samples) ?? [], samples);
      return {
        shown: () =>
          `${table} ${JSON.stringify(row.map((value) => (value instanceof Uint8Array ? toHex(value) : value)))}`,
        attempt() {
          try {
            clear.run();
            return outcomeWith(row);
          } finally {
            // Another target may read this table, too.
            clear.run();
            for (const own of rows) put.run(...names.map((name) => own[name] ?? null));
          }
        },
      };
    },
  };
}

function treeOf(value: unknown): Tree {
  if (typeof value === "number" || typeof value === "string" || value instanceof Uint8Array) return value;
  return null;
}

/** One or two columns with other values; those that hold JSON are changed inside as often. */
function changedRow(random: Random, row: readonly Tree[], samples: readonly Tree[][]): SQLInputValue[] {
  const changed = [...row];
  for (let left = random.below(3); left > 0; left--) {
    const at = random.below(changed.length);
    const before = changed[at] ?? null;
    const isJson = typeof before === "string" && /^[[{]/.test(before);
    changed[at] = isJson && random.oneIn(2) ? changedJson(random, before) : mutateTree(random, before, samples);
  }
  return changed.map(columnOf);
}

function changedJson(random: Random, text: string): string {
  if (random.oneIn(3)) return mutateText(random, [text]);
  const tree = parsedTree(text);
  if (tree === undefined) return text;
  return JSON.stringify(mutateTree(random, tree, [tree])) ?? "";
}

/** Undefined for a text that was changed before. */
function parsedTree(text: string): Tree | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJsonTree(value: unknown): value is Tree {
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).every(isJsonTree);
}

function columnOf(tree: Tree): SQLInputValue {
  if (tree === null || typeof tree === "number" || typeof tree === "string" || tree instanceof Uint8Array) return tree;
  return JSON.stringify(tree);
}
