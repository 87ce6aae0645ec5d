/** The end of an event: everybody is back on the network, all is delivered and decided, every poll is certified. */
import * as v from "valibot";
import { PollList, type Poll } from "../../shared/api/polls.ts";
import { until } from "../rig/within.ts";
import { REASON, judgeOne } from "./organise.ts";
import { drawTaps, tapAll } from "./people.ts";
import { pick, type World } from "./world.ts";

/** The longest back-off, a restart, and two machines' worth of other tests. */
const REST_MS = 30_000;

export async function finish(world: World): Promise<Poll[]> {
  if (world.random.whole(0, 1) === 0) await certifyWithoutOne(world);
  for (const { kiosk } of world.runners) kiosk.cable.plug();
  await comeToRest(world);
  for (const { id, state } of await pollsOf(world)) {
    if (state === "open" || state === "paused") await world.server.organiser.close(id);
  }
  await comeToRest(world);
  for (const { id } of await pollsOf(world)) await certify(world, id);
  await comeToRest(world);
  return pollsOf(world);
}

/** Somebody certifies while a station is away; its votes come too late, and no total may move for them. */
async function certifyWithoutOne(world: World): Promise<void> {
  const away = pick(
    world.random,
    world.runners.filter(({ station }) => !world.revoked.has(station)),
  );
  if (away === undefined) return;
  world.dubious = true;
  away.kiosk.cable.plug();
  await away.kiosk.online();
  await away.kiosk.cut();
  await tapAll(away, drawTaps(world, away));
  for (const { id } of await pollsOf(world)) {
    await world.server.organiser.request("POST", `/polls/${id}/close`);
    await world.server.organiser.request("POST", `/polls/${id}/certify`, { reason: REASON });
  }
  world.story.push(`all certified without ${away.kiosk.name}`);
}

async function pollsOf({ server }: World): Promise<Poll[]> {
  return v.parse(PollList, await (await server.organiser.request("GET", "/polls")).json()).polls;
}

/** Where nothing was lost, copied or revoked, every poll is certified by itself; else somebody says so in the end. */
async function certify(world: World, id: string): Promise<void> {
  const { organiser } = world.server;
  if (!world.dubious) return void (await organiser.certified(id, REST_MS));
  await until(
    `poll ${id} to be certified`,
    async () => {
      await organiser.request("POST", `/polls/${id}/certify`, { reason: REASON });
      return (await organiser.poll(id)).state === "certified";
    },
    REST_MS,
  );
}

/** Resolves when every station has delivered what it has, and heard what there is to hear. */
async function comeToRest(world: World): Promise<void> {
  const { organiser } = world.server;
  let last = "";
  const atRest = async () => {
    await judgeOne(world);
    const polls = await pollsOf(world);
    const { stations } = await organiser.stations();
    const undecided = stations.some(({ branches }) => branches.some(({ standing }) => standing === "aside"));
    const waiting = world.runners.filter(({ kiosk, station }) => {
      if (world.revoked.has(station)) return false;
      const { link, poll } = kiosk.screen();
      const newest = polls.at(-1);
      const heard = newest === undefined || poll?.id !== newest.id || poll.state === newest.state;
      return link.state !== "online" || link.safeHere > 0 || !heard;
    });
    last = JSON.stringify({
      undecided,
      waiting: waiting.map(({ kiosk }) => [kiosk.name, kiosk.screen().link, kiosk.screen().branch]),
    });
    return !undecided && waiting.length === 0;
  };
  await until("everything to come to rest", atRest, REST_MS).catch((cause: unknown) => {
    throw new Error(`it does not come to rest: ${last}`, { cause });
  });
}
