/** What SQLite's errors mean for a person. Codes: sqlite.org/rescode.html; the low byte is the primary code. */
import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import { directoryRemedy } from "../files/station-unusable.ts";
import { MovedFile } from "./file-guard.ts";
import { DamagedFile, ForeignFile, NewerFile } from "./log-database.ts";
import type { UnusableCode } from "./log-messages.ts";

const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** Node's word for a stored whole number beyond 2^53: we never wrote one. */
function isNoNumber(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}

/** Why a vote could not be stored, with the remedy. */
export function diskTrouble(error: unknown, path: string): Sentence {
  if (error instanceof MovedFile) return say("votes-file-moved", { path: error.path });
  if (isDamage(error)) return say("votes-file-damaged", { path });
  switch (troubleKind(error, path)) {
    case "full":
      return say("disk-full", { path });
    case "read-only":
      return say("disk-read-only", { path });
    case "failed":
      return say("disk-failed");
    case undefined:
      return say("vote-not-stored", { message: error instanceof Error ? error.message : String(error) });
  }
}

const SYSTEM_KINDS: Readonly<Record<string, "full" | "read-only" | "failed">> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
  EIO: "failed",
};

function troubleKind(error: unknown, path: string): "full" | "read-only" | "failed" | undefined {
  const code = primaryCode(error) ?? 0;
  switch (code) {
    case FULL:
      return "full";
    case READONLY:
    case CANTOPEN:
      return "read-only";
    case IOERR:
      // SQLite does not say which error it was; the folder does.
      return takesFiles(dirname(path)) ? "failed" : "read-only";
    default:
      return error instanceof Error && "code" in error ? SYSTEM_KINDS[String(error.code)] : undefined;
  }
}

function takesFiles(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Is it the file itself that is not what it should be, rather than the disk, a permission or another program? */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return error instanceof DamagedFile || isNoNumber(error) || code === CORRUPT || code === NOTADB;
}

/** Why the log file could not be opened. */
export function unusableCode(error: unknown): UnusableCode {
  if (error instanceof ForeignFile) return "data-foreign";
  if (error instanceof NewerFile) return "data-too-new";
  if (error instanceof DamagedFile || isNoNumber(error)) return "data-corrupt";
  const code = primaryCode(error);
  if (code === BUSY) return "data-in-use";
  return code === CORRUPT || code === NOTADB ? "data-corrupt" : "data-directory";
}

/** What whoever starts the station can do about it. */
export function unusableRemedy(error: unknown): string {
  switch (unusableCode(error)) {
    case "data-in-use":
      return "Another station uses it. Stop that one, or name another directory with --data.";
    case "data-corrupt":
      return "Move it and the damaged files beside it away, and replace the disk.";
    case "data-foreign":
      return "Move it away, or name another directory with --data.";
    case "data-too-new":
      return "Update this program, or name another directory with --data.";
    case "data-directory":
      return directoryRemedy(error);
  }
}
