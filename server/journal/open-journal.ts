/** The server's journal on disk: JSON lines by pino, in files that are rotated and bounded. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { pino, stdTimeFunctions } from "pino";
import { createStream } from "rotating-file-stream";
import type { Level } from "../../shared/journal/event.ts";
import { createJournal, type Journal } from "../../shared/journal/journal.ts";
import { errorFields } from "../../shared/journal/error-fields.ts";
import { SERVER_EVENTS, type ServerEvents } from "../../shared/journal/server-events.ts";
import { createSpool, type LineFile } from "../../shared/journal/spool.ts";
import { makeFolder } from "../files/make-folder.ts";

export const JOURNAL_FOLDER = "journal";
export const JOURNAL_FILE = "server.jsonl";
/** About 40,000 lines: a busy day. */
const FILE_SIZE = "10M";
/** Older files kept beside the one being written: 50 MB in all, however long the server runs. */
const OLD_FILES = 4;
/** For the server's own user, whatever the umask says. */
const FILE_MODE = 0o600;
const NEW_LINE = 10;

export interface OpenJournal extends Journal<ServerEvents> {
  /** Is it being written? */
  state(): { failing: boolean; lost: number };
  /** The program is about to end by a mistake: say so, and write at once what waits. */
  lastWords(error: unknown): void;
  /** Resolves when all is on its way to the disk; never for longer than a second. */
  close(): Promise<void>;
}

export interface JournalOptions {
  level: Level;
  /** A line for whoever watches the program. */
  tell: (words: string) => void;
  /** For tests; see FILE_SIZE. */
  size?: string;
}

/** Never throws: where nothing can be written, lines are lost and counted. */
export function openJournal(directory: string, { level, tell, size = FILE_SIZE }: JournalOptions): OpenJournal {
  const folder = join(directory, JOURNAL_FOLDER);
  const path = join(folder, JOURNAL_FILE);
  const spool = createSpool({
    open: (onError) => openFile(folder, size, onError),
    appendNow: (text) => appendFileSync(path, text, { mode: FILE_MODE }),
    monotonicMs: () => performance.now(),
    setTimer,
    onFailing: (error) => journal.note("journal.failing", { code: errorFields(error).code }),
    onLost: (lines) => journal.note("journal.lost", { lines }),
  });
  const lines = pino(
    {
      level: "debug",
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: spool.write },
  );
  const journal = createJournal({
    catalogue: SERVER_EVENTS,
    level,
    monotonicMs: () => performance.now(),
    setTimer,
    write: (lineLevel, line) => lines[lineLevel](line),
    tell,
  });
  return {
    ...journal,
    state: () => ({ failing: spool.failingSinceMs() !== null, lost: spool.lost() }),
    lastWords(error) {
      journal.note("server.failed", errorFields(error));
      journal.settle();
      spool.flushNow();
    },
    async close() {
      journal.settle();
      await spool.close();
    },
  };
}

function openFile(folder: string, size: string, onError: (error: unknown) => void): LineFile {
  makeFolder(folder);
  const torn = endsTorn(join(folder, JOURNAL_FILE));
  const stream = createStream(JOURNAL_FILE, { path: folder, size, rotate: OLD_FILES, mode: FILE_MODE });
  stream.on("error", onError);
  // A line that was cut short by a crash must not take the next one with it.
  if (torn) stream.write("\n");
  return {
    write: (text, done) => void stream.write(text, done),
    end: (done) => void stream.end(done),
  };
}

function endsTorn(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const last = new Uint8Array(1);
    const { size } = fstatSync(file);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEW_LINE;
  } finally {
    closeSync(file);
  }
}

function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
