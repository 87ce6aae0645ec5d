/**
 * `npm start`: server, station and kiosk window in one go, with a demo poll. It uses what every organiser has, the HTTP
 * API, with the token that the server leaves in its own data directory for whoever owns it.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT } from "./dev-tool.ts";
import { chooseHost } from "./kiosk-host.ts";
import { whenLeftAlone } from "./left-alone.ts";
import { requireNode } from "./node-version.ts";
import { createOrganiser, enrolOwnStation, offerDemoPoll } from "./own-event.ts";
import { createOwnPrograms } from "./own-programs.ts";
import { buildPages, pagesAreFresh } from "./pages.ts";

const USAGE = "npm start -- [--data DIR] [--server-port N] [--station-port N] [--headless] [--reader SPEC …]";

requireNode();
const flags = readFlags();
const programs = createOwnPrograms();
const stop = () => void programs.leave(0);
process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
whenLeftAlone(stop);
try {
  await run();
} catch (error) {
  await programs.leave(1, error instanceof Error ? error.message : String(error));
}

async function run(): Promise<void> {
  if (!pagesAreFresh()) {
    console.log("Building the pages …");
    const complaint = await buildPages();
    if (complaint !== undefined) throw new Error(complaint);
  }
  // Before anything runs: it may fetch and build, and whoever stops that stops us at once.
  const host = await chooseHost(flags.headless);
  if (host.note !== undefined) console.log(host.note);
  const serverData = join(flags.data, "server");
  const serverFlags = ["--data", serverData, "--port", flags.serverPort];
  const server = await programs.start("server", process.execPath, [resolve(PROJECT, "server/main.ts"), ...serverFlags]);
  const station = await programs.start("station", host.command, [
    ...host.args,
    "--data",
    join(flags.data, "station"),
    "--port",
    flags.stationPort,
    "--server",
    server,
    "--demo",
    ...(flags.headless ? ["--headless"] : []),
    ...flags.readers.flatMap((spec) => ["--reader", spec]),
  ]);
  const organiser = createOrganiser(server, readFileSync(join(serverData, "owner-token"), "utf8").trim());
  await enrolOwnStation(organiser, station);
  await offerDemoPoll(organiser);
  console.log(`The kiosk is at ${station}. Stop with Ctrl-C; everything is kept in ${flags.data}.`);
}

function readFlags() {
  if (process.argv.includes("--help")) {
    console.log(`usage: ${USAGE}`);
    process.exit(0);
  }
  try {
    const { values } = parseArgs({
      options: {
        data: { type: "string", default: "./data" },
        "server-port": { type: "string", default: "7070" },
        "station-port": { type: "string", default: "7071" },
        headless: { type: "boolean", default: false },
        reader: { type: "string", multiple: true, default: [] },
      },
    });
    for (const name of ["server-port", "station-port"] as const) {
      const port = values[name];
      if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
        throw new Error(`--${name} ${port}: a whole number from 0 to 65535 is needed; 0 picks a free one`);
      }
    }
    return {
      data: values.data,
      serverPort: values["server-port"],
      stationPort: values["station-port"],
      headless: values.headless,
      readers: values.reader,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nusage: ${USAGE}`);
    return process.exit(2);
  }
}
