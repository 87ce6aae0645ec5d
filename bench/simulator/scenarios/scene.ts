/** What every scenario has: a real server, stations of a seed admitted to it, and their simulator. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../e2e/rig/within.ts";
import { startServerProgram, type ServerProgram } from "../../../e2e/rig/server-program.ts";
import { POLL_HASH_BYTES } from "../../../shared/domain/poll.ts";
import { prepareDirectory } from "../admitted-stations.ts";
import type { Panel } from "../plot.ts";
import { record, type Moment, type Recording } from "../recording.ts";
import type { Totals } from "../sample.ts";
import { startSimulator, type Simulator } from "../simulator.ts";

/** Stations in their handshake at once while a hall is filled: what is measured then is not the greeting. */
const GREETED_AT_ONCE = 50;
/** The last of them is the probe's. */
const OPTIONS = 5;
const SETTLE_MS = 120_000;

/** A scenario as it went. */
export interface Played {
  name: string;
  title: string;
  /** One line each. */
  facts: readonly string[];
  recording: Pick<Recording, "moments" | "notes">;
  panels: readonly Panel[];
}

export interface Scene {
  server: ServerProgram;
  simulator: Simulator;
  recording: Recording;
  /** Another process with stations of its own, from the end of those of the seed. */
  strangers(): Simulator;
  /** A poll that is open, as ballots name it, and its id. */
  openPoll(question: string): Promise<{ id: string; poll: string }>;
  vote(poll: string, perSecond: number, atOnce: number): Promise<Totals>;
  /** Stop voting; resolves when every ballot is acknowledged. */
  settle(poll: string): Promise<Totals>;
}

export const seconds = (count: number) => sleep(count * 1_000);

interface Hall {
  seed: string;
  /** Stations that connect. */
  online: number;
  /** Stations that are admitted besides. */
  more?: number;
}

/** Play in a hall of stations that are online; whatever comes of it, nothing is left running. */
export async function inScene<T>({ seed, online, more = 0 }: Hall, play: (scene: Scene) => Promise<T>): Promise<T> {
  const server = await startServerProgram({ data: await prepareDirectory(seed, online + more) });
  const simulators = [startSimulator(server.url, seed)];
  try {
    return await play(await openScene(server, seed, online, simulators));
  } finally {
    for (const simulator of simulators) simulator.close();
    await server.kill9();
  }
}

async function openScene(server: ServerProgram, seed: string, online: number, all: Simulator[]): Promise<Scene> {
  const [simulator = startSimulator(server.url, seed)] = all;
  const recording = record(simulator, () => server.pid);
  recording.note(`${online} stations connect`);
  await simulator.ask({ do: "connect", from: 0, count: online, atOnce: GREETED_AT_ONCE });
  const vote = (poll: string, perSecond: number, atOnce: number) =>
    simulator.ask({ do: "vote", poll, options: OPTIONS, perSecond, atOnce });
  return {
    server,
    simulator,
    recording,
    vote,
    strangers() {
      const other = startSimulator(server.url, seed);
      all.push(other);
      return other;
    },
    async openPoll(question) {
      const options = [...Array.from({ length: OPTIONS - 1 }, (_, at) => `Answer ${at + 1}`), "Probe"];
      const { id } = await server.organiser.createPoll({ question, options, counts: "last" });
      const { hash } = await server.organiser.open(id);
      return { id, poll: hash.slice(0, POLL_HASH_BYTES * 2) };
    },
    async settle(poll) {
      await vote(poll, 0, 0);
      const settled = async () => {
        const now = await simulator.ask({ do: "totals" });
        return now.waiting === 0 && now;
      };
      return until("every ballot to be acknowledged", settled, SETTLE_MS);
    },
  };
}

/** That every ballot is counted once, and nothing else happened; throws when it is not so. */
export async function checkCounted({ server }: Scene, id: string, totals: Totals): Promise<string> {
  const { total } = await server.organiser.tally(id);
  if (totals.faults.length > 0) throw new Error(`stations found fault: ${totals.faults.join("; ")}`);
  if (total !== totals.made || totals.acked !== totals.made)
    throw new Error(`${totals.made} ballots were made, ${totals.acked} acknowledged, ${total} are counted`);
  return `${totals.made} ballots, each acknowledged and counted once`;
}

/** A line of a panel. */
export function line(moments: readonly Moment[], name: string, pick: (moment: Moment) => number | null) {
  return { name, points: moments.map((moment): [number, number | null] => [moment.second, pick(moment)]) };
}

/** What every picture shows of the two processes. */
export function usagePanels(moments: readonly Moment[]): Panel[] {
  return [
    {
      title: "CPU",
      unit: "cores",
      lines: [
        line(moments, "server", (moment) => moment.serverCpu),
        line(moments, "simulator", (moment) => moment.cpu),
      ],
    },
    { title: "memory of the server", unit: "MB", lines: [line(moments, "resident", (moment) => moment.serverMb)] },
  ];
}

export function latencyPanel(moments: readonly Moment[]): Panel {
  return {
    title: "tap to ack, and to a station's tally",
    unit: "ms",
    scale: "log",
    lines: [
      line(moments, "ack p50", (moment) => moment.ackP50),
      line(moments, "ack p99", (moment) => moment.ackP99),
      line(moments, "tally p50", (moment) => moment.tallyP50),
      line(moments, "tally p99", (moment) => moment.tallyP99),
    ],
  };
}

/** Of the whole seconds in between. */
export function meanOf(moments: readonly Moment[], from: number, to: number, pick: (moment: Moment) => number | null) {
  const values = moments.filter(({ second }) => second > from && second <= to).flatMap((moment) => pick(moment) ?? []);
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

export const ms = (value: number | null) =>
  value === null ? "none" : `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
