/** Among 500 that vote, one admitted station talks as fast as it can, and comes back at once when it is cut off. */
import { CLOSE } from "../../../shared/link/close-codes.ts";
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
const PHASE_S = 30;
const WARM_UP_S = 5;
const FRAMES_PER_SECOND = 20_000;

export const playFlood = (): Promise<Played> =>
  inScene({ seed: "flood", online: STATIONS, more: 1 }, (scene) => play(scene, STATIONS, PHASE_S));

async function play(scene: Scene, stations: number, phaseS: number): Promise<Played> {
  const { recording, simulator } = scene;
  const { moments } = recording;
  const { id, poll } = await scene.openPoll("Who shouts?");
  const phase = async () => {
    await simulator.ask({ do: "mark" });
    await seconds(phaseS);
    return simulator.ask({ do: "totals" });
  };
  await scene.vote(poll, 1, 1);
  await seconds(WARM_UP_S);
  const quiet = await phase();

  const flooder = scene.strangers();
  await flooder.ask({ do: "connect", from: stations, count: 1, atOnce: 1 });
  recording.note("one floods");
  await flooder.ask({ do: "flood", perSecond: FRAMES_PER_SECOND });
  const loud = await phase();
  const { closes } = await flooder.ask({ do: "totals" });
  flooder.close();
  recording.note("it is gone");
  const after = await phase();

  const totals = await scene.settle(poll);
  const counted = await checkCounted(scene, id, totals);
  const cutOff = closes[CLOSE.tooFast] ?? 0;
  if (cutOff === 0 || Object.keys(totals.closes).length > 0)
    throw new Error(`the flooder: ${JSON.stringify(closes)}, the others: ${JSON.stringify(totals.closes)}`);
  const told = ({ ackP50, ackP99, tallyP99 }: typeof quiet) =>
    `ack p50 ${ms(ackP50)}, p99 ${ms(ackP99)}, tally p99 ${ms(tallyP99)}`;
  return {
    name: "scale-flood",
    title: `${stations} stations voting, one flooding`,
    facts: [
      `before: ${told(quiet)}`,
      `while one floods: ${told(loud)}`,
      `afterwards: ${told(after)}`,
      `it was closed ${cutOff} times in ${phaseS} s with ${CLOSE.tooFast}; its ends: ${JSON.stringify(closes)}; no other link was lost`,
      counted,
    ],
    recording,
    panels: picture(moments),
  };
}

function picture(moments: readonly Moment[]): Panel[] {
  return [
    latencyPanel(moments),
    { title: "ballots", unit: "per second", lines: [line(moments, "acknowledged", ({ acked }) => acked)] },
    ...usagePanels(moments),
  ];
}
