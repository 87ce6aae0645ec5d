/** What a server costs that has taken a million ballots: its start, a start without its projection, and its memory. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { openScratch } from "../e2e/rig/scratch.ts";
import { startServerProgram } from "../e2e/rig/server-program.ts";
import { BALLOTS, fill } from "./growth/fill.ts";
import { startTimed } from "./growth/first-line.ts";
import { residentOf, type Resident } from "./growth/resident.ts";
import { LEDGER_FILE, checkRebuilt, copyOf, throwProjectionAway } from "./growth/thrown-away.ts";
import type { Measured } from "./rows.ts";
import { figure } from "./table.ts";

const ROUNDS = 3;
/** Ten times what is asked of it: a machine that is busy with something else. */
const RESTART_LIMIT_MS = 20_000;
const REBUILD_LIMIT_MS = 60_000;

export interface Growth {
  measured: Measured[];
  notes: string[];
}

/** @param rebuild false to leave the rebuilds out, and with them the memory */
export async function measureGrowth(rebuild: boolean, tell: (line: string) => void): Promise<Growth> {
  const { directory, ...filled } = await fillOne(tell);
  const restarts = await measureRestarts(directory);
  const megabytes = figure(statSync(join(directory, LEDGER_FILE)).size / 1e6);
  const notes = [
    `growth: ${BALLOTS} ballots in ${figure(filled.seconds)} s over the link, each counted; ledger.sqlite ${megabytes} MB`,
    `  start ${list(restarts.seconds)} s, with no ballots ${list(restarts.emptySeconds)}, floor ${list(restarts.floorSeconds)}`,
    `  memory, now/peak: having taken them ${told(filled.resident)}; after a start ${restarts.resident.map(told).join(" ")}`,
  ];
  const measured: Measured[] = [{ name: "restart.1M", values: restarts.seconds, floors: restarts.floorSeconds }];
  if (!rebuild) return { measured, notes };

  tell("  rebuilds");
  const rebuilds = await measureRebuilds(directory);
  measured.push({ name: "rebuild.rate", values: rebuilds.rates, floors: rebuilds.floorRates });
  notes.push(
    `  rebuild ${list(rebuilds.rates)} ballots/s, floor ${list(rebuilds.floorRates)}`,
    `  memory after a rebuild ${rebuilds.resident.map(told).join(" ")}, floor ${rebuilds.floorResident.map(told).join(" ")}`,
  );
  // Of the server that took them, not of one that was started since: it has the most, and a venue has that one.
  const [ours, floors] = [nowOf([filled.resident]), nowOf(rebuilds.floorResident)];
  if (ours.length > 0) measured.push({ name: "memory.1M", values: ours, floors });
  else notes.push("not run: memory.1M (/proc is missing)");
  return { measured, notes };
}

const list = (values: readonly number[]) => values.map(figure).join(" ");
const told = (resident: Resident | undefined) =>
  resident === undefined ? "unknown" : `${figure(resident.nowMb)}/${figure(resident.peakMb)} MB`;
const nowOf = (all: readonly (Resident | undefined)[]) => all.flatMap((one) => (one === undefined ? [] : [one.nowMb]));

async function fillOne(tell: (line: string) => void) {
  const server = await startServerProgram();
  try {
    const seconds = await fill(server, tell);
    const resident = residentOf(server.pid);
    await server.stop();
    return { directory: server.data, seconds, resident };
  } catch (error) {
    await server.kill9();
    throw error;
  }
}

/** One start of the real server, from its spawn until stations and people can connect. */
async function startOnce(directory: string, limitMs: number) {
  const { program, firstLine, seconds } = await startTimed(
    "server/main.ts",
    ["--data", directory, "--port", "0"],
    limitMs,
  );
  const resident = residentOf(program.pid);
  await program.stop();
  if (!firstLine.startsWith("server listening on ")) throw new Error(`the server's first line is ${firstLine}`);
  return { seconds, resident };
}

async function measureRestarts(directory: string) {
  const seconds: number[] = [];
  const floorSeconds: number[] = [];
  /** What any start costs, of which most is loading the program: what is above it comes with the ballots. */
  const emptySeconds: number[] = [];
  const resident: (Resident | undefined)[] = [];
  const empty = openScratch("bench-empty");
  // The first start makes keys.
  await startOnce(empty, RESTART_LIMIT_MS);
  for (let round = 0; round < ROUNDS; round++) {
    emptySeconds.push((await startOnce(empty, RESTART_LIMIT_MS)).seconds);
    const floor = await startTimed("bench/floor/last-entry.ts", [join(directory, LEDGER_FILE)], RESTART_LIMIT_MS);
    await floor.program.exited;
    floorSeconds.push(floor.seconds);
    const ours = await startOnce(directory, RESTART_LIMIT_MS);
    seconds.push(ours.seconds);
    resident.push(ours.resident);
  }
  return { seconds, floorSeconds, emptySeconds, resident };
}

async function measureRebuilds(directory: string) {
  const rates: number[] = [];
  const floorRates: number[] = [];
  const resident: (Resident | undefined)[] = [];
  const floorResident: (Resident | undefined)[] = [];
  const copy = copyOf(directory);
  const folder = openScratch("bench-rebuild-floor");
  for (let round = 0; round < ROUNDS; round++) {
    const paths = [join(directory, LEDGER_FILE), join(folder, `round-${round}.sqlite`)];
    const floor = await startTimed("bench/floor/rebuild.ts", paths, REBUILD_LIMIT_MS);
    floorResident.push(residentOf(floor.program.pid));
    await floor.program.kill9();
    if (floor.firstLine !== `ballots ${BALLOTS}`) throw new Error(`the floor's first line is ${floor.firstLine}`);
    floorRates.push(BALLOTS / floor.seconds);

    throwProjectionAway(copy);
    const ours = await startOnce(copy, REBUILD_LIMIT_MS);
    checkRebuilt(copy, BALLOTS);
    rates.push(BALLOTS / ours.seconds);
    resident.push(ours.resident);
  }
  return { rates, floorRates, resident, floorResident };
}
