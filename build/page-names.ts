import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Every folder of renderer/ with an index.html is a page: station now, console and board as they come. */
export function pageNames(project: string): string[] {
  const renderer = join(project, "renderer");
  return readdirSync(renderer).filter((folder) => existsSync(join(renderer, folder, "index.html")));
}
