/**
 * Memory that a link needs which says nothing but heartbeats: of the real server with admitted stations, and of a plain `ws`
 * server with as many clients that have said nothing at all.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startListening, type Program } from "../e2e/rig/program.ts";
import { startServerProgram } from "../e2e/rig/server-program.ts";
import { residentOf } from "./growth/resident.ts";
import type { Measurement } from "./rows.ts";
import { prepareDirectory } from "./simulator/admitted-stations.ts";
import type { Command } from "./simulator/commands.ts";
import { startSimulator } from "./simulator/simulator.ts";
import { list } from "./table.ts";

const ROUNDS = 3;
const SEED = "idle-memory";
/**
 * Until a server has compiled what greeting needs, its heap has nearly the size of a server at work, and what all links share
 * is there: as many stations' keys as it keeps (server/identity/verifying-keys.ts).
 */
const WARM_UP_LINKS = 1_000;
const LINKS = 4_000;
const AT_ONCE = 50;
/** Once is not enough: what the first collection finds, finalisers free for the next. */
const COLLECTIONS = 3;
const COLLECTION_MS = 300;
/** Acks of logs, and what the last handshakes left for a turn of the loop. */
const SETTLE_MS = 1_000;

const COLLECTED = { nodeArgs: ["--expose-gc", `--import=${new URL("simulator/collect.ts", import.meta.url).href}`] };

export async function measureIdleMemory(): Promise<Measurement> {
  const data = await prepareDirectory(SEED, WARM_UP_LINKS + LINKS);
  const [ours, floors]: [Links[], Links[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const floor = await startListening("bench/floor/idle.ts", COLLECTED);
    floors.push(
      await measure(floor.program, floor.url, (_from, count) => ({ do: "connect-plain", count, atOnce: AT_ONCE })),
    );
    const server = await startServerProgram({ data, ...COLLECTED });
    ours.push(
      await measure(server.program, server.url, (from, count) => ({ do: "connect", from, count, atOnce: AT_ONCE })),
    );
  }
  const [values, before] = [ours.map(({ kib }) => kib), ours.map(({ uncollectedKib }) => uncollectedKib)];
  return {
    measured: [{ name: "idle.memory", values, floors: floors.map(({ kib }) => kib) }],
    notes: [
      `idle.memory: ${LINKS} links; before garbage was collected ${list(before)} KiB a link, floor ${list(floors.map(({ uncollectedKib }) => uncollectedKib))}`,
    ],
  };
}

interface Links {
  /** Resident, for each link: what is left after collection, and what there was before it. */
  kib: number;
  uncollectedKib: number;
}

/** Of this server, which is killed in the end. */
async function measure(
  program: Program,
  url: string,
  connect: (from: number, count: number) => Command,
): Promise<Links> {
  const simulator = startSimulator(url, SEED);
  try {
    await simulator.ask(connect(0, WARM_UP_LINKS));
    await sleep(SETTLE_MS);
    const before = await collectedKib(program.pid);
    await simulator.ask(connect(WARM_UP_LINKS, LINKS));
    await sleep(SETTLE_MS);
    const uncollected = residentKib(program.pid);
    const after = await collectedKib(program.pid);
    return { kib: (after - before) / LINKS, uncollectedKib: (uncollected - before) / LINKS };
  } finally {
    simulator.close();
    await program.kill9();
  }
}

async function collectedKib(pid: number): Promise<number> {
  for (let collection = 0; collection < COLLECTIONS; collection++) {
    process.kill(pid, "SIGUSR2");
    await sleep(COLLECTION_MS);
  }
  return residentKib(pid);
}

function residentKib(pid: number): number {
  const resident = residentOf(pid);
  if (resident === undefined) throw new Error(`/proc says nothing of process ${pid}`);
  return (resident.nowMb * 1e6) / 1024;
}
