/** The server's command line. */
import { parseArgs } from "node:util";
import { badLevel, levelOf, type Level } from "../shared/journal/event.ts";
import { oneLine } from "../shared/one-line.ts";

export interface ServerFlags {
  directory: string;
  host: string;
  port: number;
  cert: string | undefined;
  key: string | undefined;
  /** Names the server answers to besides loopback's. */
  names: string[];
  /** Say on the network where it is also when only this computer reaches it, to try that. */
  announce: boolean;
  /** Events below it are not written to the journal. */
  logLevel: Level;
}

export const USAGE =
  "npm run server -- [--data DIR] [--host H] [--port N] [--cert FILE --key FILE] [--name HOSTNAME …] [--announce] [--log-level LEVEL]";

/** Node's messages about flags repeat the flag, and go over several lines. */
const MAX_MESSAGE_LENGTH = 400;

/** The flags, or one line that says which is wrong and why. */
export function parseServerFlags(
  args: readonly string[],
): { ok: true; flags: ServerFlags } | { ok: false; why: string } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        data: { type: "string", default: "./data/server" },
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "7070" },
        cert: { type: "string" },
        key: { type: "string" },
        name: { type: "string", multiple: true, default: [] },
        announce: { type: "boolean", default: false },
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
  if (values.data === "") return { ok: false, why: "--data: a directory is needed" };
  if (values.host === "") return { ok: false, why: "--host: an address or a name of this machine is needed" };
  if ((values.cert === undefined) !== (values.key === undefined)) {
    return { ok: false, why: "--cert and --key belong together: give both, or neither for a self-made certificate" };
  }
  const logLevel = levelOf(values["log-level"]);
  if (logLevel === undefined) return { ok: false, why: badLevel(values["log-level"]) };
  const { data, host, cert, key, name, announce } = values;
  return { ok: true, flags: { directory: data, host, port, cert, key, names: name, announce, logLevel } };
}
