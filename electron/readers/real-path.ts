import { realpathSync } from "node:fs";

/** Where a path leads to, links followed; undefined where it leads nowhere, or may not be looked at. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
