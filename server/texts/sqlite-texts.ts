/**
 * The store of words on SQLite. It works on the caller's thread: an organiser writes a few lines an hour, and reads come
 * from memory pages.
 */
import { createHash } from "node:crypto";
import { closeSync, fchmodSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toHex } from "../../shared/bytes.ts";
import { makeFolder } from "../files/make-folder.ts";
import { decodeReaderList, encodeReaderList } from "../../shared/domain/mapping-bytes.ts";
import { decodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import { TextsFault, type Texts, type TextsFaultCode } from "./texts.ts";

export const TEXTS_FILE = "texts.sqlite";
/** A server that was just told to stop needs a moment to let go. */
const BUSY_TIMEOUT_MS = 2000;
/** "PSTX": tells this file from another program's database. */
const APPLICATION_ID = 0x50_53_54_58;
const SCHEMA_VERSION = 3;
/** Words about people may be in it: for the server's own user. */
const FILE_MODE = 0o600;
/** Definitions are content-addressed and never change; as many as an event has polls stay parsed. */
const MAX_PARSED = 500;

const SCHEMA = `
CREATE TABLE definitions (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE event (id INTEGER PRIMARY KEY CHECK (id = 1), title TEXT NOT NULL) STRICT;
CREATE TABLE stations (station TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};
`;
/** What versions 2 and 3 added; no statement of it harms a file that has it. */
const LATER = `
CREATE TABLE IF NOT EXISTS reasons (hash TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reader_lists (
  station TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (station, hash)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Open, or begin, the store in a data directory. Throws `TextsFault`. */
export function openTexts(directory: string): Texts {
  const path = join(directory, TEXTS_FILE);
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw error instanceof TextsFault ? error : explainFault(error, path);
    }
  };
  const database = guarded(() => openDatabase(directory, path));
  return textsOn(database, path, guarded);
}

function textsOn(database: DatabaseSync, path: string, guarded: <Result>(work: () => Result) => Result): Texts {
  const getDefinition = database.prepare("SELECT bytes FROM definitions WHERE hash = ?");
  const putDefinition = database.prepare("INSERT OR IGNORE INTO definitions (hash, bytes) VALUES (?, ?)");
  const getTitle = database.prepare("SELECT title FROM event WHERE id = 1");
  const putTitle = database.prepare("INSERT OR REPLACE INTO event (id, title) VALUES (1, ?)");
  const getName = database.prepare("SELECT name FROM stations WHERE station = ?");
  const putName = database.prepare("INSERT OR REPLACE INTO stations (station, name) VALUES (?, ?)");
  const getReason = database.prepare("SELECT words FROM reasons WHERE hash = ?");
  const putReason = database.prepare("INSERT OR IGNORE INTO reasons (hash, words) VALUES (?, ?)");
  const getList = database.prepare("SELECT bytes FROM reader_lists WHERE station = ? AND hash = ?");
  const putList = database.prepare("INSERT OR IGNORE INTO reader_lists (station, hash, bytes) VALUES (?, ?, ?)");
  const dropLists = database.prepare("DELETE FROM reader_lists WHERE station = ? AND hash <> ?");
  const parsed = new Map<string, PollDefinition>();
  const titleListeners = new Set<(title: string) => void>();
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);

  return {
    definition(hash) {
      const known = parsed.get(hash);
      if (known !== undefined) return known;
      const bytes = guarded(() => getDefinition.get(hash))?.["bytes"];
      if (!(bytes instanceof Uint8Array)) return undefined;
      const definition = sha256Hex(bytes) === hash ? decodeDefinition(bytes) : undefined;
      if (definition === undefined) throw new TextsFault("corrupt", path, `the definition ${hash} is damaged`);
      if (parsed.size < MAX_PARSED) parsed.set(hash, definition);
      return definition;
    },
    putDefinition(bytes) {
      if (decodeDefinition(bytes) === undefined) throw new TypeError("these bytes are not a poll's definition");
      const hash = sha256Hex(bytes);
      guarded(() => putDefinition.run(hash, bytes));
      return hash;
    },
    reason: (hash) => text(guarded(() => getReason.get(hash))?.["words"]),
    putReason(words) {
      const hash = sha256Hex(Buffer.from(words, "utf8"));
      guarded(() => putReason.run(hash, words));
      return hash;
    },
    title: () => text(guarded(() => getTitle.get())?.["title"]) ?? "",
    setTitle(title) {
      guarded(() => putTitle.run(title));
      for (const listener of titleListeners) listener(title);
    },
    stationName: (station) => text(guarded(() => getName.get(station))?.["name"]),
    setStationName: (station, name) => void guarded(() => putName.run(station, name)),
    readerList(station, hash) {
      const bytes = guarded(() => getList.get(station, hash))?.["bytes"];
      if (!(bytes instanceof Uint8Array)) return undefined;
      // A damaged one is as good as erased: the organiser asks once more, and no link has to end for it.
      return sha256Hex(bytes) === hash ? decodeReaderList(bytes) : undefined;
    },
    putReaderList(station, readers) {
      const bytes = encodeReaderList(readers);
      if (decodeReaderList(bytes) === undefined) throw new TypeError("these readers could not be read back");
      const hash = sha256Hex(bytes);
      guarded(() => putList.run(station, hash, bytes));
      return hash;
    },
    keepOnlyReaderList: (station, hash) => void guarded(() => dropLists.run(station, hash)),
    onTitle(listener) {
      titleListeners.add(listener);
      return () => void titleListeners.delete(listener);
    },
    close: () => database.close(),
  };
}

function sha256Hex(bytes: Uint8Array): string {
  return toHex(createHash("sha256").update(bytes).digest());
}

function openDatabase(directory: string, path: string): DatabaseSync {
  makeFolder(directory);
  // Made with its mode before SQLite does, which would ask the umask; its journal takes over the mode.
  const file = openSync(path, "a", FILE_MODE);
  try {
    fchmodSync(file, FILE_MODE);
  } finally {
    closeSync(file);
  }
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // Exclusive: two servers on one directory would overwrite each other's words.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    const fresh = checkOwner(database, path);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    database.exec(`BEGIN IMMEDIATE; ${fresh ? SCHEMA : ""} ${LATER} COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** True for an empty file; throws for one that this version must not touch. */
function checkOwner(database: DatabaseSync, path: string): boolean {
  const owner = database.prepare("PRAGMA application_id").get()?.["application_id"];
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (owner === APPLICATION_ID) {
    if (version > SCHEMA_VERSION) throw new TextsFault("foreign-file", path, `written by a newer server (${version})`);
    return false;
  }
  const tables = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.["tables"];
  if (owner === 0 && tables === 0) return true;
  throw new TextsFault("foreign-file", path, "this file is a database of another program");
}

/** Primary result codes (https://www.sqlite.org/rescode.html); extended codes carry them in the low byte. */
const BY_RESULT_CODE: Readonly<Record<number, TextsFaultCode>> = {
  3: "not-writable",
  5: "in-use",
  6: "in-use",
  8: "not-writable",
  11: "corrupt",
  13: "disk-full",
  14: "not-writable",
  26: "corrupt",
};
const BY_SYSTEM_CODE: Readonly<Record<string, TextsFaultCode>> = {
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EIO: "io-error",
};

function explainFault(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if ("errcode" in error && typeof error.errcode === "number") {
    return new TextsFault(BY_RESULT_CODE[error.errcode & 0xff] ?? "io-error", path, error.message, error);
  }
  // What remains of the system's codes (EACCES, EROFS, ENOTDIR, EISDIR …) says that nothing can be made there.
  const code = typeof error.code === "string" ? BY_SYSTEM_CODE[error.code] : undefined;
  return new TextsFault(code ?? "not-writable", path, error.message, error);
}
