/**
 * The projection over the ledger's file. Polls, stations and logs live in memory and are written back, those that
 * changed, by `save` inside the transaction that changed them; ballots and the roll go to their tables at once.
 */
import type { DatabaseSync } from "node:sqlite";
import type { LfBits } from "../../../shared/domain/event-settings.ts";
import { shortHash } from "../../../shared/domain/poll.ts";
import type {
  BallotRow,
  LogRow,
  PollRow,
  Projection,
  ProjectionDump,
  StationRow,
} from "../../../shared/domain/projection.ts";
import { takenUpTo } from "../../../shared/domain/terms.ts";
import { createBallotTable } from "./ballot-table.ts";
import { createFoldedRow, type FoldedRow } from "./folded-row.ts";
import type { TakenUpTo } from "./judge-ballots.ts";
import { emptyProjection } from "./open-database.ts";
import { createPollTable } from "./poll-table.ts";
import { createRollTable } from "./roll-table.ts";
import { createLogCache, createRowCache } from "./row-cache.ts";
import { createStationTables } from "./station-tables.ts";

/** Rows of the standing as they are after a commit: those it changed, or all of them at the start. */
export interface StandingRows {
  cursor: number;
  event: string | undefined;
  polls: PollRow[];
  stations: StationRow[];
  /** Logs that are not `taken`. */
  branches: LogRow[];
  /** Null when it was not replaced. */
  roll: readonly string[] | null;
  keyDestroyed: number | null;
  lfBits: LfBits;
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
  /** Ballots that came after a poll's barrier, by time of casting. */
  lateBallots(poll: string, limit: number): BallotRow[];
  rollSize(): { tags: number; voters: number };
  dump(): ProjectionDump;
}

/** Prepared again with each `load`: the tables may have been dropped and made anew in between. */
function openTables(database: DatabaseSync) {
  return {
    folded: createFoldedRow(database),
    polls: createPollTable(database),
    ...createStationTables(database),
    ballots: createBallotTable(database),
    roll: createRollTable(database),
  };
}

export function createSqliteProjection(database: DatabaseSync): SqliteProjection {
  let tables = openTables(database);
  let own: FoldedRow = tables.folded.read();
  let rollReplaced = false;
  let writes = 0;
  const polls = createRowCache<PollRow>((row) => row.id);
  const stations = createRowCache<StationRow>((row) => row.station);
  const logs = createLogCache();
  const byHash = new Map<string, string>();

  /** Of two polls with one hash the one defined first keeps it, whichever was opened first. */
  function indexHashes(): void {
    byHash.clear();
    for (const { id, hash, state } of polls.rows.values())
      if (state !== "draft" && !byHash.has(shortHash(hash))) byHash.set(shortHash(hash), id);
  }

  function load(): void {
    tables = openTables(database);
    own = tables.folded.read();
    rollReplaced = false;
    polls.fill(tables.polls.read());
    stations.fill(tables.readStations());
    logs.fill(tables.readLogs());
    indexHashes();
  }
  load();

  return {
    load,
    save(cursor) {
      own = { ...own, cursor };
      const changed = { polls: polls.takeChanged(), stations: stations.takeChanged() };
      const grown = logs.takeChanged();
      for (const row of changed.polls) tables.polls.write(row);
      for (const row of changed.stations) tables.writeStation(row);
      for (const row of grown) tables.writeLog(row);
      tables.folded.write(own);
      if (rollReplaced) tables.folded.writeRoll(own);
      const roll = rollReplaced ? own.roll : null;
      rollReplaced = false;
      // Of the others nobody is told: with 50 stations they took two thirds of what it costs to pass a commit on.
      return { ...own, ...changed, branches: grown.filter(isBranch), roll };
    },
    clear() {
      emptyProjection(database);
      load();
    },
    cursor: () => own.cursor,
    writes: () => writes,
    standing: () => ({
      ...own,
      polls: [...polls.rows.values()],
      stations: [...stations.rows.values()],
      branches: [...logs.rows.values()].filter(isBranch),
    }),
    lateBallots(id, limit) {
      const poll = polls.rows.get(id);
      return poll === undefined ? [] : tables.ballots.late(shortHash(poll.hash), limit);
    },
    rollSize: () => tables.roll.size(),
    dump: () => ({
      polls: sortedBy([...polls.rows.values()], (row) => row.id),
      logs: sortedBy([...logs.rows.values()], (row) => row.log),
      stations: sortedBy([...stations.rows.values()], (row) => row.station),
      ballots: tables.ballots.all(),
      roll: tables.roll.all(),
      keyDestroyed: own.keyDestroyed,
      lfBits: own.lfBits,
    }),
    event: () => own.event,
    putEvent(event) {
      writes++;
      own = { ...own, event };
    },
    keyDestroyed: () => own.keyDestroyed,
    putKeyDestroyed(keyDestroyed) {
      writes++;
      own = { ...own, keyDestroyed };
    },
    lfBits: () => own.lfBits,
    putLfBits(lfBits) {
      writes++;
      own = { ...own, lfBits };
    },
    hasBallots: () => tables.ballots.any(),
    station: (id) => stations.rows.get(id),
    stations: () => stations.rows.values(),
    putStation(row) {
      writes++;
      stations.put(row);
    },
    poll: (id) => polls.rows.get(id),
    polls: () => polls.rows.values(),
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
    logsOf: (station) => logs.of(station),
    putLog(row) {
      writes++;
      logs.put(row);
    },
    rollChunk: (hash) => tables.roll.rollChunk(hash),
    putRollChunk(hash, chunk) {
      writes++;
      tables.roll.putRollChunk(hash, chunk);
    },
    roll: () => own.roll,
    putRoll(roll, tags) {
      writes++;
      tables.roll.replace(tags);
      own = { ...own, roll };
      rollReplaced = true;
    },
    entitled: (tagKey) => tables.roll.entitled(tagKey),
    counting: (poll, voter, rule) => tables.ballots.counting(poll, voter, rule),
    addBallot(row) {
      writes++;
      tables.ballots.addBallot(row);
    },
    removeBallot(row) {
      writes++;
      tables.ballots.removeBallot(row);
    },
    ballotsOfPoll: (poll, fromMs) => tables.ballots.ballotsOfPoll(poll, fromMs),
    judgeAll(poll, terms) {
      const limits = [...logs.rows.values()].flatMap((row): TakenUpTo[] => {
        const upTo = takenUpTo(row);
        return upTo < row.head ? [[row.log, upTo]] : [];
      });
      const movedMs = tables.ballots.judgeAll(poll, terms, limits);
      if (movedMs !== null) writes++;
      return movedMs;
    },
    countAll: (poll, rule) => tables.ballots.countAll(poll, rule),
    ballotsOfLog: (log, above) => tables.ballots.ballotsOfLog(log, above),
    unsyncedBallotsOf: (log) => tables.ballots.unsyncedBallotsOf(log),
  };
}

function isBranch({ standing }: LogRow): boolean {
  return standing !== "taken";
}

function sortedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
