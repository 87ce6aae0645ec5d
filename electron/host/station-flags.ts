/** The station's command line. */
import { parseArgs } from "node:util";
import { badLevel, levelOf, type Level } from "../../shared/journal/event.ts";
import { oneLine } from "../../shared/one-line.ts";
import { readServerAddress } from "../discovery/server-address.ts";
import { inEnglish } from "../../shared/sentences/sentence.ts";
import { parseReaderSpecs, type ReaderSpec } from "../readers/spec.ts";

export interface StationFlags {
  /** Where the server is; null: as the operator's panel says, and before that on this computer. */
  server: string | null;
  directory: string;
  port: number;
  headless: boolean;
  demo: boolean;
  readers: ReaderSpec[];
  /** Kinds of which every reader is taken into use as it comes. */
  takeAll: ReadonlySet<ReaderSpec["kind"]>;
  /** The operator's PIN was forgotten: it is chosen anew. */
  resetOperatorPin: boolean;
  /** Events below it are not written to the journal. */
  logLevel: Level;
}

export const USAGE =
  "npm run station -- [--server URL] [--data DIR] [--port N] [--headless] [--demo] [--reader SPEC …] [--reset-operator-pin] [--log-level LEVEL]";

/** Node's messages about flags repeat the flag, and go over several lines. */
const MAX_MESSAGE_LENGTH = 400;

const DEFAULTS = { data: "./data/station", port: "7071" };

/** The flags, or one line that says which is wrong and why. */
export function parseStationFlags(
  args: readonly string[],
): { ok: true; flags: StationFlags } | { ok: false; why: string } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        server: { type: "string" },
        data: { type: "string", default: DEFAULTS.data },
        port: { type: "string", default: DEFAULTS.port },
        headless: { type: "boolean", default: false },
        demo: { type: "boolean", default: false },
        reader: { type: "string", multiple: true, default: [] },
        "reset-operator-pin": { type: "boolean", default: false },
        "log-level": { type: "string", default: "info" },
      },
    }));
  } catch (error) {
    return { ok: false, why: oneLine(error instanceof Error ? error.message : String(error), MAX_MESSAGE_LENGTH) };
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    return {
      ok: false,
      why: `--port ${oneLine(values.port)}: a whole number from 0 to 65535 is needed; 0 picks a free one`,
    };
  }
  const server = values.server === undefined ? null : readServerAddress(values.server);
  if (server?.ok === false) return { ok: false, why: `--server: ${inEnglish(server.fault)}` };
  if (values.data === "") return { ok: false, why: "--data: a directory is needed" };
  const readers = parseReaderSpecs(values.reader);
  if (!readers.ok) return { ok: false, why: `--reader: ${readers.why}` };
  const logLevel = levelOf(values["log-level"]);
  if (logLevel === undefined) return { ok: false, why: badLevel(values["log-level"]) };
  return {
    ok: true,
    flags: {
      server: server?.url ?? null,
      directory: values.data,
      port,
      headless: values.headless,
      demo: values.demo,
      readers: readers.specs,
      takeAll: readers.takeAll,
      resetOperatorPin: values["reset-operator-pin"],
      logLevel,
    },
  };
}
