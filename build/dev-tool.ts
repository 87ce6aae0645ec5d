import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";

/** The project's folder: build/ lies directly in it. */
export const PROJECT = dirname(import.meta.dirname);

const Manifest = v.object({ bin: v.union([v.string(), v.record(v.string(), v.string())]) });

/**
 * The script behind a development tool's command, to be run with `process.execPath`.
 *
 * Not `node_modules/.bin/<name>`: its first line asks for whatever `node` is first in PATH, which may be too old, and on
 * Windows it is a batch file.
 */
export function devTool(packageName: string, command = packageName): string {
  const folder = join(PROJECT, "node_modules", packageName);
  const { bin } = v.parse(Manifest, JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const script = typeof bin === "string" ? bin : bin[command];
  if (script === undefined) throw new Error(`${packageName} has no command ${command}; run "npm ci" again`);
  return join(folder, script);
}
