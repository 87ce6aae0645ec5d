/** Files only their owner can read, written whole or not at all. */
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
import { makeFolder, syncFolder } from "./make-folder.ts";

/** For this user alone, whatever the umask says. */
const FILE_MODE = 0o600;
/** Whatever group and others may do. Windows has no such bits, and tells none. */
const OTHERS = process.platform === "win32" ? 0 : 0o077;

/** A file that holds a secret cannot be read, written or understood. The message names the place and the remedy. */
export class SecretFileFault extends Error {
  readonly code: "unreadable" | "not-writable" | "damaged";
  readonly path: string;
  constructor(code: SecretFileFault["code"], path: string, remedy: string, cause?: unknown) {
    const what = cause instanceof Error ? cause.message : code;
    super(`${path}: ${what} (${code}). ${remedy}`, { cause });
    this.name = "SecretFileFault";
    this.code = code;
    this.path = path;
  }
}

/**
 * The file's text; `undefined` when there is none. One that others may read, as a copy from a backup often is, is its
 * owner's alone from now on. Throws `SecretFileFault`.
 */
export function readSecretFile(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if ((statSync(path).mode & OTHERS) !== 0) chmodSync(path, FILE_MODE);
    return text;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SecretFileFault("unreadable", path, "Let it belong to the server's user, who can then read it.", error);
  }
}

/** All of the text or none of it, on disk before the file has its name. Throws `SecretFileFault`. */
export function writeSecretFile(path: string, text: string): void {
  const fresh = `${path}.new`;
  try {
    makeFolder(dirname(path));
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
    syncFolder(dirname(path));
  } catch (error) {
    discard(fresh);
    const remedy = "Free space on that disk, and make the directory writable for the server's user.";
    throw new SecretFileFault("not-writable", path, remedy, error);
  }
}

/** Half a secret is of no use to anybody, and takes room on a disk that has none. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A disk that takes nothing does not take this either; the next write begins the file anew.
  }
}
