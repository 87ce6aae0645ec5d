/** Files only their owner can read, written whole or not at all. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** For this user alone, whatever the umask says. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

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
    mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
    const fresh = `${path}.new`;
    inFile(openSync(fresh, "w", FILE_MODE), (file) => writeSync(file, text));
    renameSync(fresh, path);
    inFile(openSync(dirname(path), "r"), () => undefined);
  } catch (error) {
    const remedy = "Free space on that disk, and make the directory writable for the server's user.";
    throw new SecretFileFault("not-writable", path, remedy, error);
  }
}

function inFile(file: number, work: (file: number) => unknown): void {
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
