/** What can be wrong with the ledger's file, as a stable word and as a sentence with cause, place and remedy. */
import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";

export type LedgerFault =
  | "in-use"
  | "not-writable"
  | "corrupt"
  | "removed"
  | "replaced"
  | "foreign-file"
  | "newer-version"
  | "older-version"
  | "disk-full"
  | "io-error"
  | "broken";

/** A fault found by looking, rather than reported by SQLite or the system. */
export class LedgerFaultError extends Error {
  readonly why: LedgerFault;
  constructor(why: LedgerFault, what: string) {
    super(what);
    this.name = "LedgerFaultError";
    this.why = why;
  }
}

/** Primary result codes (https://www.sqlite.org/rescode.html); extended codes carry them in the low byte. */
const BY_RESULT_CODE: Readonly<Record<number, LedgerFault>> = {
  3: "not-writable", // PERM
  5: "in-use", // BUSY
  6: "in-use", // LOCKED
  8: "not-writable", // READONLY
  10: "io-error", // IOERR
  11: "corrupt", // CORRUPT
  13: "disk-full", // FULL
  14: "not-writable", // CANTOPEN
  26: "corrupt", // NOTADB
};

const BY_SYSTEM_CODE: Readonly<Record<string, LedgerFault>> = {
  EACCES: "not-writable",
  EPERM: "not-writable",
  EROFS: "not-writable",
  ENOTDIR: "not-writable",
  EEXIST: "not-writable",
  EISDIR: "not-writable",
  ENOENT: "not-writable",
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EIO: "io-error",
};

const REMEDIES: Record<LedgerFault, string> = {
  "in-use": "Another server runs on this data directory. Stop it, or give this one its own with --data.",
  "not-writable":
    "Make that directory writable for the server's user, or choose another with --data. A running server carries on by itself then.",
  corrupt:
    "Stop the server, keep a copy of the file, and put a backup in its place; the stations send again what it lacks.",
  removed: "The server puts it back by itself; leave it there. If it cannot, give it room and write permission there.",
  replaced:
    "Move that file away, and the server puts its own back. To go on with that file instead, restart the server; the stations send again what it lacks.",
  "foreign-file": "Choose another directory with --data, or move that file away.",
  "older-version":
    "Keep that directory for the version that wrote it, and begin a new one with --data here; stations enrol again.",
  "newer-version": "Start the newer version of the server, or choose another directory with --data.",
  "disk-full": "Free some space on that disk; the server carries on by itself.",
  "io-error": "Check the disk and its cables; the server carries on by itself when the disk does.",
  broken: "This is a bug: please report it with this line, and restart the server.",
};

/** Did the database itself say no, rather than our own code go wrong? */
export function isSqliteError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

function faultOf(error: unknown, path: string): LedgerFault {
  const fault = faultByCode(error);
  // SQLite does not say which error of the disk it was; the folder does.
  return fault === "io-error" && !takesFiles(dirname(path)) ? "not-writable" : fault;
}

function takesFiles(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function faultByCode(error: unknown): LedgerFault {
  if (error instanceof LedgerFaultError) return error.why;
  if (!(error instanceof Error)) return "broken";
  if (isNoNumber(error)) return "corrupt";
  if ("errcode" in error && typeof error.errcode === "number") return BY_RESULT_CODE[error.errcode & 0xff] ?? "broken";
  if ("code" in error && typeof error.code === "string") return BY_SYSTEM_CODE[error.code] ?? "broken";
  return "broken";
}

/** Node's word for a stored whole number beyond 2^53: we never wrote one. */
function isNoNumber(error: Error): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}

/** The fault behind an error: `why` for programs, `reason` for whoever reads the log or the screen. */
export function explainFault(error: unknown, path: string): { why: LedgerFault; reason: string } {
  const why = faultOf(error, path);
  const what = error instanceof Error ? error.message : String(error);
  return { why, reason: `ledger ${path}: ${what} (${why}). ${REMEDIES[why]}` };
}
