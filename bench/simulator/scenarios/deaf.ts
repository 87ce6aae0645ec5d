/**
 * Among 500 that vote, some admitted stations read nothing any more: first with heartbeats alone, which is all that a
 * frozen kiosk's kernel lets through, then asking for chunks of the roll again and again without taking one.
 */
import * as v from "valibot";
import { RollChunk } from "../../../shared/api/roll.ts";
import type { Panel } from "../plot.ts";
import type { Moment } from "../recording.ts";
import {
  checkCounted,
  latencyPanel,
  line,
  ms,
  inScene,
  seconds,
  usagePanels,
  type Played,
  type Scene,
} from "./scene.ts";

const STATIONS = 500;
const DEAF = 20;
const PHASE_S = 40;
const WARM_UP_S = 5;
const VOTERS_IN_CHUNK = 1_000;

export const playDeaf = (): Promise<Played> =>
  inScene({ seed: "deaf", online: STATIONS, more: 2 * DEAF }, (scene) => play(scene, STATIONS, DEAF, PHASE_S));

async function play(scene: Scene, stations: number, deaf: number, phaseS: number): Promise<Played> {
  const { recording, simulator } = scene;
  const { moments } = recording;
  const { id, poll } = await scene.openPoll("Who listens?");
  const chunk = await storeChunk(scene);
  const phase = async () => {
    await simulator.ask({ do: "mark" });
    const fromMb = moments.at(-1)?.serverMb ?? 0;
    const at = moments.length;
    await seconds(phaseS);
    const mostMb = Math.max(...moments.slice(at).map(({ serverMb }) => serverMb ?? 0));
    const [{ ackP50, ackP99, tallyP99 }, toMb] = [await simulator.ask({ do: "totals" }), moments.at(-1)?.serverMb ?? 0];
    const memory = `server ${fromMb.toFixed(0)} MB before, at most ${mostMb.toFixed(0)}, ${toMb.toFixed(0)} at the end`;
    return `ack p50 ${ms(ackP50)}, p99 ${ms(ackP99)}, tally p99 ${ms(tallyP99)}; ${memory}; ${(await linked(scene)) - stations} of the deaf still linked`;
  };
  const fallDeaf = async (from: number, want: string | null) => {
    const some = scene.strangers();
    await some.ask({ do: "connect", from, count: deaf, atOnce: deaf });
    await some.ask({ do: "deafen", want });
  };
  await scene.vote(poll, 1, 1);
  await seconds(WARM_UP_S);
  const before = await phase();
  recording.note(`${deaf} read nothing, and send heartbeats`);
  await fallDeaf(stations, null);
  const silent = await phase();
  recording.note(`${deaf} more read nothing, and ask for much`);
  await fallDeaf(stations + deaf, chunk);
  const greedy = await phase();

  const totals = await scene.settle(poll);
  const counted = await checkCounted(scene, id, totals);
  if (Object.keys(totals.closes).length > 0) throw new Error(`others lost links: ${JSON.stringify(totals.closes)}`);
  return {
    name: "scale-deaf",
    title: `${stations} stations voting, ${deaf} that never read, then ${deaf} more that ask for much`,
    facts: [
      `before: ${before}`,
      `${deaf} deaf: ${silent}`,
      `${deaf} more that ask for a chunk of the roll 50 times a second: ${greedy}`,
      counted,
    ],
    recording,
    panels: picture(moments),
  };
}

/** A chunk that the ledger has, and no roll names: votes count as before. */
async function storeChunk({ server }: Scene): Promise<string> {
  const voters = Array.from({ length: VOTERS_IN_CHUNK }, (_, at) => ({
    voter: at + 1,
    tags: [at.toString(16).padStart(14, "0")],
  }));
  const response = await server.organiser.request("POST", "/roll/chunks", { voters });
  if (!response.ok) throw new Error(`the chunk was refused: ${response.status} ${await response.text()}`);
  return v.parse(RollChunk, await response.json()).chunk;
}

async function linked({ server }: Scene): Promise<number> {
  const { stations } = await server.organiser.stations();
  return stations.filter(({ connected }) => connected).length;
}

function picture(moments: readonly Moment[]): Panel[] {
  return [
    latencyPanel(moments),
    { title: "ballots", unit: "per second", lines: [line(moments, "acknowledged", ({ acked }) => acked)] },
    ...usagePanels(moments),
  ];
}
