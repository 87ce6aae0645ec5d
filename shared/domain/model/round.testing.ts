/** One round of the model: an event of chance, and what must be true of it. */
import { deliverStray, restoreDisk, restoreServer, resumeSnapshot, stop } from "./mishaps.testing.ts";
import { createModelLedger, type CreateProjection } from "./ledger.testing.ts";
import * as organiser from "./organiser.testing.ts";
import { createRandom } from "./random.testing.ts";
import { BAD, GOOD, bringBackPolls, connect, hear, pump } from "./link.testing.ts";
import { startProcess, synchronise, tap } from "./station.testing.ts";
import { EVENT, copyDisk, type Process, type World } from "./world.testing.ts";
import { testId } from "../testing.ts";
import { createMemoryProjection } from "../memory-projection.ts";
import type { Sha256 } from "../record.ts";
import {
  expectCertificates,
  expectDrainedIsAll,
  expectNothingLost,
  expectNoFalseAlarm,
  expectSameAfterwards,
} from "./promises.testing.ts";

/** What may happen, and how often. */
const STEPS = [
  ["tap", 48],
  ["pump", 26],
  ["connect", 12],
  ["cut", 3],
  ["clock", 16],
  ["hear", 8],
  ["stray", 2],
  ["restart", 3],
  ["backup", 2],
  ["restoreDisk", 1],
  ["clone", 1],
  ["snapshot", 2],
  ["define", 1],
  ["move", 8],
  ["bar", 2],
  ["certify", 3],
  ["roll", 2],
  ["revoke", 1],
  ["judge", 1],
  ["admit", 3],
  ["keyDestroyed", 1],
  ["setUp", 2],
  ["restoreServer", 1],
] as const;

export interface Round {
  world: World;
  steps: number;
}

export interface RoundOptions {
  /** For narrowing down: the same seed with fewer steps is the same beginning. */
  most?: number;
  createProjection?: CreateProjection;
}

/** Throws, naming what is wrong. */
export function playRound(sha256: Sha256, seed: number, options: RoundOptions = {}): Round {
  const { most = Number.MAX_SAFE_INTEGER, createProjection = createMemoryProjection } = options;
  const world = createWorld(sha256, seed, createProjection);
  const steps = Math.min(most, 50 + world.random.below(90));
  for (let at = 0; at < steps; at++) {
    step(world);
    expectCertificates(world);
  }
  finish(world);
  if (world.random.oneIn(3)) loseTheServer(world);
  return { world, steps };
}

function createWorld(sha256: Sha256, seed: number, createProjection: CreateProjection): World {
  const random = createRandom(seed);
  let ids = 0;
  const world: World = {
    random,
    sha256,
    ledger: createModelLedger(sha256, createProjection),
    nowMs: 1000,
    stations: [1, 2, 3].map((number) => testId(0xb0 + number)),
    polls: [],
    processes: [],
    backups: [],
    twins: new Set(),
    putBack: new Set(),
    serverPutBack: false,
    strays: [],
    shown: [],
    certificates: new Map(),
    // Ids in no order, so that ties are not decided by the order of opening.
    newId: () =>
      random
        .below(2 ** 32)
        .toString(16)
        .padStart(8, "0") + testId(++ids).slice(8),
  };
  world.ledger.append({ kind: "event-created", event: EVENT }, 0);
  for (const station of world.stations.slice(random.oneIn(3) ? 1 : 0)) organiser.admit(world, station);
  // Later it is mostly too late for it.
  if (random.oneIn(2)) world.ledger.append({ kind: "lf-bits-set", lfBits: 24 }, 0);
  for (let polls = 1 + random.below(3); polls > 0; polls--) organiser.definePoll(world);
  for (const { opened } of world.polls) if (!random.oneIn(4)) world.ledger.append(opened, world.nowMs);
  for (const station of world.stations) startProcess(world, station, { logs: [], current: null, words: new Map() });
  for (const process of world.processes) if (!random.oneIn(4)) connect(world, process, GOOD);
  return world;
}

