/** Damage to a database file at rest. */
import { closeSync, openSync, writeSync } from "node:fs";

/** Tears what only finding things faster needs: the file is damaged, and every row of it still reads. */
export function spoil(path: string): void {
  const file = openSync(path, "r+");
  // The count of pages on the list of free ones.
  writeSync(file, Uint8Array.of(0, 0, 0, 9), 0, 4, 36);
  closeSync(file);
}
