/**
 * Lines on their way to the journal's file. A disk that takes nothing costs lines, which are counted, and nothing else:
 * nobody waits for the journal.
 */

/** An appending file, as `rotating-file-stream` makes it. */
export interface LineFile {
  /** `done` tells what came of it; after an error the file is not used again. */
  write(text: string, done: (error?: Error | null) => void): void;
  end(done: () => void): void;
}

/** A disk that hangs is not given more: some 500 KB. */
export const MAX_WAITING_LINES = 2_000;
/** A disk that took nothing is tried again after this long. */
export const REST_MS = 10_000;
/** At the end a disk that hangs is not waited for. */
export const LAST_WRITE_MS = 1_000;

export interface SpoolSurroundings {
  /** May throw. `onError` tells that the file broke, whether or not something was being written. */
  open: (onError: (error: unknown) => void) => LineFile;
  /** Append at once, before the program ends. May throw. */
  appendNow: (text: string) => void;
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onFailing: (error: unknown) => void;
  /** It writes again, after so many lines were lost. */
  onLost: (lines: number) => void;
}

export interface Spool {
  write(line: string): void;
  /** Since when it has not been writing, by the clock it was given; null when it writes. */
  failingSinceMs(): number | null;
  /** Lines lost so far. */
  lost(): number;
  /** The program is about to end: what waits is appended now. */
  flushNow(): void;
  /** Resolves when all is written, or the disk hangs. */
  close(): Promise<void>;
}

export function createSpool(around: SpoolSurroundings): Spool {
  const { monotonicMs, setTimer } = around;
  const waiting = new Set<{ line: string }>();
  let file: LineFile | null = null;
  let failingSinceMs: number | null = null;
  let tryAtMs = 0;
  let lost = 0;
  let untold = 0;
  let closed = false;

  const lose = (lines: number) => {
    lost += lines;
    untold += lines;
  };
  const breakOff = (broken: LineFile | null, error: unknown) => {
    // One trouble is told once, however many lines it takes with it.
    if (broken !== file || closed) return;
    file = null;
    lose(waiting.size);
    waiting.clear();
    tryAtMs = monotonicMs() + REST_MS;
    const first = failingSinceMs === null;
    failingSinceMs ??= monotonicMs();
    if (first) around.onFailing(error);
  };
  const open = (): LineFile | null => {
    if (file !== null || closed || monotonicMs() < tryAtMs) return file;
    try {
      const fresh: LineFile = around.open((error) => breakOff(fresh, error));
      file = fresh;
    } catch (error) {
      breakOff(null, error);
    }
    return file;
  };
  const written = () => {
    failingSinceMs = null;
    if (untold === 0) return;
    const lines = untold;
    untold = 0;
    around.onLost(lines);
  };

  return {
    write(line) {
      const into = open();
      if (into === null || waiting.size >= MAX_WAITING_LINES) return lose(1);
      const item = { line };
      waiting.add(item);
      into.write(line, (error) => {
        if (error !== undefined && error !== null) return breakOff(into, error);
        // Else it was counted as lost when the file broke.
        if (waiting.delete(item)) written();
        return undefined;
      });
      return undefined;
    },
    failingSinceMs: () => failingSinceMs,
    lost: () => lost,
    flushNow() {
      const text = [...waiting].map(({ line }) => line).join("");
      waiting.clear();
      if (text === "") return;
      try {
        around.appendNow(text);
      } catch {
        // The program ends; there is nobody left to be told.
      }
    },
    async close() {
      closed = true;
      const last = file;
      file = null;
      if (last === null) return;
      let cancelLate = () => {};
      const ended = new Promise<void>((resolve) => last.end(resolve));
      const late = new Promise<void>((resolve) => (cancelLate = setTimer(resolve, LAST_WRITE_MS)));
      await Promise.race([ended, late]);
      cancelLate();
    },
  };
}