function step(world: World): void {
  const { random, ledger, processes, backups } = world;
  if (random.oneIn(2)) world.nowMs += random.below(12);
  const process = random.pick(processes);
  const poll = random.pick(world.polls);
  const station = random.pick(world.stations);
  if (process === undefined || poll === undefined || station === undefined) return;
  switch (random.weighted(STEPS)) {
    case "tap":
      return tap(world, process);
    case "pump":
      return void (pump(world, process, BAD) || connect(world, process, BAD));
    case "connect":
      return void connect(world, process, BAD);
    case "cut":
      process.linked = false;
      return;
    case "clock":
      return synchronise(world, process);
    case "hear":
      return hear(world, process);
    case "stray":
      return deliverStray(world);
    case "restart":
      stop(world, process);
      return void startProcess(world, process.station, process.disk);
    case "backup":
      backups.push({ station: process.station, disk: copyDisk(process.disk) });
      return;
    case "restoreDisk":
      return restoreDisk(world, process);
    case "clone":
      return void startProcess(world, process.station, copyDisk(process.disk));
    case "snapshot":
      return resumeSnapshot(world, process);
    case "define":
      return world.polls.length < 4 ? organiser.definePoll(world) : undefined;
    case "move":
      return organiser.movePoll(world, poll);
    case "bar":
      return organiser.barPoll(world, poll);
    case "certify":
      return organiser.certify(world, poll);
    case "roll":
      return organiser.adoptRoll(world);
    case "revoke":
      return random.oneIn(2) ? organiser.revoke(world, station) : undefined;
    case "judge":
      return void (organiser.judgeBranch(world, false) || (random.oneIn(3) && organiser.judgeBranch(world, true)));
    case "admit":
      return organiser.admit(world, station);
    case "keyDestroyed":
      return random.oneIn(4) ? void ledger.append({ kind: "key-destroyed" }, world.nowMs) : undefined;
    case "setUp":
      return organiser.setUp(world, station);
    case "restoreServer":
      return restoreServer(world);
  }
}

/** Everything is delivered, closed and certified, and then comes what comes too late. */
function finish(world: World): void {
  const { random, ledger } = world;
  // One may be out of reach until all is certified.
  const away = random.oneIn(3) ? random.pick(world.processes) : undefined;
  deliverAll(world, away);
  ledger.check();
  for (const { closed } of world.polls) ledger.append(closed, world.nowMs);
  if (random.oneIn(3)) {
    // All have drained, but nobody has judged the branches yet.
    deliverAll(world, away, false);
    for (const poll of world.polls) organiser.barPoll(world, poll);
  }
  deliverAll(world, away);
  organiser.finishPolls(world);
  expectCertificates(world);
  deliverAll(world, undefined);
  organiser.finishPolls(world);
  expectCertificates(world);
  ledger.check();
  expectNoFalseAlarm(world);
  expectNothingLost(world);
  expectDrainedIsAll(world);
}

/** All is over and certified, and only a backup is left of the server. */
function loseTheServer(world: World): void {
  const told = expectSameAfterwards(world);
  const { length } = world.ledger.entries();
  world.serverPutBack = true;
  world.ledger.restore(1 + world.random.below(length));
  const hurries = world.random.oneIn(3);
  if (hurries) organiser.hurry(world);
  // Stations that were asked before it was certified anew answer after it.
  if (hurries) for (const process of world.processes) bringBackPolls(world, process, true);
  deliverAll(world, undefined);
  if (!hurries) told();
  world.ledger.check();
  finish(world);
}

/** Weather is good and everybody patient. */
function deliverAll(world: World, away: Process | undefined, judged = true): void {
  const { ledger, processes, stations } = world;
  for (const station of stations) organiser.admit(world, station);
  for (let pass = 0, entries = -1; entries !== ledger.entries().length; pass++) {
    if (pass > 60) throw new Error("the stations never come to rest");
    entries = ledger.entries().length;
    if (judged) while (organiser.judgeBranch(world, false));
    for (const process of processes) {
      if (process === away || !connect(world, process, GOOD)) continue;
      while (pump(world, process, GOOD));
    }
  }
}
