/** The small tables of the projection (polls, stations, logs): read whole at the start, written row by row. */
import type { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import { Counts, PollState, Results } from "../../../shared/domain/poll.ts";
import type { LogRow, PollRow, StationRow } from "../../../shared/domain/projection.ts";
import { WallMs, whole } from "../../../shared/schemas.ts";
import {
  bytesField,
  damaged,
  numberField,
  numberOrNull,
  textField,
  textOrNull,
  type StoredRow,
} from "./stored-fields.ts";

export interface SmallTables {
  readFolded(): { cursor: number; event: string | undefined };
  writeFolded(cursor: number, event: string | undefined): void;
  /** In order of definition. */
  readPolls(): PollRow[];
  writePoll(row: PollRow): void;
  /** In order of admission. */
  readStations(): StationRow[];
  writeStation(row: StationRow): void;
  readLogs(): LogRow[];
  writeLog(row: LogRow): void;
}

export function createSmallTables(database: DatabaseSync): SmallTables {
  const folded = database.prepare("SELECT cursor, event FROM folded");
  const putFolded = database.prepare("UPDATE folded SET cursor = ?, event = ?");
  const polls = database.prepare("SELECT * FROM polls ORDER BY place");
  const putPoll = database.prepare(
    `INSERT INTO polls (id, hash, options, counts, up_to, results, state, windows, tally, latest_ms, state_cursor, tally_cursor)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, options = excluded.options, counts = excluded.counts,
       up_to = excluded.up_to, results = excluded.results, state = excluded.state, windows = excluded.windows, tally = excluded.tally, latest_ms = excluded.latest_ms,
       state_cursor = excluded.state_cursor, tally_cursor = excluded.tally_cursor`,
  );
  const stations = database.prepare("SELECT * FROM stations ORDER BY place");
  const putStation = database.prepare(
    `INSERT INTO stations (station, key, cursor) VALUES (?, ?, ?)
     ON CONFLICT (station) DO UPDATE SET key = excluded.key, cursor = excluded.cursor`,
  );
  const logs = database.prepare("SELECT * FROM logs");
  const putLog = database.prepare("INSERT OR REPLACE INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  return {
    readFolded() {
      const row = folded.get() ?? damaged("folded");
      return { cursor: numberField(row, "cursor"), event: textOrNull(row, "event") ?? undefined };
    },
    writeFolded: (cursor, event) => void putFolded.run(cursor, event ?? null),
    readPolls: () => polls.all().map(readPoll),
    writePoll: (row) =>
      void putPoll.run(
        row.id,
        row.hash,
        row.options,
        row.counts,
        row.upTo,
        row.results,
        row.state,
        JSON.stringify(row.windows),
        JSON.stringify(row.tally),
        row.latestMs,
        row.stateCursor,
        row.tallyCursor,
      ),
    readStations: () => stations.all().map(readStation),
    writeStation: (row) => void putStation.run(row.station, row.key, row.cursor),
    readLogs: () => logs.all().map(readLog),
    writeLog: (row) =>
      void putLog.run(
        row.log,
        row.station,
        row.openedAtMs,
        Number(row.admitted),
        row.head,
        row.hash,
        row.clock?.ms ?? null,
        row.clock?.serverMs ?? null,
        row.lastMs,
      ),
  };
}

const Windows = v.array(v.strictObject({ fromMs: WallMs, toMs: v.nullable(WallMs) }));
const Tally = v.array(whole(0));

function readPoll(row: StoredRow): PollRow {
  return {
    id: textField(row, "id"),
    hash: textField(row, "hash"),
    options: numberField(row, "options"),
    counts: v.parse(Counts, textField(row, "counts")),
    upTo: numberField(row, "up_to"),
    results: v.parse(Results, textField(row, "results")),
    state: v.parse(PollState, textField(row, "state")),
    windows: v.parse(Windows, JSON.parse(textField(row, "windows"))),
    tally: v.parse(Tally, JSON.parse(textField(row, "tally"))),
    latestMs: numberField(row, "latest_ms"),
    stateCursor: numberField(row, "state_cursor"),
    tallyCursor: numberField(row, "tally_cursor"),
  };
}

function readStation(row: StoredRow): StationRow {
  return { station: textField(row, "station"), key: bytesField(row, "key"), cursor: numberField(row, "cursor") };
}

function readLog(row: StoredRow): LogRow {
  const clockMs = numberOrNull(row, "clock_ms");
  const clockServerMs = numberOrNull(row, "clock_server_ms");
  return {
    log: textField(row, "log"),
    station: textField(row, "station"),
    openedAtMs: numberField(row, "opened_at_ms"),
    admitted: numberField(row, "admitted") === 1,
    head: numberField(row, "head"),
    hash: bytesField(row, "hash"),
    clock: clockMs === null || clockServerMs === null ? null : { ms: clockMs, serverMs: clockServerMs },
    lastMs: numberField(row, "last_ms"),
  };
}
