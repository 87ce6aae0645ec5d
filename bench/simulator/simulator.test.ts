import { expect, test } from "vitest";
import { startServerProgram } from "../../e2e/rig/server-program.ts";
import { until } from "../../e2e/rig/within.ts";
import { POLL_HASH_BYTES } from "../../shared/domain/poll.ts";
import { prepareDirectory } from "./admitted-stations.ts";
import { startSimulator } from "./simulator.ts";

const STATIONS = 50;
/** It takes 5 s; a server is started three times, and a busy machine needs longer for each. */
const LIMIT_MS = 60_000;
const WAIT_MS = 30_000;

test(
  "50 simulated stations vote through a kill -9 of the real server: every ballot is counted once",
  async () => {
    const server = await startServerProgram({ data: await prepareDirectory("smoke", STATIONS) });
    const simulator = startSimulator(server.url, "smoke");
    await simulator.ask({ do: "connect", from: 0, count: STATIONS, atOnce: 10 });
    const { id } = await server.organiser.createPoll({
      question: "Many?",
      options: ["A", "B", "Probe"],
      counts: "last",
    });
    const { hash } = await server.organiser.open(id);
    const poll = hash.slice(0, POLL_HASH_BYTES * 2);
    const vote = (perSecond: number) => simulator.ask({ do: "vote", poll, options: 3, perSecond, atOnce: 2 });
    const totals = () => simulator.ask({ do: "totals" });

    await vote(2);
    await until("some ballots to be acknowledged", async () => (await totals()).acked > 100, WAIT_MS);
    await server.kill9();
    await server.restart();
    const before = (await totals()).acked;
    await until("more of them, by another process", async () => (await totals()).acked > before + 100, WAIT_MS);
    await vote(0);
    const settled = async () => {
      const now = await totals();
      return now.waiting === 0 && now;
    };
    const end = await until("all to be acknowledged", settled, WAIT_MS);

    expect(end.poll?.stations).toBe(STATIONS);
    expect(end.faults).toEqual([]);
    expect(end.acked).toBe(end.made);
    expect(end.tallyP50).toBeGreaterThan(0);
    expect((await server.organiser.tally(id)).total).toBe(end.made);
    simulator.close();
  },
  LIMIT_MS,
);
