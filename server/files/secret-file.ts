/** Files only their owner can read, written whole or not at all. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, syncFolder } from "./make-folder.ts";

/** For this user alone, whatever the umask says. */
const FILE_MODE = 0o600;

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

/** The file's text; `undefined` when there is none. Throws `SecretFileFault`. */
export function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SecretFileFault("unreadable", path, "Make it readable for the server's user.", error);
  }
}

/** All of the text or none of it, on disk before the file has its name. Throws `SecretFileFault`. */
export function writeSecretFile(path: string, text: string): void {
  try {
    makeFolder(dirname(path));
    const fresh = `${path}.new`;
    const file = openSync(fresh, "w", FILE_MODE);
    try {
      // Unlike `writeSync`, which may stop halfway on a disk that fills up.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
    syncFolder(dirname(path));
  } catch (error) {
    const remedy = "Free space on that disk, and make the directory writable for the server's user.";
    throw new SecretFileFault("not-writable", path, remedy, error);
  }
}
