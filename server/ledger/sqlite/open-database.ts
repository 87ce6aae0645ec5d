/** Opens the ledger's file: made if there is none, refused if it is not ours, and ours alone while it is open. */
import { closeSync, fchmodSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DEFAULT_LF_BITS } from "../../../shared/domain/event-settings.ts";
import { makeFolder } from "../../files/make-folder.ts";
import { writeOverItself } from "../../files/resync.ts";
import { LedgerFaultError } from "./ledger-fault.ts";
import { finishPutting } from "./put-back.ts";
import {
  APPLICATION_ID,
  CREATE_ENTRIES,
  CREATE_PROJECTION,
  DROP_PROJECTION,
  PROJECTION_VERSION,
  SCHEMA_VERSION,
} from "./schema.ts";
import { numberField, textField } from "./stored-fields.ts";

/** A server that was just told to stop needs a moment to let go; a running one never does. */
const BUSY_TIMEOUT_MS = 2000;
/**
 * Holds the inner pages and hot leaves of a poll of some hundred thousand ballots; a twelfth of what the server may use
 * (400 MB). Twice as much saved no time with a million in 20 polls: what is not here is in the system's cache.
 */
const CACHE_KIB = 32_768;
/**
 * Pages of 4 KiB in the write-ahead log before they are copied into the file: 64 MiB. Pages that many groups changed are
 * copied once; read back after a crash in well under a second.
 */
const CHECKPOINT_PAGES = 16_384;
const FILE_MODE = 0o600;

/** The open database, with today's tables in it. Throws what `explainFault` explains. */
export function openDatabase(path: string): DatabaseSync {
  makeFolder(dirname(path));
  finishPutting(path);
  // SQLite takes an empty file for a new one, and throws away what may be all there is.
  if (sizeOf(path) === 0 && sizeOf(`${path}-wal`) > 0)
    throw new LedgerFaultError("corrupt", "it is empty, and its write-ahead log is not");
  claimFile(path);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
  try {
    // Exclusive: a second server would fold into its own memory and answer from it. Kept until the file is closed.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    const fresh = checkOwner(database);
    // Locked by now, and nothing written yet.
    writeOverItself(`${path}-wal`);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec("BEGIN IMMEDIATE");
    if (fresh) {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
      database.exec(CREATE_ENTRIES);
    }
    if (fresh || projectionVersion(database) !== PROJECTION_VERSION) emptyProjection(database);
    database.exec("COMMIT");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Bytes of a file; 0 when there is none. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Throw the projection away, inside a transaction of the caller. */
export function emptyProjection(database: DatabaseSync): void {
  database.exec(DROP_PROJECTION + CREATE_PROJECTION);
  const begin = "INSERT INTO folded (id, version, cursor, lf_bits) VALUES (1, ?, 0, ?)";
  database.prepare(begin).run(PROJECTION_VERSION, DEFAULT_LF_BITS);
  database.exec("INSERT INTO folded_roll (id, roll) VALUES (1, '[]')");
}

/** Makes the file with its mode before SQLite does, which would ask the umask; its journal takes over the mode. */
function claimFile(path: string): void {
  const file = openSync(path, "a", FILE_MODE);
  try {
    fchmodSync(file, FILE_MODE);
  } finally {
    closeSync(file);
  }
}

/** True for an empty file; throws for one that this version must not touch. */
function checkOwner(database: DatabaseSync): boolean {
  const owner = pragma(database, "application_id");
  if (owner !== APPLICATION_ID) {
    const tables = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get();
    if (owner === 0 && tables !== undefined && numberField(tables, "tables") === 0) return true;
    throw new LedgerFaultError("foreign-file", "this file is a database of another program");
  }
  const version = pragma(database, "user_version");
  if (version > SCHEMA_VERSION)
    throw new LedgerFaultError(
      "newer-version",
      `written by a newer version of the server (format ${version}; this one knows ${SCHEMA_VERSION})`,
    );
  if (version < SCHEMA_VERSION)
    throw new LedgerFaultError(
      "older-version",
      `written by an early version of the server (format ${version}; this one reads ${SCHEMA_VERSION})`,
    );
  return false;
}

function pragma(database: DatabaseSync, name: "application_id" | "user_version"): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? 0 : numberField(row, name);
}

function projectionVersion(database: DatabaseSync): number | undefined {
  const table = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'folded'").get();
  if (table === undefined || textField(table, "name") !== "folded") return undefined;
  const row = database.prepare("SELECT version FROM folded").get();
  return row && numberField(row, "version");
}
