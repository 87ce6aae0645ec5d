/** What the bench is asked for on its command line. */
import { parseArgs } from "node:util";
import { NOT_BUILT, ROW_NAMES } from "./rows.ts";

interface BenchFlags {
  /** Where to write the rows. */
  json: string | undefined;
  wants(name: string): boolean;
}

export type ReadFlags = { ok: true; flags: BenchFlags } | { ok: false; complaint: string };

/** `[--json FILE] [--only NAME …]`; without `--only` all rows. */
export function readFlags(args: readonly string[]): ReadFlags {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: "string" }, only: { type: "string", multiple: true } },
      allowPositionals: true,
    });
    const only = [...(values.only ?? []), ...positionals];
    if (positionals.length > 0 && values.only === undefined) return no(`what is ${positionals.join(" ")}?`);
    const known: readonly string[] = [...ROW_NAMES, ...NOT_BUILT];
    const strangers = only.filter((name) => !known.includes(name));
    if (strangers.length > 0) return no(`no row is named ${strangers.join(", ")}; there are ${known.join(", ")}`);
    return { ok: true, flags: { json: values.json, wants: (name) => only.length === 0 || only.includes(name) } };
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

const no = (complaint: string): ReadFlags => ({ ok: false, complaint });
