/** The polls of the projection: read whole at the start, written row by row. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import * as v from "valibot";
import { Certify, Counts, Groups, PollState, RandomUids, Results } from "../../../shared/domain/poll.ts";
import type { PollRow } from "../../../shared/domain/projection.ts";
import { IdText, WallMs, whole } from "../../../shared/schemas.ts";
import {
  flagField,
  jsonField,
  jsonOrNull,
  numberField,
  textField,
  textOrNull,
  wordField,
  type StoredRow,
} from "./stored-fields.ts";
import { prepareUpsert } from "./upsert.ts";
import { createWrittenRows } from "./written-rows.ts";

export interface PollTable {
  /** In order of definition. */
  read(): PollRow[];
  write(row: PollRow): void;
}

export function createPollTable(database: DatabaseSync): PollTable {
  const all = database.prepare("SELECT * FROM polls ORDER BY place");
  const put = prepareUpsert(database, "polls", "id");
  const move = database.prepare(
    "UPDATE polls SET tally = ?, unsynced = ?, late = ?, latest_ms = ?, tally_cursor = ? WHERE id = ?",
  );
  const written = createWrittenRows<PollRow>(({ id }) => id, ["tally", "unsynced", "late", "latestMs", "tallyCursor"]);
  return {
    read: () => all.all().map(readPoll),
    write(row) {
      const { id, tally, unsynced, late, latestMs, tallyCursor } = row;
      if (written.onlyMoved(row)) move.run(JSON.stringify(tally), unsynced, late, latestMs, tallyCursor, id);
      else put.run(fieldsOf(row));
    },
  };
}

function fieldsOf(row: PollRow): Record<string, SQLInputValue> {
  return {
    id: row.id,
    hash: row.hash,
    options: row.options,
    counts: row.counts,
    up_to: row.upTo,
    results: row.results,
    groups: JSON.stringify(row.groups),
    random_uids: row.randomUids,
    certify: row.certify,
    tagless: row.tagless ? 1 : 0,
    round: row.round,
    first: row.first,
    state: row.state,
    moves: row.moves,
    windows: JSON.stringify(row.windows),
    closed: row.closed && JSON.stringify(row.closed),
    tally: JSON.stringify(row.tally),
    unsynced: row.unsynced,
    late: row.late,
    barrier: row.barrier && JSON.stringify(row.barrier),
    latest_ms: row.latestMs,
    state_cursor: row.stateCursor,
    tally_cursor: row.tallyCursor,
  };
}

const Windows = v.array(v.strictObject({ fromMs: WallMs, toMs: v.nullable(WallMs) }));
const Closed = v.strictObject({ atMs: WallMs, cursor: whole(1), backAtMs: v.nullable(WallMs) });
const Tally = v.array(whole(0));
const StoredBarrier = v.strictObject({
  cursor: whole(1),
  atMs: WallMs,
  why: v.picklist(["drained", "time", "by-hand", "restored"]),
  missing: v.array(IdText),
  reason: v.nullable(v.string()),
});

function readPoll(row: StoredRow): PollRow {
  return {
    id: textField(row, "id"),
    hash: textField(row, "hash"),
    options: numberField(row, "options"),
    counts: wordField(row, "counts", Counts),
    upTo: numberField(row, "up_to"),
    results: wordField(row, "results", Results),
    groups: jsonField(row, "groups", Groups),
    randomUids: wordField(row, "random_uids", RandomUids),
    certify: wordField(row, "certify", Certify),
    tagless: flagField(row, "tagless"),
    round: numberField(row, "round"),
    first: textOrNull(row, "first"),
    state: wordField(row, "state", PollState),
    moves: numberField(row, "moves"),
    windows: jsonField(row, "windows", Windows),
    closed: jsonOrNull(row, "closed", Closed),
    tally: jsonField(row, "tally", Tally),
    unsynced: numberField(row, "unsynced"),
    late: numberField(row, "late"),
    barrier: jsonOrNull(row, "barrier", StoredBarrier),
    latestMs: numberField(row, "latest_ms"),
    stateCursor: numberField(row, "state_cursor"),
    tallyCursor: numberField(row, "tally_cursor"),
  };
}
