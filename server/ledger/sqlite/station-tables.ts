/** The stations of the projection and their logs: read whole at the start, written row by row. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import * as v from "valibot";
import type { LogRow, StationRow } from "../../../shared/domain/projection.ts";
import { whole } from "../../../shared/schemas.ts";
import {
  bytesField,
  jsonField,
  jsonOrNull,
  numberField,
  numberOrNull,
  textField,
  textOrNull,
  wordField,
  type StoredRow,
} from "./stored-fields.ts";
import { prepareUpsert } from "./upsert.ts";
import { createWrittenRows } from "./written-rows.ts";

export interface StationTables {
  /** In order of admission. */
  readStations(): StationRow[];
  writeStation(row: StationRow): void;
  /** In the order in which they became known. */
  readLogs(): LogRow[];
  writeLog(row: LogRow): void;
}

export function createStationTables(database: DatabaseSync): StationTables {
  const stations = database.prepare("SELECT * FROM stations ORDER BY place");
  const putStation = prepareUpsert(database, "stations", "station");
  const logs = database.prepare("SELECT * FROM logs ORDER BY opened_cursor");
  const putLog = prepareUpsert(database, "logs", "log");
  const moveLog = database.prepare("UPDATE logs SET head = ?, hash = ?, grown_cursor = ?, last_ms = ? WHERE log = ?");
  const written = createWrittenRows<LogRow>(({ log }) => log, ["head", "hash", "grownCursor", "lastMs"]);
  return {
    readStations: () => stations.all().map(readStation),
    writeStation: ({ station, key, cursor, revoked, forgot, wish }) =>
      void putStation.run({ station, key, cursor, revoked, forgot, wish: wish && JSON.stringify(wish) }),
    readLogs: () => logs.all().map(readLog),
    writeLog(row) {
      const { log, head, hash, grownCursor, lastMs } = row;
      if (written.onlyMoved(row)) moveLog.run(head, hash, grownCursor, lastMs, log);
      else putLog.run(logFields(row));
    },
  };
}

function logFields(row: LogRow): Record<string, SQLInputValue> {
  return {
    log: row.log,
    station: row.station,
    standing: row.standing,
    accepted: row.accepted,
    head: row.head,
    hash: row.hash,
    first_hash: row.firstHash,
    opened_at_ms: row.openedAtMs,
    parent_log: row.parent?.log ?? null,
    parent_number: row.parent?.number ?? null,
    opened_cursor: row.openedCursor,
    grown_cursor: row.grownCursor,
    clock_ms: row.clock?.ms ?? null,
    clock_server_ms: row.clock?.serverMs ?? null,
    last_ms: row.lastMs,
    drained: JSON.stringify(row.drained),
  };
}

const StoredStanding = v.picklist(["taken", "aside", "admitted", "rejected"]);
const Drained = v.array(v.string());
const StoredWish = v.strictObject({
  cursor: whole(1),
  base: whole(0),
  hash: v.string(),
  answer: v.nullable(v.picklist(["taken", "conflict", "unknown-reader"])),
});

function readStation(row: StoredRow): StationRow {
  return {
    station: textField(row, "station"),
    key: bytesField(row, "key"),
    cursor: numberField(row, "cursor"),
    revoked: numberOrNull(row, "revoked"),
    forgot: numberOrNull(row, "forgot"),
    wish: jsonOrNull(row, "wish", StoredWish),
  };
}

function readLog(row: StoredRow): LogRow {
  const [parentLog, parentNumber] = [textOrNull(row, "parent_log"), numberOrNull(row, "parent_number")];
  const [clockMs, clockServerMs] = [numberOrNull(row, "clock_ms"), numberOrNull(row, "clock_server_ms")];
  return {
    log: textField(row, "log"),
    station: textField(row, "station"),
    firstHash: bytesField(row, "first_hash"),
    openedAtMs: numberField(row, "opened_at_ms"),
    parent: parentLog === null || parentNumber === null ? null : { log: parentLog, number: parentNumber },
    standing: wordField(row, "standing", StoredStanding),
    accepted: numberOrNull(row, "accepted"),
    openedCursor: numberField(row, "opened_cursor"),
    grownCursor: numberField(row, "grown_cursor"),
    head: numberField(row, "head"),
    hash: bytesField(row, "hash"),
    clock: clockMs === null || clockServerMs === null ? null : { ms: clockMs, serverMs: clockServerMs },
    lastMs: numberField(row, "last_ms"),
    drained: jsonField(row, "drained", Drained),
  };
}
