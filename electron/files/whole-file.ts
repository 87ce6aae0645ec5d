/** Small files that are either wholly there or not at all, readable by their owner only. */
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "./make-folder.ts";

/** For this user alone, whatever the umask says. */
const FILE_MODE = 0o600;
/** Whatever group and others may do. Windows has no such bits, and tells none. */
const OTHERS = process.platform === "win32" ? 0 : 0o077;

/**
 * The text of a file; `undefined` when there is none. One that others may read, as a copy from a backup often is, is its
 * owner's alone from now on. Other trouble is thrown.
 */
export function readWhole(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if ((statSync(path).mode & OTHERS) !== 0) chmodSync(path, FILE_MODE);
    return text;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Write a file anew: its bytes are on disk before it has its name, and the name before this returns. */
export function writeWhole(path: string, text: string): void {
  const fresh = `${path}.new`;
  try {
    const file = openSync(fresh, "w", FILE_MODE);
    try {
      // One that a crash left behind has the mode it has.
      fchmodSync(file, FILE_MODE);
      // Unlike `writeSync`, which may stop halfway on a disk that fills up.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    discard(fresh);
    throw error;
  }
  syncFolder(dirname(path));
}

/** Half a file is of no use to anybody, and takes room on a disk that has none. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A disk that takes nothing does not take this either; the next write begins the file anew.
  }
}
