/** One thing that is so or is not, kept by whether a file is there. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { syncFolder } from "../files/make-folder.ts";
import { readWhole, writeWhole } from "../files/whole-file.ts";

export interface Mark {
  isSet(): boolean;
  /** On disk before it returns. Throws when the disk does not take it. */
  set(isSo: boolean): void;
}

/** @param words what the file says to whoever finds it */
export function openMark(directory: string, name: string, words: string): Mark {
  const path = join(directory, name);
  let isSo = readWhole(path) !== undefined;
  return {
    isSet: () => isSo,
    set(next) {
      if (next === isSo) return;
      if (next) writeWhole(path, `${words}\n`);
      else {
        rmSync(path, { force: true });
        syncFolder(dirname(path));
      }
      isSo = next;
    },
  };
}
