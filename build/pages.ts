import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runNode } from "./bounded-child.ts";
import { devTool, PROJECT } from "./dev-tool.ts";
import { pageNames } from "./page-names.ts";

/** What the pages are made from. A folder's own time tells of files that were removed. */
const SOURCES = ["renderer", "shared", "vite.config.ts", "package-lock.json"];
const BUILT = join("dist", "pages");
const BUILD_TIMEOUT_MS = 120_000;

/** Newest modification below the given paths in milliseconds since 1970, 0 when nothing is there; tests do not count. */
export function newestChange(paths: readonly string[]): number {
  let newest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const status = statSync(path);
    newest = Math.max(newest, status.mtimeMs);
    if (!status.isDirectory()) continue;
    const inside = readdirSync(path).filter((name) => !name.endsWith(".test.ts") && !name.startsWith("."));
    newest = Math.max(newest, newestChange(inside.map((name) => join(path, name))));
  }
  return newest;
}

/** Is every page built, and no older than what it is made from? */
export function pagesAreFresh(project = PROJECT): boolean {
  const built = pageNames(project).map((page) => join(project, BUILT, page, "index.html"));
  if (!built.every((file) => existsSync(file))) return false;
  const newest = newestChange(SOURCES.map((source) => join(project, source)));
  return built.every((file) => statSync(file).mtimeMs >= newest);
}

/** Builds the pages into dist/pages; answers with what Vite said when it failed, else `undefined`. */
export async function buildPages(): Promise<string | undefined> {
  const args = ["build", "--logLevel", "warn"];
  const built = await runNode(devTool("vite"), args, { timeoutMs: BUILD_TIMEOUT_MS, output: "keep" });
  if (built.timedOut) return `the pages were not built within ${BUILD_TIMEOUT_MS / 1000} s\n${built.output}`;
  return built.code === 0 ? undefined : built.output;
}
