/**
 * `npm start`: server, station and kiosk window in one go, with a demo poll. It uses what every organiser has, the HTTP
 * API, with the token that the server leaves in its own data directory for whoever owns it.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT } from "./dev-tool.ts";
import { chooseHost } from "./kiosk-host.ts";
import { requireNode } from "./node-version.ts";
import { createOrganiser, enrolOwnStation, offerDemoPoll } from "./own-event.ts";
import { buildPages, pagesAreFresh } from "./pages.ts";
import { startProgram, type Program } from "./program.ts";

const USAGE = "npm start -- [--data DIR] [--server-port N] [--station-port N] [--headless] [--reader SPEC …]";

requireNode();
const flags = readFlags();
const programs: Program[] = [];
stopTogether(programs);
await run();

async function run(): Promise<void> {
  if (!pagesAreFresh()) {
    console.log("Building the pages …");
    const complaint = await buildPages();
    if (complaint !== undefined) return leave(complaint);
  }
  const serverData = join(flags.data, "server");
  const server = await started("server", "server/main.ts", ["--data", serverData, "--port", flags.serverPort]);
  const host = await chooseHost(flags.headless);
  if (host.note !== undefined) console.log(host.note);
  const station = await startProgram("station", host.command, [
    ...host.args,
    "--data",
    join(flags.data, "station"),
    "--port",
    flags.stationPort,
    "--server",
    server.url,
    "--demo",
    ...(flags.headless ? ["--headless"] : []),
    ...flags.readers.flatMap((spec) => ["--reader", spec]),
  ]);
  if (!station.ok) return leave(`The station did not start (see above).`, station.code);
  programs.push(station.program);
  const organiser = createOrganiser(server.url, readFileSync(join(serverData, "owner-token"), "utf8").trim());
  await enrolOwnStation(organiser, station.program.url);
  await offerDemoPoll(organiser);
  console.log(`The kiosk is at ${station.program.url}. Stop with Ctrl-C; everything is kept in ${flags.data}.`);
}

async function started(name: string, entry: string, args: string[]): Promise<Program> {
  const attempt = await startProgram(name, process.execPath, [resolve(PROJECT, entry), ...args]);
  if (!attempt.ok) return leave(`The ${name} did not start (see above).`, attempt.code);
  programs.push(attempt.program);
  return attempt.program;
}

function leave(why: string, code = 1): never {
  console.error(why);
  for (const program of programs) program.kill();
  process.exit(code === 0 ? 1 : code);
}

function stopTogether(running: readonly Program[]): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // The station first, so that the server can still take what it has.
    const stopped = running
      .toReversed()
      .reduce<Promise<unknown>>((before, program) => before.then(() => program.stop()), Promise.resolve());
    void stopped.finally(() => process.exit(0));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
}

function readFlags() {
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
