/** What the organiser does, by chance; what is refused is no matter, as chance knows no rules. */
import { OPTIONS, STATIONS, nameOf, pick, type World } from "./world.ts";

const ACTS = ["pause", "open", "open", "next", "next", "certify", "roll", "roll", "noRoll", "judge", "revoke"] as const;
export const REASON = "Nobody waits any longer.";
/** Of so many rounds one loses a station to a thief. */
const REVOKED_ONCE_IN = 4;
const MOST_WEIGHT = 3;

export async function organise(world: World): Promise<void> {
  const { random, server, polls } = world;
  const act = pick(random, ACTS) ?? "open";
  const poll = polls.at(-1);
  world.story.push(`  ${act}`);
  const post = (path: string, body?: unknown) => server.organiser.request("POST", path, body).then(() => undefined);
  switch (act) {
    case "pause":
    case "open":
      return post(`/polls/${poll}/${act}`);
    case "next":
      await post(`/polls/${poll}/close`);
      return openPoll(world);
    case "certify":
      // Some station may be away, whose votes are late then.
      return post(`/polls/${pick(random, polls.slice(0, -1)) ?? poll}/certify`, { reason: REASON });
    case "roll":
      return server.organiser.adoptRoll(drawRoll(world));
    case "noRoll":
      return server.organiser.dropRoll();
    case "judge":
      return judgeOne(world);
    case "revoke":
      return random.whole(1, REVOKED_ONCE_IN) === 1 ? revokeOne(world) : undefined;
  }
}

export async function openPoll({ random, server, polls }: World): Promise<void> {
  const { id } = await server.organiser.createPoll({
    question: `Question ${polls.length + 1}?`,
    options: Array.from({ length: OPTIONS }, (_, at) => `Option ${at + 1}`),
    counts: random.whole(0, 1) === 0 ? "first" : "last",
    upTo: random.whole(1, 2),
  });
  await server.organiser.open(id);
  polls.push(id);
}

/** Most of the badges, two to a voter, and some that nobody has. */
function drawRoll({ random, badges }: World) {
  const listed = badges.filter(() => random.whole(0, 4) > 0);
  const pairs = listed.flatMap((badge, at) => (at % 2 === 0 ? [[badge, ...listed.slice(at + 1, at + 2)]] : []));
  return [
    ...pairs.map((tags, voter) => ({ voter, tags, weight: random.whole(1, MOST_WEIGHT) })),
    { voter: 1_000, tags: ["ffffffffff"] },
  ];
}

/** The organiser's word on a log that is set aside, if there is one. */
export async function judgeOne(world: World): Promise<void> {
  const { stations } = await world.server.organiser.stations();
  const aside = stations.flatMap(({ branches }) => branches).filter(({ standing }) => standing === "aside");
  const log = pick(world.random, aside);
  if (log === undefined) return;
  world.decided = true;
  await world.server.organiser.judge(log.log, world.random.whole(0, 1) === 0 ? "admit" : "reject");
}

async function revokeOne(world: World): Promise<void> {
  const number = world.random.whole(0, STATIONS - 1);
  const { stations } = await world.server.organiser.stations();
  const station = stations.find(({ name, revoked }) => name === nameOf(number) && !revoked);
  if (station === undefined) return;
  world.decided = true;
  world.dubious = true;
  world.revoked.add(number);
  await world.server.organiser.revoke(station.station);
}
