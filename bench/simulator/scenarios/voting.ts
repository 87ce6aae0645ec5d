/** 2,000 stations at which somebody taps every second; then five at once, which leave as one batch. */
import type { Panel } from "../plot.ts";
import type { Moment } from "../recording.ts";
import {
  checkCounted,
  latencyPanel,
  line,
  meanOf,
  ms,
  inScene,
  seconds,
  usagePanels,
  type Played,
  type Scene,
} from "./scene.ts";

const STATIONS = 2_000;
const PHASE_S = 60;
/** Every fifth second: what the two cores of a small machine have room for. */
const SLOWLY_PER_SECOND = 0.2;
const FEW = 5;
/** Until the compiler has seen the way of a ballot. */
const WARM_UP_S = 5;

/** Each station every second. */
export const playVoting = (): Promise<Played> => inHall("scale-voting", 1);

/** Each station every fifth second. */
export const playVotingSlowly = (): Promise<Played> => inHall("scale-voting-slowly", SLOWLY_PER_SECOND);

const inHall = (name: string, perSecond: number) =>
  inScene({ seed: "voting", online: STATIONS }, (scene) => play(scene, name, perSecond));

async function play(scene: Scene, name: string, perSecond: number): Promise<Played> {
  const { recording, simulator } = scene;
  const { moments } = recording;
  const { id, poll } = await scene.openPoll("Who votes?");
  const phase = async (atOnce: number) => {
    recording.note(`each makes ${atOnce} ballot${atOnce > 1 ? "s" : ""} at once`);
    await scene.vote(poll, perSecond, atOnce);
    await seconds(WARM_UP_S);
    await simulator.ask({ do: "mark" });
    const fromS = moments.at(-1)?.second ?? 0;
    await seconds(PHASE_S);
    const measured = await simulator.ask({ do: "totals" });
    const toS = moments.at(-1)?.second ?? 0;
    const mean = (pick: Parameters<typeof meanOf>[3]) => meanOf(moments, fromS, toS, pick);
    return [
      `in batches of ${atOnce}: ${mean(({ acked }) => acked).toFixed(0)} ballots/s acknowledged; ack p50 ${ms(measured.ackP50)}, p99 ${ms(measured.ackP99)}, longest ${ms(measured.ackMost)}; tally on a station p50 ${ms(measured.tallyP50)}, p99 ${ms(measured.tallyP99)}`,
      `  server ${(mean(({ serverCpu }) => serverCpu) * 100).toFixed(0)} % of a core, simulator ${(mean(({ cpu }) => cpu) * 100).toFixed(0)} %, ${mean(({ heard }) => heard).toFixed(0)} frames/s heard, server ${(moments.at(-1)?.serverMb ?? 0).toFixed(0)} MB`,
    ];
  };
  const alone = await phase(1);
  const few = await phase(FEW);
  recording.note("voting ends");
  const counted = await checkCounted(scene, id, await scene.settle(poll));
  return {
    name,
    title: `${STATIONS} stations voting, each ${perSecond} times a second`,
    facts: [...alone, ...few, counted],
    recording,
    panels: picture(moments),
  };
}

function picture(moments: readonly Moment[]): Panel[] {
  return [
    {
      title: "ballots",
      unit: "per second",
      lines: [line(moments, "made", ({ made }) => made), line(moments, "acknowledged", ({ acked }) => acked)],
    },
    latencyPanel(moments),
    ...usagePanels(moments),
  ];
}
