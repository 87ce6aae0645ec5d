/** Folders for a test's data, gone when its process ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./at-end.ts";

const folders: string[] = [];
atEnd(() => {
  // Windows keeps a folder for a moment after the program in it has ended.
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** A new empty folder. @param name what it is for, to be seen in its path */
export function openScratch(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `polling-station-${name}-`));
  folders.push(folder);
  return folder;
}
