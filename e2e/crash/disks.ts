/** What is on the disks of a server and of a station, read from copies after their programs are gone. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { toHex } from "../../shared/bytes.ts";
import { decodeBatch } from "../../shared/domain/batch.ts";
import { decodeChange } from "../../shared/domain/entry-codec.ts";
import type { Entry } from "../../shared/domain/entry.ts";
import { shortHash } from "../../shared/domain/poll.ts";
import { encodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import { readEventKey, tagKeyOf } from "../rig/event-key.ts";
import { openScratch } from "../rig/scratch.ts";
import type { ShownTap } from "./voters.ts";

/** A log by its id: its records' bytes, hexadecimal, record 1 first. */
export type Logs = Map<string, string[]>;

export interface LedgerOnDisk {
  logs: Logs;
  records: LogRecord[];
  /** Of every batch, in the ledger's order. */
  batches: { log: string; first: number; count: number }[];
}

/** The entries in a server's data directory. Throws where positions leave a gap. */
export function readEntries(directory: string): Entry[] {
  const sql = "SELECT position, at_ms, kind, body FROM entries ORDER BY position";
  return rowsOf(join(directory, "ledger.sqlite"), sql).map(({ position, at_ms: atMs, kind, body }, at) => {
    if (position !== at + 1) throw new Error(`entry ${at + 1} of the ledger has position ${String(position)}`);
    const change = decodeChange(Number(kind), bytes(body));
    if (change === undefined) throw new Error(`entry ${at + 1} of the ledger is damaged`);
    return { position, atMs: Number(atMs), change };
  });
}

/** The logs in a server's data directory. Throws where a log's numbers leave a gap or come twice. */
export function readLedger(directory: string): LedgerOnDisk {
  const logs: Logs = new Map();
  const records: LogRecord[] = [];
  const batches: LedgerOnDisk["batches"] = [];
  for (const { position, change } of readEntries(directory)) {
    if (change.kind !== "batch") continue;
    const batch = decodeBatch(change.batch);
    if (batch === undefined) throw new Error(`the batch in entry ${position} of the ledger is damaged`);
    const id = toHex(batch.log);
    const log = logs.get(id) ?? [];
    if (batch.first !== log.length + 1)
      throw new Error(`a batch of ${id} begins at ${batch.first} after ${log.length}`);
    logs.set(id, [...log, ...batch.records.map((record) => toHex(encodeRecord(record)))]);
    records.push(...batch.records);
    batches.push({ log: id, first: batch.first, count: batch.records.length });
  }
  return { logs, records, batches };
}

/** The logs in a station's data directory that hold anything, oldest first. */
export function readStationLogs(directory: string): Logs {
  const logs: Logs = new Map();
  const rows = rowsOf(
    join(directory, "log.sqlite"),
    "SELECT log, record FROM logs JOIN records ON log_no = no ORDER BY no, number",
  );
  for (const { log, record } of rows) {
    const id = toHex(bytes(log));
    const records = logs.get(id) ?? [];
    records.push(toHex(bytes(record)));
    logs.set(id, records);
  }
  return logs;
}

/** The votes among records, each once however often it is there: poll, option and voter. */
export function votesOf(records: readonly LogRecord[]): Set<string> {
  const ballots = records.filter((record) => record.kind === "ballot");
  return new Set(ballots.map(({ poll, option, tagKey }) => `${toHex(poll)} ${option} ${toHex(tagKey)}`));
}

/**
 * The votes that these taps are.
 * @param server its data directory, for the key that makes a tag's pseudonym
 * @param hash the poll's
 */
export function votesOfTaps(server: string, hash: string, taps: readonly ShownTap[]): Set<string> {
  const eventKey = readEventKey(server);
  return new Set(taps.map(({ uid, option }) => `${shortHash(hash)} ${option} ${tagKeyOf(eventKey, uid)}`));
}

/** Rows of a copy: a kill leaves a write-ahead log behind, and whoever opens it recovers it. */
function rowsOf(path: string, sql: string): Record<string, SQLOutputValue>[] {
  const copy = join(openScratch("disk"), "copy.sqlite");
  cpSync(path, copy);
  if (existsSync(`${path}-wal`)) cpSync(`${path}-wal`, `${copy}-wal`);
  const database = new DatabaseSync(copy);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

function bytes(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error(`expected bytes, not ${typeof value}`);
  return value;
}
