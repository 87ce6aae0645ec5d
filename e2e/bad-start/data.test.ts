/** A data directory or a port that cannot be used: exit code 1, one line with cause and remedy, and nothing touched. */
import { createHash } from "node:crypto";
import { closeSync, cpSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openScratch } from "../rig/scratch.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { SERVER, STATION, expectOneLine, startInVain } from "./refusal.ts";

/** SQLite's own header is 100 bytes; what follows it on the first page is the list of tables. */
const SQLITE_HEADER_BYTES = 100;

/** A pair that knows each other, running and asked nothing more; its files serve as the healthy ones. */
let server: ServerProgram;
let station: StationProgram;
let healthy: { server: string; station: string };

beforeAll(async () => {
  server = await startServerProgram();
  station = await startStationProgram({ server: server.url });
  await server.organiser.admit(station.url);
  const { id } = await server.organiser.createPoll({ question: "Which?", options: ["a", "b"], counts: "first" });
  await server.organiser.open(id);
  await station.stop();
  await server.stop();
  healthy = { server: copyOf(server.data), station: copyOf(station.data) };
  await server.restart();
  await station.restart();
});

afterAll(async () => {
  await station.stop();
  await server.stop();
});

function copyOf(folder: string): string {
  const copy = openScratch("damaged");
  cpSync(folder, copy, { recursive: true });
  return copy;
}

type Damage = (path: string) => void;
const noise = Buffer.from("In the hall somebody spilt coffee over the disk. ".repeat(200));
/** Nothing of it is left. */
const overwrite: Damage = (path) => writeFileSync(path, noise);
/** It still says what it is, but not what is in it. */
const scratchTables: Damage = (path) => {
  const file = openSync(path, "r+");
  writeSync(file, noise, 0, 900, SQLITE_HEADER_BYTES);
  closeSync(file);
};
/** Every page but the first. */
const scratchPages: Damage = (path) => {
  const file = openSync(path, "r+");
  for (let at = 4096; at < readFileSync(path).length; at += 4096) writeSync(file, noise, 0, 4096, at);
  closeSync(file);
};
const replaceByAnother: Damage = (path) => {
  rmSync(path);
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  other.close();
};
/** SQLite itself takes it for a new file, and throws the log away. */
const emptyBesideLog: Damage = (path) => {
  writeFileSync(path, "");
  writeFileSync(`${path}-wal`, noise);
};
const cutShort: Damage = (path) => writeFileSync(path, readFileSync(path).subarray(0, 40));

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Start on a copy of the healthy files with one of them damaged: told in a line, and left as it is. */
async function expectUntouched(entry: string, file: string, damage: Damage): Promise<void> {
  const data = copyOf(entry === SERVER ? healthy.server : healthy.station);
  damage(join(data, file));
  const before = hashOf(join(data, file));
  const refusal = await startInVain(entry, ["--data", data, "--port", "0"]);
  expectOneLine(refusal, join(data, file), /damaged|corrupt|malformed|not a database|another program/, REMEDY);
  expect(hashOf(join(data, file)), `${file} untouched`).toBe(before);
}
/** Every line ends by telling what to do. */
const REMEDY = /\. (?:Put|Keep|Stop|Move|Make|Choose|Give|Name|Another|The file|Free)\b.*\.$/;

describe("the server leaves as it is", () => {
  test.each([
    ["ledger.sqlite", "overwritten", overwrite],
    ["ledger.sqlite", "without its tables", scratchTables],
    ["ledger.sqlite", "with damaged pages", scratchPages],
    ["ledger.sqlite", "of another program", replaceByAnother],
    ["ledger.sqlite", "emptied beside its write-ahead log", emptyBesideLog],
    ["texts.sqlite", "overwritten", overwrite],
    ["texts.sqlite", "of another program", replaceByAnother],
    ["secrets.json", "cut short", cutShort],
    ["admin.json", "overwritten", overwrite],
  ])("%s, %s", async (file, _, damage) => {
    await expectUntouched(SERVER, file, damage);
  });
});

describe("the station leaves as it is", () => {
  test.each([
    ["log.sqlite", "of another program", replaceByAnother],
    ["station-key.pem", "cut short", cutShort],
    ["enrolment.json", "cut short", cutShort],
  ])("%s, %s", async (file, _, damage) => {
    await expectUntouched(STATION, file, damage);
  });
});

describe("the station keeps for the organiser, and goes on without", () => {
  test.each([
    ["overwritten", overwrite],
    ["without its tables", scratchTables],
    ["with damaged pages", scratchPages],
    ["emptied beside its write-ahead log", emptyBesideLog],
  ])("log.sqlite, %s", async (_, damage) => {
    const data = copyOf(healthy.station);
    damage(join(data, "log.sqlite"));
    const before = hashOf(join(data, "log.sqlite"));
    const going = await startStationProgram({ server: "http://127.0.0.1:9", data });
    const reply = await fetch(new URL("/healthz", going.url));
    const health = await reply.text();
    await going.stop();
    const [kept = ""] = readdirSync(data).filter((name) => /^log\.damaged-.*\.sqlite$/.test(name));
    expect(health).toMatch(/"remedy":"Keep this file for the organiser/);
    expect(health).toContain(kept);
    expect(hashOf(join(data, kept))).toBe(before);
  });
});

describe.each([
  ["server", SERVER],
  ["station", STATION],
])("the %s says why it cannot use", (name, entry) => {
  test("a data directory that is a file", async () => {
    const file = join(openScratch("bad-data"), "file");
    writeFileSync(file, "notes");
    expectOneLine(
      await startInVain(entry, ["--data", file, "--port", "0"]),
      file,
      "is a file, not a directory",
      /Make/,
    );
    expect(readFileSync(file, "utf8")).toBe("notes");
  });

  test.skipIf(process.platform !== "linux")("a data directory that cannot be made", async () => {
    const refusal = await startInVain(entry, ["--data", "/proc/votes/data", "--port", "0"]);
    expectOneLine(refusal, "/proc/votes/data", /ENOENT|EACCES|EPERM/, /Make/);
  });

  test("a data directory that another one uses, which goes on undisturbed", async () => {
    const running = name === "server" ? server : station;
    const before = readdirSync(running.data);
    // Beyond this computer a server needs a certificate: it is not made in another one's directory.
    const outside = name === "server" ? ["--host", "venue.invalid"] : [];
    const refusal = await startInVain(entry, ["--data", running.data, "--port", "0", ...outside]);
    expectOneLine(refusal, running.data, new RegExp(`Another ${name} .*Stop`), "--data");
    expect(readdirSync(running.data)).toEqual(before);
    // The organiser's token is in a file there.
    expect((await server.organiser.stations()).stations).toMatchObject([{ connected: true }]);
  });

  test("a port that is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const refusal = await startInVain(entry, ["--data", openScratch("bad-port"), "--port", port]);
    other.close();
    expectOneLine(refusal, `Port ${port} is in use`, "--port");
  });
});
