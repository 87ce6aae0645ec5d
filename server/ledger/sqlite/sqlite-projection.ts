/**
 * The projection over the ledger's file. Polls, stations and logs live in memory and are written back, those that
 * changed, by `save` inside the transaction that changed them; ballots go to their table at once.
 */
import type { DatabaseSync } from "node:sqlite";
import { shortHash } from "../../../shared/domain/fold-act.ts";
import type { LogRow, PollRow, Projection, StationRow } from "../../../shared/domain/projection.ts";
import { createBallotTable } from "./ballot-table.ts";
import { emptyProjection } from "./open-database.ts";
import { createSmallTables } from "./small-tables.ts";

/** Rows of polls and stations as they are after a commit: those it changed, or all of them at the start. */
export interface StandingRows {
  cursor: number;
  event: string | undefined;
  polls: PollRow[];
  stations: StationRow[];
}

export interface SqliteProjection extends Projection {
  /** Forget what is in memory and read it again: at the start, and after a transaction that was rolled back. */
  load(): void;
  /** Write what changed, as folded up to this position; inside the transaction. */
  save(cursor: number): StandingRows;
  /** Throw everything away; inside a transaction. */
  clear(): void;
  /** Position of the last entry folded into what was saved. */
  cursor(): number;
  /** Counts the rows written: equal before and after an entry, that entry changed nothing. */
  writes(): number;
  standing(): StandingRows;
  /** As `MemoryProjection.dump`. */
  dump(): unknown;
}

export function createSqliteProjection(database: DatabaseSync): SqliteProjection {
  // Both are prepared again with each `load`: their tables may have been dropped and made anew in between.
  let tables = createSmallTables(database);
  let ballots = createBallotTable(database);
  let event: string | undefined;
  let cursor = 0;
  let writes = 0;
  const polls = createCache<PollRow>((row) => row.id);
  const stations = createCache<StationRow>((row) => row.station);
  const logs = createCache<LogRow>((row) => row.log);
  const byHash = new Map<string, string>();

  /** Of two polls with one hash the one defined first keeps it, whichever was opened first. */
  function indexHashes(): void {
    byHash.clear();
    for (const { id, hash, state } of polls.rows.values())
      if (state !== "draft" && !byHash.has(shortHash(hash))) byHash.set(shortHash(hash), id);
  }

  function load(): void {
    tables = createSmallTables(database);
    ballots = createBallotTable(database);
    ({ cursor, event } = tables.readFolded());
    polls.fill(tables.readPolls());
    stations.fill(tables.readStations());
    logs.fill(tables.readLogs());
    indexHashes();
  }
  load();

  return {
    load,
    save(position) {
      const changed = { cursor: position, event, polls: polls.takeChanged(), stations: stations.takeChanged() };
      for (const row of changed.polls) tables.writePoll(row);
      for (const row of changed.stations) tables.writeStation(row);
      for (const row of logs.takeChanged()) tables.writeLog(row);
      tables.writeFolded(position, event);
      cursor = position;
      return changed;
    },
    clear() {
      emptyProjection(database);
      load();
    },
    cursor: () => cursor,
    writes: () => writes,
    standing: () => ({ cursor, event, polls: [...polls.rows.values()], stations: [...stations.rows.values()] }),
    dump: () => ({
      polls: sortedBy([...polls.rows.values()], (row) => row.id),
      logs: sortedBy([...logs.rows.values()], (row) => row.log),
      stations: sortedBy([...stations.rows.values()], (row) => row.station),
      ballots: ballots.all(),
    }),
    event: () => event,
    putEvent(id) {
      writes++;
      event = id;
    },
    station: (id) => stations.rows.get(id),
    putStation(row) {
      writes++;
      stations.put(row);
    },
    poll: (id) => polls.rows.get(id),
    pollByHash(hash) {
      const id = byHash.get(hash);
      return id === undefined ? undefined : polls.rows.get(id);
    },
    putPoll(row) {
      writes++;
      const moved = polls.rows.get(row.id)?.state !== row.state;
      polls.put(row);
      if (moved) indexHashes();
    },
    log: (id) => logs.rows.get(id),
    putLog(row) {
      writes++;
      logs.put(row);
    },
    counting: (poll, tagKey, rule) => ballots.counting(poll, tagKey, rule),
    addBallot(row) {
      writes++;
      ballots.addBallot(row);
    },
    removeBallot(row) {
      writes++;
      ballots.removeBallot(row);
    },
    ballotsOfPoll: (poll, fromMs) => ballots.ballotsOfPoll(poll, fromMs),
    unsyncedBallotsOf: (log) => ballots.unsyncedBallotsOf(log),
  };
}

/** A whole table in memory, and which of its rows are not written yet. */
function createCache<Row>(keyOf: (row: Row) => string) {
  const rows = new Map<string, Row>();
  const changed = new Map<string, Row>();
  return {
    rows,
    fill(stored: readonly Row[]): void {
      rows.clear();
      changed.clear();
      for (const row of stored) rows.set(keyOf(row), row);
    },
    put(row: Row): void {
      rows.set(keyOf(row), row);
      changed.set(keyOf(row), row);
    },
    takeChanged(): Row[] {
      const taken = [...changed.values()];
      changed.clear();
      return taken;
    },
  };
}

function sortedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
