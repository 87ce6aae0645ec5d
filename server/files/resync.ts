/** The write-ahead log written once more, as it stands, before anything is built on it. */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";

const CHUNK_BYTES = 1_048_576;

/**
 * Write a file's bytes over themselves and sync them; on disk when this returns. Nothing happens when there is no file.
 *
 * After a failed sync Linux marks the pages clean: they can be read, are not on the disk, and the next sync says all is well
 * (https://wiki.postgresql.org/wiki/Fsync_Errors). A process that dies then leaves a write-ahead log that reads whole. Taken
 * at its word it would be copied into the database, and a power cut in the midst of that would leave half of it. While
 * the process lives SQLite needs no such care: after a failed sync it writes the frames anew, in the same place.
 */
export function writeOverItself(path: string): void {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const { size } = fstatSync(file);
    for (let at = 0; at < size;) {
      const read = readSync(file, chunk, 0, Math.min(CHUNK_BYTES, size - at), at);
      if (read === 0) break;
      for (let done = 0; done < read;) done += writeSync(file, chunk, done, read - done, at + done);
      at += read;
    }
    if (size > 0) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r+");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
