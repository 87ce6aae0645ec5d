/** What the bench is asked for on its command line. */
import { parseArgs } from "node:util";
import { ROW_NAMES } from "./rows.ts";
import { SCALE_NAMES } from "./simulator/scale.ts";

interface BenchFlags {
  /** Where to write the rows. */
  json: string | undefined;
  /** Run other people's programs, too, where they are installed? */
  peers: boolean;
  /** Folder for what the scenarios of `scale` leave. */
  series: string | undefined;
  /** Scenarios, by name; none unless they are asked for. */
  scenarios: readonly string[];
  wants(name: string): boolean;
}

export type ReadFlags = { ok: true; flags: BenchFlags } | { ok: false; complaint: string };

/** `[--json FILE] [--series DIR] [--only NAME …] [--peers]`; without `--only` all rows, and no scenario. */
export function readFlags(args: readonly string[]): ReadFlags {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        json: { type: "string" },
        series: { type: "string" },
        only: { type: "string", multiple: true },
        peers: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
    const only = [...(values.only ?? []), ...positionals];
    if (positionals.length > 0 && values.only === undefined) return no(`what is ${positionals.join(" ")}?`);
    const known: readonly string[] = [...ROW_NAMES, ...SCALE_NAMES];
    const strangers = only.filter((name) => !known.includes(name));
    if (strangers.length > 0) return no(`no row is named ${strangers.join(", ")}; there are ${known.join(", ")}`);
    const scenarios = only.filter((name) => SCALE_NAMES.includes(name));
    const wants = (name: string) => only.length === 0 || only.includes(name);
    const { json, series, peers } = values;
    return { ok: true, flags: { json, series, peers, scenarios, wants } };
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

const no = (complaint: string): ReadFlags => ({ ok: false, complaint });
