/** What the programs write is for their own user alone, whatever the umask and whatever lay there before. */
import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { stationCode } from "../rig/station-health.ts";

/** Runs the program in its own place, with a umask that takes nothing away. */
const OPEN_UMASK = ["sh", "-c", 'umask 000; exec "$@"', "sh"];

const isPosix = process.platform !== "win32";
let server: ServerProgram;
let station: StationProgram;
beforeAll(async () => {
  if (!isPosix) return;
  server = await startServerProgram({ through: OPEN_UMASK, args: ["--host", "0.0.0.0"] });
  const near = `https://127.0.0.1:${new URL(server.url).port}`;
  station = await startStationProgram({ server: near, through: OPEN_UMASK, demo: true });
  await stationCode(station.url);
});
afterAll(async () => {
  if (!isPosix) return;
  await station.stop();
  await server.stop();
});

/** Everything below a folder with its mode, by path. */
function modesBelow(folder: string): [string, string][] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, `${entry.isDirectory() ? "folder" : "file"} ${(statSync(path).mode & 0o777).toString(8)}`];
  });
}

function expectPrivate(folder: string, ...names: string[]): void {
  const modes = modesBelow(folder);
  expect(modes.filter(([, mode]) => mode !== "file 600" && mode !== "folder 700")).toEqual([]);
  const paths = modes.map(([path]) => path);
  for (const name of names) expect(paths).toContain(join(folder, name));
}

test.skipIf(!isPosix)("with a umask of 000 every file of the server is 0600 and every folder 0700", () => {
  const databases = ["ledger.sqlite", "ledger.sqlite-wal", "texts.sqlite", "texts.sqlite-wal"];
  expectPrivate(server.data, ...databases, "secrets.json", "owner-token", "tls-key.pem", "tls-certificate.pem");
});

test.skipIf(!isPosix)("with a umask of 000 every file of the station is 0600 and every folder 0700", () => {
  expectPrivate(station.data, "log.sqlite", "log.sqlite-wal", "station-key.pem");
});

test.skipIf(!isPosix)("files that came loose, as from a backup, are private again after the next start", async () => {
  await station.stop();
  await server.stop();
  for (const { data } of [server, station])
    for (const [path, mode] of modesBelow(data)) chmodSync(path, mode.startsWith("file") ? 0o666 : 0o777);
  await server.restart();
  await station.restart();
  const loose = [...modesBelow(server.data), ...modesBelow(station.data)].filter(
    ([path, mode]) => mode === "file 666" && !/journal|\.log/.test(path),
  );
  expect(loose).toEqual([]);
});
