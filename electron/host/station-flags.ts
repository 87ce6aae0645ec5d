/** The station's command line. */
import { parseArgs } from "node:util";
import { badLevel, levelOf, type Level } from "../../shared/journal/event.ts";
import { oneLine } from "../../shared/one-line.ts";
import { isLoopback } from "./loopback.ts";
import { parseReaderSpecs, type ReaderSpec } from "../readers/spec.ts";

export interface StationFlags {
  server: string;
  directory: string;
  port: number;
  headless: boolean;
  demo: boolean;
  readers: ReaderSpec[];
  /** Events below it are not written to the journal. */
  logLevel: Level;
}

export const USAGE =
  "npm run station -- [--server URL] [--data DIR] [--port N] [--headless] [--demo] [--reader SPEC …] [--log-level LEVEL]";

/** Node's messages about flags repeat the flag, and go over several lines. */
const MAX_MESSAGE_LENGTH = 400;

const DEFAULTS = { server: "http://127.0.0.1:7070", data: "./data/station", port: "7071" };

/** The flags, or one line that says which is wrong and why. */
export function parseStationFlags(
  args: readonly string[],
): { ok: true; flags: StationFlags } | { ok: false; why: string } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        server: { type: "string", default: DEFAULTS.server },
        data: { type: "string", default: DEFAULTS.data },
        port: { type: "string", default: DEFAULTS.port },
        headless: { type: "boolean", default: false },
        demo: { type: "boolean", default: false },
        reader: { type: "string", multiple: true, default: [] },
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
  const server = serverAddress(values.server);
  if (!server.ok) return server;
  if (values.data === "") return { ok: false, why: "--data: a directory is needed" };
  const readers = parseReaderSpecs(values.reader);
  if (!readers.ok) return { ok: false, why: `--reader: ${readers.why}` };
  const logLevel = levelOf(values["log-level"]);
  if (logLevel === undefined) return { ok: false, why: badLevel(values["log-level"]) };
  return {
    ok: true,
    flags: {
      server: server.url,
      directory: values.data,
      port,
      headless: values.headless,
      demo: values.demo,
      readers: readers.specs,
      logLevel,
    },
  };
}

function serverAddress(text: string): { ok: true; url: string } | { ok: false; why: string } {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return {
      ok: false,
      why: `--server ${oneLine(text)}: an address like ${DEFAULTS.server} or https://server.local:7070 is needed`,
    };
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return {
      ok: false,
      why: `--server ${oneLine(text)}: beyond this machine the link must be https://, so that nobody listens in`,
    };
  }
  return { ok: true, url: url.origin };
}
