/** Bytes of a file written over where they lie, so that what was there before is gone. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/**
 * Write ASCII text over a file's bytes from an offset on; on disk when this returns. A drive that moves what it writes (a
 * solid-state disk, a file system that copies on write) may keep the old bytes where no program can read them.
 */
export function overwrite(path: string, from: number, text: string): void {
  const bytes = Buffer.from(text, "ascii");
  const file = openSync(path, "r+");
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, from + done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
