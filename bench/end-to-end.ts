/**
 * From a reader's bytes on a pty to the screen's event stream: the real station and server, and beside them the floor,
 * both through the same line, the same frames and the same ears, in turns.
 */
import { join } from "node:path";
import { startListening } from "../e2e/rig/program.ts";
import { openSerialLine } from "../e2e/rig/pty.ts";
import { openScratch } from "../e2e/rig/scratch.ts";
import { startServerProgram } from "../e2e/rig/server-program.ts";
import { startStationProgram } from "../e2e/rig/station-program.ts";
import { cpuSecondsOf } from "./cpu.ts";
import type { Measured } from "./rows.ts";
import { quantile } from "./stats.ts";
import { figure } from "./table.ts";
import { createTapper, type Tapper } from "./tapper.ts";

const ROUNDS = 3;
const PER_SECOND = 50;
const PACED = 600;
const BURST = 4_000;
/** Of badges that are not counted yet. A station keeps 512 on their way to the disk and refuses more. */
const WINDOW = 400;
/** Until the compiler is done with the way of a vote, which it goes over several times, and both files have their size. */
const WARM_UP = 8_000;

interface Way {
  tapper: Tapper;
  /** The station's process, and the server's. */
  pids: readonly number[];
  /** Votes that the server itself counts; undefined when it cannot be asked. */
  counted: () => Promise<number | undefined>;
  close(): Promise<void>;
}

export interface EndToEnd {
  measured: Measured[];
  notes: string[];
}

export async function measureEndToEnd(): Promise<EndToEnd> {
  const floor = await openFloor();
  const ours = await openOurs();
  try {
    const rounds = { floor: createRounds(floor), ours: createRounds(ours) };
    await rounds.floor.warmUp();
    await rounds.ours.warmUp();
    for (let round = 0; round < ROUNDS; round++) {
      await rounds.floor.run();
      await rounds.ours.run();
    }
    const [total, counted] = [ours.tapper.total(), await ours.counted()];
    if (total !== counted) throw new Error(`${total} taps were shown as counted, the server has ${counted}`);
    const [our, their] = [rounds.ours, rounds.floor];
    return {
      measured: [
        { name: "endToEnd.p50", values: our.p50, floors: their.p50 },
        { name: "endToEnd.p99", values: our.p99, floors: their.p99 },
        { name: "endToEnd.burst", values: our.burst, floors: their.burst },
      ],
      notes: [
        `endToEnd: ${total} taps, each shown as counted, each once in the server's tally. By rounds:`,
        `  p50 ${list(our.p50)} ms, floor ${list(their.p50)}; p99 ${list(our.p99)}, floor ${list(their.p99)}`,
        `  burst ${list(our.burst)} taps/s, floor ${list(their.burst)}`,
        `  processor per tap of a burst, station and server: ${list(our.cpuUs)} µs, floor ${list(their.cpuUs)}`,
        `  until stored, p50 ${list(our.stored)} ms, floor ${list(their.stored)}`,
        `  until the tally holds it, p50 ${list(our.tally)} ms, floor ${list(their.tally)}: ours goes out every 50 ms at most`,
      ],
    };
  } finally {
    await ours.close();
    await floor.close();
  }
}

const HAS_PROC = process.platform === "linux";
const list = (values: readonly number[]) => values.map(figure).join(" ");

function createRounds({ tapper, pids }: Way) {
  const p50: number[] = [];
  const p99: number[] = [];
  const burst: number[] = [];
  const cpuUs: number[] = [];
  const stored: number[] = [];
  const tally: number[] = [];
  const cpuSeconds = () => pids.reduce((sum, pid) => sum + (HAS_PROC ? cpuSecondsOf(pid) : Number.NaN), 0);
  return {
    p50,
    p99,
    burst,
    cpuUs,
    stored,
    tally,
    async warmUp() {
      await tapper.settle();
      await tapper.burst(WARM_UP, WINDOW);
    },
    async run() {
      const { storedMs, countedMs, tallyMs } = await tapper.paced(PACED, PER_SECOND);
      p50.push(quantile(countedMs, 0.5));
      p99.push(quantile(countedMs, 0.99));
      stored.push(quantile(storedMs, 0.5));
      tally.push(quantile(tallyMs, 0.5));
      const before = cpuSeconds();
      burst.push(await tapper.burst(BURST, WINDOW));
      cpuUs.push(((cpuSeconds() - before) * 1e6) / BURST);
    },
  };
}

async function openOurs(): Promise<Way> {
  const server = await startServerProgram();
  const line = await openSerialLine();
  const station = await startStationProgram({
    server: server.url,
    readers: [`serial:${line.path}?protocol=rdm6300&slot=1`],
  });
  const { organiser } = server;
  const options = Array.from({ length: 5 }, (_, at) => `Answer ${at + 1}`);
  const { id } = await organiser.createPoll({ question: "How fast is a vote?", options, counts: "first" });
  await organiser.open(id);
  await organiser.admit(station.url);
  const tapper = await createTapper(station.url, line);
  return {
    tapper,
    pids: [station.pid, server.pid],
    counted: async () => (await organiser.tally(id)).total,
    async close() {
      tapper.close();
      await station.kill9();
      await server.kill9();
      await line.unplug();
    },
  };
}

async function openFloor(): Promise<Way> {
  const folder = openScratch("bench-floor");
  const server = await startListening("bench/floor/server.ts", { args: [join(folder, "server.sqlite")] });
  const line = await openSerialLine();
  const station = await startListening("bench/floor/station.ts", {
    args: [line.path, server.url, join(folder, "station.sqlite")],
  });
  const tapper = await createTapper(station.url, line);
  return {
    tapper,
    pids: [station.program.pid, server.program.pid],
    counted: async () => undefined,
    async close() {
      tapper.close();
      await station.program.kill9();
      await server.program.kill9();
      await line.unplug();
    },
  };
}
