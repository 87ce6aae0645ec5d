/** For tests only: data directories, and logs opened in them. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeHeader, encodeRecord, firstHash, type LogPlace, type LogRecord } from "../../shared/domain/record.ts";
import type { Stored } from "./append-runs.ts";
import type { NewLog } from "./log-messages.ts";
import { openStationLog, type StationLog } from "./station-log.ts";

export const WORKER = new URL("log-worker.ts", import.meta.url);
export const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

export const ballotAt = (ms: number, option = 1): LogRecord => ({
  kind: "ballot",
  poll: new Uint8Array(8).fill(7),
  option,
  tagKey: sha256(Uint8Array.of(ms & 255, (ms >> 8) & 255, ms >> 16)).slice(0, 16),
  ms,
  reader: 1,
});

export const clockAt = (ms: number): LogRecord => ({ kind: "clock", ms, serverMs: 1_000_000 + ms, uncertaintyMs: 2 });

/** Begin a log with a header of its own. */
export async function beginLog(store: Pick<StationLog, "begin">): Promise<NewLog> {
  const fresh = newLog();
  await store.begin(fresh);
  return fresh;
}

/** The header of a log to salvage into, and its first hash. */
export function newLog(parent: LogPlace | null = null): NewLog {
  const log = new Uint8Array(randomBytes(16));
  const id = new Uint8Array(16);
  const header = encodeHeader({ log, station: id, event: id, openedAtMs: 1, parent });
  return { log, header, signature: new Uint8Array(64), hash: firstHash(sha256, header) };
}

export function append(store: StationLog, ...records: LogRecord[]): Promise<Stored[]> {
  return Promise.all(records.map((record) => store.append(encodeRecord(record))));
}

export interface LogBed {
  newDirectory(): string;
  open(directory: string): Promise<StationLog>;
  /** Close and remove everything. */
  clear(): Promise<void>;
}

export function createLogBed(): LogBed {
  const directories: string[] = [];
  const stores: StationLog[] = [];
  return {
    newDirectory() {
      const directory = mkdtempSync(join(tmpdir(), "station-log-"));
      directories.push(directory);
      return directory;
    },
    async open(directory) {
      const store = await openStationLog(join(directory, "log.sqlite"), WORKER);
      stores.push(store);
      return store;
    },
    async clear() {
      for (const store of stores.splice(0)) await store.close();
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
    },
  };
}
