/** What SQLite's errors mean for a person. Codes: sqlite.org/rescode.html; the low byte is the primary code. */
import { DamagedFile, ForeignFile, NewerFile } from "./log-database.ts";
import type { UnusableCode } from "./log-messages.ts";

const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** Why a vote could not be stored, with the remedy. */
export function diskTrouble(error: unknown, path: string): string {
  const words = troubleWords(error, path);
  return words.length > MAX_REASON_LENGTH ? `${words.slice(0, MAX_REASON_LENGTH - 1)}…` : words;
}

/** As long as a reason may be on the screen (shared/events/stream.ts). */
const MAX_REASON_LENGTH = 300;

function troubleWords(error: unknown, path: string): string {
  if (error instanceof DamagedFile) return damaged(path);
  const code = primaryCode(error);
  if (code === FULL) return `The disk is full. Free some space where ${path} lies; voting goes on by itself then.`;
  if (code === READONLY) return `The disk is read-only. Make ${path} writable; voting goes on by itself then.`;
  if (code === IOERR) return "The disk failed. Replace it, or restart the computer; nothing stored so far is touched.";
  if (code === CORRUPT || code === NOTADB) return damaged(path);
  return `The vote could not be stored (${error instanceof Error ? error.message : String(error)}).`;
}

function damaged(path: string): string {
  return `The file ${path} is damaged. Keep a copy of it, and start with another --data directory.`;
}

/** Why the log file could not be opened. */
export function unusableCode(error: unknown): UnusableCode {
  if (error instanceof ForeignFile) return "data-foreign";
  if (error instanceof NewerFile) return "data-too-new";
  if (error instanceof DamagedFile) return "data-corrupt";
  const code = primaryCode(error);
  if (code === BUSY) return "data-in-use";
  return code === CORRUPT || code === NOTADB ? "data-corrupt" : "data-directory";
}
