/** What may happen at an event, by chance: to stations, to their disks and to the server. Taps go on all the time. */
import { openKiosk } from "../venue/kiosk.ts";
import { putBack, snapshotOf } from "../venue/copies.ts";
import { organise } from "./organise.ts";
import { drawTaps, tapAll } from "./people.ts";
import { nameOf, pick, type Runner, type World } from "./world.ts";

/** What may happen, and how often. */
const STEPS = [
  ...([
    ["nothing", 6],
    ["cut", 4],
    ["plug", 4],
    ["restartStation", 5],
    ["restartServer", 2],
  ] as const),
  ...([
    ["putAside", 3],
    ["restoreDisk", 2],
    ["clone", 1],
    ["backUp", 2],
    ["restoreServer", 1],
  ] as const),
  ["organise", 9] as const,
];
const BAG = STEPS.flatMap(([step, times]) => Array.from({ length: times }, () => step));
type Step = (typeof BAG)[number];

/** A copy of a copy is as good as the first. */
const MOST_RUNNERS = 4;

/** One thing happens, while people tap wherever something runs. */
export async function playStep(world: World): Promise<void> {
  const step = pick(world.random, BAG) ?? "nothing";
  const runner = pick(world.random, world.runners);
  if (runner === undefined) throw new Error("there is no station");
  // Drawn before anything runs, so that the same seed means the same choices.
  const plans = world.runners.map((one) => ({ one, taps: drawTaps(world, one) }));
  world.story.push(`${step} ${runner.kiosk.name}`);
  await Promise.all([happen(world, step, runner), ...plans.map(({ one, taps }) => tapAll(one, taps))]);
}

async function happen(world: World, step: Step, runner: Runner): Promise<void> {
  switch (step) {
    case "nothing":
      return undefined;
    case "cut":
      return runner.kiosk.cable.pull();
    case "plug":
      return runner.kiosk.cable.plug();
    case "restartStation":
      return restart(runner);
    case "restartServer":
      await world.server.kill9();
      return world.server.restart();
    case "putAside":
      return void world.disks.push(await copyDisk(runner));
    case "restoreDisk":
      return restoreDisk(world, runner);
    case "clone":
      return clone(world, runner);
    case "backUp":
      return void world.backups.push(await snapshotOf(world.server));
    case "restoreServer":
      return restoreServer(world);
    case "organise":
      return organise(world);
  }
}

/** Killed, and started again; in between something may happen to its disk. */
async function restart(runner: Runner, between: () => void = () => undefined): Promise<void> {
  runner.up = false;
  await runner.kiosk.kill9();
  between();
  await runner.kiosk.restart();
  runner.up = true;
}

async function copyDisk({ kiosk, station, shown }: Runner) {
  // What is shown while the copy is made may be on it or not.
  const certain = [...shown];
  return { station, path: await snapshotOf(kiosk.station), shown: certain };
}

async function restoreDisk(world: World, runner: Runner): Promise<void> {
  const disk = pick(
    world.random,
    world.disks.filter(({ station }) => station === runner.station),
  );
  if (disk === undefined) return undefined;
  world.dubious = true;
  return restart(runner, () => {
    putBack(runner.kiosk.station, disk.path);
    runner.shown = [...disk.shown];
  });
}

async function clone(world: World, runner: Runner): Promise<void> {
  if (world.runners.length >= MOST_RUNNERS) return;
  const { station, path, shown } = await copyDisk(runner);
  world.dubious = true;
  world.twins.add(station);
  const kiosk = await openKiosk(world.server, `copy of ${nameOf(station)}`, path);
  world.runners.push({ kiosk, station, up: true, shown, lately: [] });
}

async function restoreServer(world: World): Promise<void> {
  const backup = world.decided ? undefined : pick(world.random, world.backups);
  if (backup === undefined) return;
  // A poll that came back closed waits for a person's word, too.
  world.dubious = true;
  await world.server.kill9();
  putBack(world.server, backup);
  await world.server.restart();
}
