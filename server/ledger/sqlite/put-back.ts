/**
 * The content of an open file whose name is gone, put back to where it stood; a power cut at any moment leaves the old or the
 * new, never the new beside the old one's write-ahead log.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { syncFolder } from "../../files/make-folder.ts";
import { LedgerFaultError } from "./ledger-fault.ts";

/**
 * Write all that is open to a new file beside the path. Throws when it cannot be read whole, or the disk does not take it.
 * @param database in no transaction
 */
export function copyOut(database: DatabaseSync, path: string): void {
  const fresh = freshPath(path);
  for (const name of [fresh, `${fresh}-journal`]) rmSync(name, { force: true });
  database.prepare("VACUUM INTO ?").run(fresh);
  const copy = new DatabaseSync(fresh);
  try {
    const found = copy.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (found !== "ok") throw new LedgerFaultError("corrupt", `the copy of it is damaged: ${String(found)}`);
  } finally {
    copy.close();
  }
}

/** Put the copy in place, once the file that was open is closed. */
export function putInPlace(path: string): void {
  const file = openSync(freshPath(path), "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(freshPath(path), readyPath(path));
  syncFolder(dirname(path));
  finishPutting(path);
}

/** Also at each start: a power cut may have come in between. Nothing happens when there is nothing to finish. */
export function finishPutting(path: string): void {
  if (!existsSync(readyPath(path))) return;
  // Before the file: it would be replayed over the new one.
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  syncFolder(dirname(path));
  renameSync(readyPath(path), path);
  syncFolder(dirname(path));
}

function freshPath(path: string): string {
  return `${path}.new`;
}

/** Its being there means that it is whole, and that what it replaces is of no use any more. */
function readyPath(path: string): string {
  return `${path}.ready`;
}
