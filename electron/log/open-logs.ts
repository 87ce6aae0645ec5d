/**
 * Opening the log file by itself, as nobody may be there to do it: a damaged one is set aside, what still reads of it is
 * rescued into a new one, and that one is opened. A disk that fails, a lock, a foreign file and a newer version are
 * told instead, and the file is left as it is.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Sha256 } from "../../shared/domain/record.ts";
import { finishPutting, putInPlace } from "./aside.ts";
import { isDamage } from "./disk-trouble.ts";
import { checkWhole, openLogDatabase } from "./log-database.ts";
import type { StoredLog } from "./log-messages.ts";
import { replaceDamaged } from "./replace-damaged.ts";
import { readLogs } from "./stored-logs.ts";

export interface OpenedLogs {
  db: DatabaseSync;
  logs: StoredLog[];
}

/** Throws as `openLogDatabase` does, and what the system says when a damaged file could not be set aside. */
export function openLogs(path: string, sha256: Sha256, nowMs: number): OpenedLogs {
  finishPutting(path);
  let isReplaced = false;
  try {
    return openWhole(path, (error) => {
      if (!isDamage(error)) return;
      replaceDamaged(path, sha256, nowMs);
      isReplaced = true;
    });
  } catch (error) {
    if (!isReplaced) throw error;
  }
  putInPlace(path);
  return openWhole(path, () => {});
}

function openWhole(path: string, beforeClose: (error: unknown) => void): OpenedLogs {
  let logs: StoredLog[] = [];
  const check = (db: DatabaseSync) => {
    checkWhole(db);
    logs = readLogs(db);
  };
  return { db: openLogDatabase(path, { check, beforeClose }), logs };
}
