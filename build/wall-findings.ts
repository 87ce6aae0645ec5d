/** What oxlint and tsc said of the planted files, and whether that is what it should be. Pure. */
import * as v from "valibot";
import type { Layer, Plant } from "./plant.ts";

/** File (from the project's folder, with slashes) → the names of the rules or the codes that caught it. */
export type Findings = ReadonlyMap<string, ReadonlySet<string>>;

const WALL_RULE = "eslint(no-restricted-imports)";
/** TS6307: not in this room's list of files. The others: no such module or name where there is no Node and no DOM. */
const WALL_CODES = ["TS6307", "TS2304", "TS2307", "TS2580", "TS2584", "TS2591"];

const LintReport = v.object({
  diagnostics: v.array(v.object({ code: v.optional(v.string(), ""), filename: v.string() })),
});

/** From `oxlint --format json`. Throws when that is not what it printed: then nothing was checked. */
export function lintFindings(output: string): Findings {
  const found = new Map<string, Set<string>>();
  const report: unknown = JSON.parse(output);
  for (const { code, filename } of v.parse(LintReport, report).diagnostics) add(found, filename, code);
  return found;
}

/**
 * From `tsc --pretty false`. A file outside the room (TS6307) is reported once, at the first file that imports it; the
 * others stand in the lines below, as absolute paths.
 */
export function typeFindings(output: string, project: string): Findings {
  const found = new Map<string, Set<string>>();
  let current = "";
  for (const line of output.split(/\r?\n/)) {
    const [, file, code] = /^(.+?)\(\d+,\d+\): error (TS\d+):/.exec(line) ?? [];
    if (file !== undefined && code !== undefined) {
      current = code;
      // TS6307 names its first importer again below; an error of another kind is the file's own.
      add(found, file, code);
      continue;
    }
    const [, importer] = / from file '(.+?)'/.exec(line) ?? [];
    if (importer !== undefined) add(found, importer.replace(`${project}/`, ""), current);
  }
  return found;
}

/** What is wrong about how a plant was (not) caught, `undefined` when all is as it should be. */
export function judge(plant: Plant, file: string, by: Record<Layer, Findings>): string | undefined {
  const rule = plant.rule ?? WALL_RULE;
  const caught: Record<Layer, boolean> = {
    lint: by.lint.get(file)?.has(rule) ?? false,
    types: WALL_CODES.some((code) => by.types.get(file)?.has(code)),
  };
  if (plant.caughtBy.length === 0) {
    const closed = (["lint", "types"] as const).filter((layer) => caught[layer]);
    return closed.length === 0 ? undefined : `stopped by ${closed.join(" and ")}, but it is allowed`;
  }
  const silent = plant.caughtBy.filter((layer) => !caught[layer]);
  return silent.length === 0 ? undefined : `got through: ${silent.join(" and ")} did not catch it`;
}

function add(found: Map<string, Set<string>>, file: string, what: string): void {
  const known = found.get(file);
  if (known === undefined) found.set(file, new Set([what]));
  else known.add(what);
}
