/** Why a station cannot start, in words that name the cause and the remedy. */
export class StationUnusable extends Error {
  readonly code:
    | "data-directory"
    | "data-in-use"
    | "data-corrupt"
    | "data-foreign"
    | "data-too-new"
    | "key-sealed"
    | "port-in-use"
    | "no-page";

  constructor(code: StationUnusable["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What to do about a data directory that takes nothing, by the system's or SQLite's own error. */
export function directoryRemedy(error: unknown): string {
  return isFull(error)
    ? "Free some space on that disk, or name another directory with --data."
    : "Make the directory readable and writable for this user, or name another with --data.";
}

/** SQLITE_FULL: https://www.sqlite.org/rescode.html#full */
const SQLITE_FULL = 13;

/** Is it the room on the disk that is missing? */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("errcode" in error) return error.errcode === SQLITE_FULL;
  return "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
