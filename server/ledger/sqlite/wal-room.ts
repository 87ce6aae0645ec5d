/**
 * Room in the write-ahead log before it is needed. As long as each commit makes the file longer, each sync also has to write
 * down how long it is: half as much again as into bytes that are there (ext4: 0.7 to 0.8 ms against 0.4 to 0.5).
 *
 * SQLite does not mind what stands behind its last frame, as after a checkpoint it begins anew in a long file.
 */
import { closeSync, constants, fstatSync, openSync, statfsSync, writeSync } from "node:fs";

/** On disk within a millisecond or two; a vote that comes just then waits for it. */
const STEP_BYTES = 262_144;
/** So many times as long as a step took nothing is done, however slow the disk. */
const PAUSE_TIMES = 10;
/** A start has enough to write. */
const AFTER_MS = 1_000;
/** The room is not taken from a disk on which it might be missed: so many times as much has to be free. */
const FREE_TIMES = 16;

/**
 * Make a write-ahead log as long as it is going to be, step by step. To be called on the thread that commits: what is added
 * goes behind the end of the file as it is then, so nothing that SQLite wrote is ever touched. Whatever fails ends it: room
 * is never more than convenient.
 * @param path of a log that is there
 */
export function makeWalRoom(path: string, bytes: number): void {
  const step = () => {
    const fromMs = performance.now();
    try {
      if (lengthen(path, bytes)) setTimeout(step, PAUSE_TIMES * (performance.now() - fromMs)).unref();
    } catch {
      // No such file any more, or no disk that takes it.
    }
  };
  setTimeout(step, AFTER_MS).unref();
}

/** False when the file is long enough. */
function lengthen(path: string, bytes: number): boolean {
  const { bavail, bsize } = statfsSync(path);
  // Never made: SQLite's own would be another then. Each write is on disk before the next commit, which would else wait for it.
  const file = openSync(path, constants.O_RDWR | constants.O_DSYNC);
  try {
    const { size } = fstatSync(file);
    if (size >= bytes || bavail * bsize < FREE_TIMES * bytes) return false;
    writeSync(file, new Uint8Array(Math.min(STEP_BYTES, bytes - size)), 0, undefined, size);
    return true;
  } finally {
    closeSync(file);
  }
}
