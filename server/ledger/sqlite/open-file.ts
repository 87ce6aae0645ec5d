/**
 * The ledger's file while it is open: nothing counts as stored in a file that is not whole at its path any more. One that was
 * removed or cut is put back from what is open, and opened anew by another thread. One that somebody put another in place of
 * waits for a person: it may be a backup that was to be put back.
 */
import type { DatabaseSync } from "node:sqlite";
import { createFileGuard, MisplacedFile } from "./file-guard.ts";
import { copyOut, putInPlace } from "./put-back.ts";

/** Soon enough that hardly anybody is told no, and seldom enough to cost nothing. */
const LOOK_EVERY_MS = 1_000;

export interface OpenFile {
  /** What `work` returns, if the open file was the one at its path before and after it; else it throws. */
  guarded<Result>(work: () => Result): Result;
  /** Something went wrong: if the file was removed or cut, do what can be done about it. May end with `onEnd`. */
  heal(error: unknown): void;
  close(): void;
}

/** @param onEnd the file is closed, and what stands at its path now is to be opened anew */
export function openFile(database: DatabaseSync, path: string, onEnd: (cause: MisplacedFile) => void): OpenFile {
  const guard = createFileGuard(path);
  /** Once cut it stays so, however long it grows again. */
  let cut: MisplacedFile | null = null;
  let wasMisplaced = false;
  const look = () => {
    if (cut !== null) throw cut;
    try {
      guard.look();
    } catch (error) {
      wasMisplaced = true;
      throw error;
    }
    if (!wasMisplaced) return;
    // Back again. What was answered with no may have been committed, and nobody in memory knows of it.
    const back = new MisplacedFile("removed", "the file was moved away and back while the server runs");
    end(back);
    throw back;
  };
  const heal = (error: unknown) => {
    if (!database.isOpen || !(error instanceof MisplacedFile) || error.why === "replaced") return;
    if (error.why === "corrupt") cut = error;
    try {
      copyOut(database, path);
    } catch {
      // The disk is full, the folder gone, or what was cut off not in memory. Until then nothing is stored.
      return;
    }
    close();
    putInPlace(path);
    onEnd(error);
  };
  const end = (cause: MisplacedFile) => {
    close();
    onEnd(cause);
  };
  const watch = setInterval(() => {
    try {
      look();
    } catch (error) {
      heal(error);
    }
  }, LOOK_EVERY_MS);
  const close = () => {
    clearInterval(watch);
    if (database.isOpen) database.close();
  };
  return {
    guarded(work) {
      look();
      const result = work();
      look();
      return result;
    },
    heal,
    close,
  };
}
