/** The server's command line. */
import { parseArgs } from "node:util";

export interface ServerFlags {
  directory: string;
  host: string;
  port: number;
  cert: string | undefined;
  key: string | undefined;
  /** Names the server answers to besides loopback's. */
  names: string[];
}

export const USAGE =
  "npm run server -- [--data DIR] [--host H] [--port N] [--cert FILE --key FILE] [--name HOSTNAME …]";

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
      },
    }));
  } catch (error) {
    // Some of Node's messages go over several lines.
    return { ok: false, why: (error instanceof Error ? error.message : String(error)).replaceAll("\n", " ") };
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    return { ok: false, why: `--port ${values.port}: a whole number from 0 to 65535 is needed; 0 picks a free one` };
  }
  if (values.data === "") return { ok: false, why: "--data: a directory is needed" };
  if (values.host === "") return { ok: false, why: "--host: an address or a name of this machine is needed" };
  if ((values.cert === undefined) !== (values.key === undefined)) {
    return { ok: false, why: "--cert and --key belong together: give both, or neither for a self-made certificate" };
  }
  const { data, host, cert, key, name } = values;
  return { ok: true, flags: { directory: data, host, port, cert, key, names: name } };
}
