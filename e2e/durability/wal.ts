/** When bytes in an SQLite write-ahead log are there for good, as its system calls tell. */
import type { Call } from "./strace.ts";

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log: a frame is a header of 24 bytes, then a page. */
const FRAME_HEADER_BYTES = 24;
/** In a commit's last frame: the size of the database after it; in the others 0. */
const COMMIT_SIZE_AT = 4;

const SYNCS = new Set(["fdatasync", "fsync"]);

/**
 * Place in the trace from which on the transaction that first holds `bytes` is on disk: there a sync of the log, begun
 * after the transaction's last page had been written, returned with success. `Infinity` when there was none.
 * @param path of the write-ahead log. @param bytes as they stand in one page
 */
export function durableFrom(calls: readonly Call[], path: string, bytes: Uint8Array): number {
  const onLog = calls.filter(({ target, result }) => target === path && result >= 0);
  const held = onLog.findIndex((call) => call.bytes.includes(Buffer.from(bytes)));
  // The page's own header stands just before it.
  const commit = held < 1 ? undefined : onLog.slice(held - 1).find(isCommit);
  if (commit === undefined) return Number.POSITIVE_INFINITY;
  const lastPage = onLog[onLog.indexOf(commit) + 1];
  if (lastPage === undefined) return Number.POSITIVE_INFINITY;
  const sync = onLog.find(({ name, beganAt }) => SYNCS.has(name) && beganAt > lastPage.returnedAt);
  return sync?.returnedAt ?? Number.POSITIVE_INFINITY;
}

function isCommit({ name, bytes }: Call): boolean {
  return name === "pwrite64" && bytes.length === FRAME_HEADER_BYTES && bytes.readUInt32BE(COMMIT_SIZE_AT) > 0;
}
