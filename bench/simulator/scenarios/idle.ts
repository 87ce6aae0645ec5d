/** 10,000 stations with nothing to say but heartbeats; then a poll is opened, and all of them hear of it. */
import type { Panel } from "../plot.ts";
import type { Moment } from "../recording.ts";
import { line, meanOf, ms, inScene, seconds, usagePanels, type Played, type Scene } from "./scene.ts";

const STATIONS = 10_000;
const IDLE_S = 60;
const HEARD_S = 5;

export const playIdle = (): Promise<Played> =>
  inScene({ seed: "idle", online: STATIONS }, (scene) => play(scene, STATIONS, IDLE_S));

async function play(scene: Scene, stations: number, idleS: number): Promise<Played> {
  const { recording, simulator } = scene;
  const { moments } = recording;
  const connectedS = moments.at(-1)?.second ?? 0;
  recording.note("all are connected");
  await seconds(idleS);
  const [fromS, toS] = [connectedS + 2, moments.at(-1)?.second ?? 0];
  const beforeMb = moments.at(-1)?.serverMb ?? 0;
  recording.note("a poll is opened");
  const sentMs = performance.timeOrigin + performance.now();
  await scene.openPoll("Who has heard of it?");
  await seconds(HEARD_S);
  const { poll, closes, faults } = await simulator.ask({ do: "totals" });
  if (poll === null || poll.stations !== stations) throw new Error(`${poll?.stations ?? 0} stations heard of the poll`);
  if (faults.length + Object.keys(closes).length > 0) throw new Error(`${faults.join()} ${JSON.stringify(closes)}`);
  const cpu = meanOf(moments, fromS, toS, ({ serverCpu }) => serverCpu);
  return {
    name: "scale-idle",
    title: `${stations} idle stations`,
    facts: [
      `${stations} stations connected in ${connectedS.toFixed(0)} s, idle for ${idleS} s, no link lost`,
      `server: ${(cpu * 100).toFixed(1)} % of a core for ${(stations / 5).toFixed(0)} heartbeats/s, ${beforeMb.toFixed(0)} MB`,
      `a poll is opened: the first station hears after ${ms(poll.firstMs - sentMs)}, the middle one after ${ms(poll.middleMs - sentMs)}, the last after ${ms(poll.lastMs - sentMs)}`,
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
      lines: [line(moments, "online", ({ online }) => online), line(moments, "frames heard/s", ({ heard }) => heard)],
    },
    ...usagePanels(moments),
  ];
}
