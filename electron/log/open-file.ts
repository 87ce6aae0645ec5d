/**
 * The log file while it is open: nothing counts as stored in a file that is not whole at its path any more. What can be done
 * about that is done here, and then the file is opened anew by another thread, with nothing in memory that was so before.
 */
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Sha256 } from "../../shared/domain/record.ts";
import { newcomerPath, putInPlace, setAside } from "./aside.ts";
import { isDamage } from "./disk-trouble.ts";
import { createFileGuard, CutFile, MovedFile } from "./file-guard.ts";
import { checkWhole, DamagedFile } from "./log-database.ts";
import { replaceDamaged } from "./replace-damaged.ts";

/** Soon enough that nobody taps for nothing, and seldom enough to cost nothing. */
const LOOK_EVERY_MS = 1_000;

export interface OpenFileSurroundings {
  db: DatabaseSync;
  path: string;
  sha256: Sha256;
  wallMs: () => number;
  /** The file is closed, and what stands at the path now is to be opened anew. @param cause what was wrong with it */
  onEnd: (cause: unknown) => void;
}

export interface OpenFile {
  /** What `work` returns, if the open file was the one at its path before and after it; else it throws. */
  guarded<Result>(work: () => Result): Result;
  /** Something went wrong: if it is the file, do what can be done about it. May end with `onEnd`. */
  heal(error: unknown): void;
  /** Nothing is looked at any more, and the file is closed. */
  close(): void;
}

export function openFile({ db, path, sha256, wallMs, onEnd }: OpenFileSurroundings): OpenFile {
  const guard = createFileGuard(path);
  /** What was found wrong with the file and could not be put right yet. */
  let fault: DamagedFile | null = null;
  const look = () => {
    if (fault !== null) throw fault;
    guard.look();
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
    if (db.isOpen) db.close();
  };
  const end = (cause: unknown) => {
    close();
    putInPlace(path);
    onEnd(cause);
  };
  const heal = (error: unknown): void => {
    if (!db.isOpen || !(error instanceof MovedFile || isDamage(error))) return;
    try {
      if (error instanceof MovedFile) return putBack(error);
      if (error instanceof CutFile && canPutBack(error)) return;
      // Opened anew SQLite may find it whole after all. What is wrong with what is in it, it does not see.
      if (!(error instanceof DamagedFile)) return reopen(error);
      replaceDamaged(path, sha256, wallMs());
      end(error);
    } catch {
      // The disk is full, or the folder gone. Until it can be done nothing is stored; it is tried again by the next look.
      if (error instanceof DamagedFile) fault = error;
    }
  };
  /** What is open, written anew to where it stood. */
  const putBack = (cause: unknown) => {
    const newcomer = newcomerPath(path);
    for (const name of [newcomer, `${newcomer}-wal`, `${newcomer}-journal`]) rmSync(name, { force: true });
    db.prepare("VACUUM INTO ?").run(newcomer);
    const copy = new DatabaseSync(newcomer);
    try {
      checkWhole(copy);
    } finally {
      copy.close();
    }
    if (!guard.stands()) setAside(path, "replaced", wallMs());
    end(cause);
  };
  const canPutBack = (cause: unknown): boolean => {
    try {
      putBack(cause);
      return true;
    } catch {
      // What was cut off is not in memory either.
      return false;
    }
  };
  const reopen = (cause: unknown) => {
    close();
    onEnd(cause);
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
