/**
 * Fan-out, 1 → 1,000 over real sockets, 200 bytes an update: the real server, whose 1,000 admitted stations are told
 * tallies because votes came in, and the floor, where one client's messages go to all. Ours so holds everything that a
 * vote costs: its signature, its commit, its fold.
 */
import { burst, steady, SUBSCRIBERS, type Delivered, type Hub } from "./fanout/hub.ts";
import { openFloorHub } from "./fanout/floor-hub.ts";
import { openServerHub } from "./fanout/server-hub.ts";
import type { Measurement } from "./rows.ts";
import { list } from "./table.ts";

const ROUNDS = 3;
const PER_SECOND = 50;
const UPDATES = 150;
const BURST_MS = 2_000;
/** Ten updates, as in PERFORMANCE.md. While ours waits for its disk nothing goes out, which is some 1 ms of 12. */
const GROUPS_ON_THE_WAY = 1;
const WARM_UP_MS = 1_500;

export async function measureFanout({ tell }: { tell: (line: string) => void }): Promise<Measurement> {
  const ours = await openServerHub();
  try {
    const { bytesEach } = await burst(ours, WARM_UP_MS, GROUPS_ON_THE_WAY);
    const floor = await openFloorHub(Math.round(bytesEach));
    try {
      await burst(floor, WARM_UP_MS, GROUPS_ON_THE_WAY);
      tell(`  ${SUBSCRIBERS} subscribers each`);
      return told(await measureRounds(ours, floor), bytesEach);
    } finally {
      await floor.close();
    }
  } finally {
    await ours.close();
  }
}

interface Rounds {
  burst: Delivered[];
  steady: Delivered[];
}

async function measureRounds(ours: Hub, floor: Hub): Promise<{ ours: Rounds; floor: Rounds }> {
  const found: { ours: Rounds; floor: Rounds } = { ours: { burst: [], steady: [] }, floor: { burst: [], steady: [] } };
  for (let round = 0; round < ROUNDS; round++) {
    found.floor.steady.push(await steady(floor, PER_SECOND, UPDATES));
    found.ours.steady.push(await steady(ours, PER_SECOND, UPDATES));
    found.floor.burst.push(await burst(floor, BURST_MS, GROUPS_ON_THE_WAY));
    found.ours.burst.push(await burst(ours, BURST_MS, GROUPS_ON_THE_WAY));
  }
  return found;
}

function told({ ours, floor }: { ours: Rounds; floor: Rounds }, bytesEach: number): Measurement {
  const of = (rounds: readonly Delivered[], field: keyof Delivered) => rounds.map((round) => round[field]);
  const busy = (rounds: readonly Delivered[]) =>
    `${list(of(rounds, "serverCpu"))}, of the subscribers ${list(of(rounds, "subscriberCpu"))}`;
  const missing = (rounds: Rounds) =>
    of([...rounds.burst, ...rounds.steady], "missing").reduce((sum, one) => sum + one, 0);
  return {
    measured: [
      { name: "fanout.burst", values: of(ours.burst, "perSecond"), floors: of(floor.burst, "perSecond") },
      {
        name: "fanout.cpuPerDelivery",
        values: of(ours.steady, "cpuMicroseconds"),
        floors: of(floor.steady, "cpuMicroseconds"),
      },
    ],
    notes: [
      `fanout: 1 → ${SUBSCRIBERS}, messages of ${list([bytesEach])} bytes. By rounds:`,
      `  burst ${list(of(ours.burst, "perSecond"))} deliveries/s, floor ${list(of(floor.burst, "perSecond"))}`,
      `  at ${PER_SECOND}/s ${list(of(ours.steady, "cpuMicroseconds"))} µs of CPU per delivery, floor ${list(of(floor.steady, "cpuMicroseconds"))}`,
      `  processors used in the burst by the server ${busy(ours.burst)}; floor ${busy(floor.burst)}`,
      `  not delivered, as newer ones took their place: ${missing(ours)}, floor ${missing(floor)}`,
    ],
  };
}
