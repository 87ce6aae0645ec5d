/** 200 links cut at once among 2,000; then the server is killed under all of them, and started again. Voting goes on. */
import { until } from "../../../e2e/rig/within.ts";
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

const STATIONS = 2_000;
const CUT = 200;
const STEADY_S = 20;
/** Slow enough that the processor has room for greeting. */
const VOTES_PER_SECOND = 0.25;
const BACK_MS = 180_000;
/** As many as one server is made for; they only greet, as that is what is asked here. */
const ALL_STATIONS = 10_000;

export const playReconnect = (): Promise<Played> =>
  inScene({ seed: "reconnect", online: STATIONS }, (scene) =>
    play(scene, { name: "scale-reconnect", stations: STATIONS, perSecond: VOTES_PER_SECOND }),
  );

export const playReconnectAll = (): Promise<Played> =>
  inScene({ seed: "reconnect", online: ALL_STATIONS }, (scene) =>
    play(scene, { name: "scale-reconnect-all", stations: ALL_STATIONS, perSecond: 0 }),
  );

interface Course {
  name: string;
  stations: number;
  /** Votes of each. */
  perSecond: number;
}

async function play(scene: Scene, { name, stations, perSecond }: Course): Promise<Played> {
  const { recording, simulator, server } = scene;
  const { moments } = recording;
  const { id, poll } = await scene.openPoll("Who comes back?");
  const online = async () => (await simulator.ask({ do: "totals" })).online;
  const back = async (): Promise<number> => {
    const beganMs = performance.now();
    await until("all to be back", async () => (await online()) === stations, BACK_MS);
    return performance.now() - beganMs;
  };
  const mostOpened = (from: number) => Math.max(...moments.slice(from).map(({ opened }) => opened));
  await scene.vote(poll, perSecond, 1);
  await seconds(STEADY_S);

  const cutAt = moments.length;
  recording.note(`${CUT} links are cut`);
  await simulator.ask({ do: "cut", count: CUT });
  await until("the cut to be seen", async () => (await online()) < stations);
  const cutMs = await back();
  await seconds(STEADY_S);
  const cutOpened = mostOpened(cutAt);

  const killedAt = moments.length;
  recording.note("kill -9 of the server");
  await server.kill9();
  await until("all links to be gone", async () => (await online()) === 0);
  recording.note("started again");
  await server.restart();
  const killedMs = await back();
  recording.note("all are back");
  await seconds(STEADY_S);
  const killedOpened = mostOpened(killedAt);

  const totals = await scene.settle(poll);
  const counted = await checkCounted(scene, id, totals);
  return {
    name,
    title: `${stations} stations: ${CUT} links cut, then the server killed`,
    facts: [
      `${CUT} links cut at once: all back within ${ms(cutMs)}, at most ${cutOpened.toFixed(0)} connections in a second`,
      `server killed under ${stations}: all back ${ms(killedMs)} after it listened again, at most ${killedOpened.toFixed(0)} connections in a second`,
      `ends of links: ${JSON.stringify(totals.closes)}; longest wait for an ack ${ms(totals.ackMost)}`,
      counted,
    ],
    recording,
    panels: picture(moments),
  };
}

function picture(moments: readonly Moment[]): Panel[] {
  return [
    {
      title: "links",
      unit: "number",
      lines: [
        line(moments, "online", ({ online }) => online),
        line(moments, "opened/s", ({ opened }) => opened),
        line(moments, "refused/s", ({ refused }) => refused),
      ],
    },
    {
      title: "ballots",
      unit: "number",
      lines: [
        line(moments, "acknowledged/s", ({ acked }) => acked),
        line(moments, "waiting", ({ waiting }) => waiting),
      ],
    },
    latencyPanel(moments),
    ...usagePanels(moments),
  ];
}
