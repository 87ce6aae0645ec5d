/**
 * Words: questions, option labels, the event's title, names of stations and readers, and reasons given. The ledger keeps none of them, only hashes and
 * ids; this store can be erased, and the ledger still folds to the same tallies.
 */
import type { MappedReader } from "../../shared/domain/mapping.ts";
import type { PollDefinition } from "../../shared/domain/poll.ts";

export interface Texts {
  /** The poll behind a hash; `undefined` when it was erased or never here. */
  definition(hash: string): PollDefinition | undefined;
  /**
   * Keep a definition's canonical bytes; returns their SHA-256 in hexadecimal. On disk when it returns, so that the act
   * which refers to it comes after. Throws `TextsFault`; a `TypeError` for bytes that are no definition.
   */
  putDefinition(bytes: Uint8Array): string;
  /** The words behind a hash; `undefined` when they were erased or never here. */
  reason(hash: string): string | undefined;
  /** Keep the words of a decision; returns their SHA-256 (of UTF-8) in hexadecimal. On disk when it returns. */
  putReason(words: string): string;
  /** "" until somebody gave one. */
  title(): string;
  setTitle(title: string): void;
  stationName(station: string): string | undefined;
  setStationName(station: string, name: string): void;
  /** What an organiser wants of a station's readers, by its hash; `undefined` when it was erased or never here. */
  readerList(station: string, hash: string): MappedReader[] | undefined;
  /** Keep such a list; returns the SHA-256 of its canonical bytes in hexadecimal. On disk when it returns. */
  putReaderList(station: string, readers: readonly MappedReader[]): string;
  /** Of a station's lists only this one is of use any more. */
  keepOnlyReaderList(station: string, hash: string): void;
  /** Called with each new title, after it is on disk; returns the way to stop. */
  onTitle(listener: (title: string) => void): () => void;
  close(): void;
}

export type TextsFaultCode = "in-use" | "not-writable" | "corrupt" | "foreign-file" | "disk-full" | "io-error";

const REMEDIES: Record<TextsFaultCode, string> = {
  "in-use": "Another server runs on this data directory. Stop it, or give this one its own with --data.",
  "not-writable": "Give the server's user write permission there, or choose another directory with --data.",
  corrupt: "Stop the server, keep a copy of the file, and put a backup in its place; votes are not in this file.",
  "foreign-file": "Choose another directory with --data, move that file away, or start the newer server that wrote it.",
  "disk-full": "Free some space on that disk, then try again.",
  "io-error": "Check the disk and its cables, then try again.",
};

/** The store of words cannot be opened, read or written. The message is one line: where, what, and what to do. */
export class TextsFault extends Error {
  readonly code: TextsFaultCode;
  readonly path: string;
  readonly remedy: string;
  constructor(code: TextsFaultCode, path: string, what: string, cause?: unknown) {
    super(`texts ${path}: ${what} (${code}). ${REMEDIES[code]}`, { cause });
    this.name = "TextsFault";
    this.code = code;
    this.path = path;
    this.remedy = REMEDIES[code];
  }
}
