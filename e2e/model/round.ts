/** One round of chance with real programs and real disks, and what must be true of it in the end. */
import { randomOf } from "../crash/random.ts";
import { expectAccount } from "./account.ts";
import { finish } from "./finish.ts";
import { openPoll } from "./organise.ts";
import { playStep } from "./steps.ts";
import { watchTotals } from "./watch.ts";
import { closeWorld, openWorld, type World } from "./world.ts";

/** Throws, naming what is wrong, with the seed and all that happened. Resolves with the number of successes shown. */
export async function playRound(seed: number, steps: number): Promise<number> {
  const world = await openWorld(randomOf(seed));
  const watch = watchTotals(world);
  try {
    await openPoll(world);
    for (const { kiosk } of world.runners) await kiosk.screenToBe("the poll", ({ poll }) => poll !== null);
    for (let step = 0; step < steps; step += 1) await playStep(world);
    const polls = await finish(world);
    const tallies = await Promise.all(polls.map(({ id }) => world.server.organiser.tally(id)));
    await watch.end();
    await closeWorld(world);
    expectAccount(world, { polls, tallies });
    return world.runners.reduce((sum, { shown }) => sum + shown.length, 0);
  } catch (error) {
    const story = `POLLING_STATION_SEED=${seed}, after: ${world.story.join("; ")}`;
    throw new Error(`${story}\n${String(error)}\n${lastWords(world)}`, { cause: error });
  } finally {
    await watch.end().catch(() => undefined);
    await closeWorld(world);
  }
}

/** What the programs that run now complained of. */
function lastWords({ server, runners }: World): string {
  const programs = [server.program, ...runners.map(({ kiosk }) => kiosk.station.program)];
  return programs.map((program) => program.stderr()).join("");
}
