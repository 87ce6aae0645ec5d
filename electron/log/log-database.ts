/**
 * The station's logs on disk: SQLite, where a record is there for good once its transaction has been committed with
 * `synchronous=FULL`. No record is ever deleted here; it may move from one log to another (salvage.ts).
 */
import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { writeOverItself } from "./resync.ts";

/** "PSta": tells our file from any other SQLite file. */
const APPLICATION_ID = 0x50537461;
const SCHEMA_VERSION = 3;
/** A backup program may hold the file for a moment. */
const BUSY_MS = 2_000;
/** Votes are nobody else's to read. */
const FILE_MODE = 0o600;

const SCHEMA = `
  CREATE TABLE logs (
    no INTEGER PRIMARY KEY, log BLOB NOT NULL UNIQUE, header BLOB NOT NULL, signature BLOB NOT NULL,
    first_hash BLOB NOT NULL, acked INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE records (
    log_no INTEGER NOT NULL, number INTEGER NOT NULL, record BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (log_no, number)) STRICT, WITHOUT ROWID;
  CREATE TABLE readers (number INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};`;

/** Version 1 had no branches. */
const FROM_VERSION_1 = `
  ALTER TABLE logs ADD COLUMN standing TEXT NOT NULL DEFAULT 'taken';
  ALTER TABLE logs ADD COLUMN was_current INTEGER NOT NULL DEFAULT 1;`;
/** Version 2 did not note which logs a server may have heard of: it may have heard of each. */
const FROM_VERSION_2 = `
  ALTER TABLE logs ADD COLUMN heard INTEGER NOT NULL DEFAULT 1;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** A file of another program. */
export class ForeignFile extends Error {}
/** A file of a later version of this program. */
export class NewerFile extends Error {}
/** Our file, with something in it that we never wrote. */
export class DamagedFile extends Error {}

/** What is to be done besides, while the file is open and nobody else's. */
interface Opening {
  /** What else must be right about it; throws when it is not. */
  check?: (db: DatabaseSync) => void;
  /** Before it is closed again after an error: closing copies the write-ahead log into the file. */
  beforeClose?: (error: unknown) => void;
}

/** Open or make the file; throws SQLite's own error, or one of these. */
export function openLogDatabase(path: string, { check, beforeClose }: Opening = {}): DatabaseSync {
  // SQLite takes an empty file for a new one, and throws away what may be all there is.
  const cutToNothing = sizeOf(path) === 0 && sizeOf(`${path}-wal`) > 0;
  // Made with its mode before SQLite does, which would ask the umask; its journal takes over the mode.
  closeSync(openSync(path, "a", FILE_MODE));
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    if (cutToNothing) throw new DamagedFile("it is empty, and its write-ahead log is not");
    // Exclusive: a second station on the same directory is told so instead of mixing its records with ours.
    db.exec("PRAGMA locking_mode=EXCLUSIVE");
    const application = pragma(db, "application_id");
    const version = pragma(db, "user_version");
    const empty = application === 0 && version === 0 && tables(db) === 0;
    // Before anything is written: WAL mode would stay in another program's file.
    if (!empty && application !== APPLICATION_ID) throw new ForeignFile("it is another program's file");
    if (version > SCHEMA_VERSION) throw new NewerFile("it was written by a newer version of this program");
    // Locked by now, and nothing written yet.
    writeOverItself(`${path}-wal`);
    db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN IMMEDIATE");
    if (empty) db.exec(SCHEMA);
    if (version < 2) db.exec(FROM_VERSION_1);
    if (version < 3) db.exec(FROM_VERSION_2);
    db.exec("COMMIT");
    // Ours, and others may read it, as a copy from a backup often is.
    for (const file of [path, `${path}-wal`]) if (existsSync(file)) chmodSync(file, FILE_MODE);
    check?.(db);
    return db;
  } catch (error) {
    try {
      beforeClose?.(error);
    } finally {
      db.close();
    }
    throw error;
  }
}

/** Bytes of a file; 0 when there is none. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Throws when SQLite finds anything wrong with how the file is made. */
export function checkWhole(db: DatabaseSync): void {
  const found = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (found !== "ok") throw new DamagedFile(`SQLite finds it damaged: ${String(found)}`);
}

function pragma(db: DatabaseSync, name: string): number {
  const value = db.prepare(`PRAGMA ${name}`).get()?.[name];
  return typeof value === "number" ? value : 0;
}

function tables(db: DatabaseSync): number {
  const count = db.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.["count"];
  return typeof count === "number" ? count : 0;
}

/** A column that must hold a whole number; anything else means the file is damaged. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  throw new DamagedFile("a column does not hold a number");
}

/** A column that must hold bytes. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new DamagedFile("a column does not hold bytes");
}

/** A column that must hold text. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new DamagedFile("a column does not hold text");
}
