import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Where Electron's program lies, `undefined` when it was not downloaded.
 *
 * Asking the package itself (`require("electron")`) would start the download.
 */
export function electronBinary(project: string): string | undefined {
  const folder = join(project, "node_modules", "electron");
  const note = join(folder, "path.txt");
  if (!existsSync(note)) return undefined;
  const binary = join(folder, "dist", readFileSync(note, "utf8").trim());
  return existsSync(binary) ? binary : undefined;
}
