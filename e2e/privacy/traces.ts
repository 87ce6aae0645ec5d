/** Where a secret has left traces: in the files of a data directory, and in what programs wrote. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../rig/program.ts";

/** Bytes in every form in which they might have been written down. */
export function formsOfBytes(bytes: Uint8Array): Buffer[] {
  const plain = Buffer.from(bytes);
  const pairs = [...plain].map((byte) => byte.toString(16).padStart(2, "0"));
  const texts = [pairs.join(""), pairs.join(":"), pairs.join(" "), pairs.join("-")];
  const written = [...texts, ...texts.map((text) => text.toUpperCase()), plain.toString("base64").replace(/=+$/, "")];
  return [plain, Buffer.from(plain.toReversed()), ...new Set(written)].map((form) => Buffer.from(form));
}

/** A text as it is, and as UTF-16. */
export function formsOfText(text: string): Buffer[] {
  return [Buffer.from(text), Buffer.from(text, "utf16le")];
}

/** The database and its write-ahead log, which may be gone. */
export function readDatabase(path: string): Buffer {
  return Buffer.concat([path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => readFileSync(file)));
}

/** Every file in a data directory, by its path. */
function readFiles(directory: string): Map<string, Buffer> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, readFileSync(path)]));
}

/** What a program said of itself in its data directory, all of it. */
export function readJournal(directory: string): Buffer {
  return Buffer.concat([...readFiles(join(directory, "journal")).values()]);
}

/** What a program wrote, all of it. */
export function saidBy(program: Program): Buffer {
  return Buffer.from(program.stdout() + program.stderr());
}

/** Is any of these forms in there? */
export function holds(bytes: Buffer, forms: readonly Buffer[]): boolean {
  return forms.some((form) => bytes.includes(form));
}

/** The files that hold any of these forms. */
export function filesHolding(directory: string, forms: readonly Buffer[]): string[] {
  return [...readFiles(directory)].filter(([, bytes]) => holds(bytes, forms)).map(([path]) => path);
}
