/** The file that a desktop looks for when its user logs in. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import { writeWhole } from "../files/whole-file.ts";

/** Written anew, or removed when `text` is null; both may be so already. Throws the system's own error. */
export function writeAutostartFile(path: string, text: string | null): void {
  if (text === null) {
    rmSync(path, { force: true });
    return;
  }
  makeFolder(dirname(path));
  writeWhole(path, text);
}
