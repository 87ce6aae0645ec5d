/** A folder and whatever is missing above it, for its owner only. */
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Make a folder; nothing happens when it is there. Throws the system's own error.
 *
 * Not `mkdirSync(…, { recursive: true })`: where a parent is there but takes no new entries (`/proc/x`), Node 24 tries
 * for ever.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !isThere(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    makeOne(folder);
    syncFolder(dirname(folder));
  }
  if (!statSync(path).isDirectory()) throw new Error(`${path} is a file, not a directory`);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another program made it a moment ago.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** What was renamed or made in a folder is on disk for good once this returns. */
export function syncFolder(path: string): void {
  // Windows has no handle on a folder; its rename is durable by the file system's own journal.
  if (process.platform === "win32") return;
  let folder: number;
  try {
    folder = openSync(path, "r");
  } catch (error) {
    // A parent that may be passed through but not read: nothing to be done from here.
    if (error instanceof Error && "code" in error && error.code === "EACCES") return;
    throw error;
  }
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
