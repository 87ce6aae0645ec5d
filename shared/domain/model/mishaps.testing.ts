/** What goes wrong at an event: programs end, disks and machines are put back to older copies, links hold batches back. */
import { BAD, pump } from "./link.testing.ts";
import { startProcess, tap } from "./station.testing.ts";
import { copyDisk, type Process, type World } from "./world.testing.ts";

export function stop(world: World, process: Process): void {
  world.processes = world.processes.filter((other) => other !== process);
}

/** The disk is put back to an older copy; the newer one may come back, too. */
export function restoreDisk(world: World, process: Process): void {
  const backup = world.random.pick(world.backups.filter(({ station }) => station === process.station));
  if (backup === undefined) return;
  world.putBack.add(process.station);
  stop(world, process);
  if (world.random.oneIn(2)) world.backups.push({ station: process.station, disk: process.disk });
  startProcess(world, process.station, copyDisk(backup.disk));
}

/** The whole machine goes on from an image of itself: in its place, or beside it. */
export function resumeSnapshot(world: World, process: Process): void {
  const { random, processes, twins } = world;
  world.putBack.add(process.station);
  const image: Process = { ...process, disk: copyDisk(process.disk), linked: false, next: new Map() };
  image.standings = new Map(process.standings);
  if (random.oneIn(2)) {
    processes.push(image);
    twins.add(process.station);
    return;
  }
  // What it did since the image was taken is not in the image.
  for (let taps = random.below(4); taps > 0; taps--) tap(world, process);
  pump(world, process, BAD);
  stop(world, process);
  world.processes.push(image);
}

/** A batch of a link that was cut comes all the same; by then another process may have gone on. */
export function deliverStray(world: World): void {
  const [stray] = world.strays.splice(0, 1);
  if (stray === undefined) return;
  world.twins.add(stray.station);
  world.ledger.append(stray.batch, world.nowMs);
}

export function restoreServer(world: World): void {
  const { ledger, random, processes } = world;
  const { length } = ledger.entries();
  world.serverPutBack = true;
  ledger.restore(random.oneIn(3) ? 1 + random.below(length) : Math.max(1, length - random.below(12)));
  for (const process of processes) process.linked = false;
}
