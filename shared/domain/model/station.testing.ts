/** A station of the model: honest, and as careful as its disk lets it be. */
import { bytesOfHex, sameBytes } from "../../bytes.ts";
import { MAX_LOG_MS, type LogRecord } from "../record.ts";
import { createTestLog, testTag } from "../testing.ts";
import { EVENT, type Disk, type KeptLog, type Process, type World } from "./world.testing.ts";

/** How many tags there are: few, so that they meet. */
export const TAGS = 5;
/** Wrong wall clocks are wrong by this much, either way. */
const WALL_ERROR_MS = 60;
const CLOCK_ERROR_MS = 25;

const now = (world: World, { bootMs }: KeptLog) => Math.min(MAX_LOG_MS, Math.max(0, world.nowMs - bootMs));

/** Start the program on a disk: a new log that continues the last one. */
export function startProcess(world: World, station: string, disk: Disk): Process {
  const { random } = world;
  const process: Process = {
    station,
    disk,
    linked: false,
    next: new Map(),
    standings: new Map(),
    neverSyncs: random.oneIn(6),
  };
  beginLog(world, process);
  drain(world, process);
  world.processes.push(process);
  if (world.processes.some((other) => other !== process && other.station === station)) world.twins.add(station);
  return process;
}

export function beginLog(world: World, { station, disk }: Process): void {
  const { sha256, random, nowMs } = world;
  const from = disk.current?.log;
  const parent = from
    ? { log: bytesOfHex(from.id), number: from.records.length, hash: from.hashAt(from.records.length) }
    : null;
  // A wall clock may be off, and off by something else the next time.
  const openedAtMs = Math.max(0, nowMs + random.below(2 * WALL_ERROR_MS) - WALL_ERROR_MS);
  const log = createTestLog(sha256, { log: world.newId(), station, event: EVENT, openedAtMs, parent });
  const kept: KeptLog = { log, openedAtMs, bootMs: nowMs, salvaged: false };
  disk.logs.push(kept);
  disk.current = kept;
}

function record(process: Process, ...records: LogRecord[]): void {
  process.disk.current?.log.add(...records);
}

const hasDrained = ({ log }: KeptLog, poll: Uint8Array) =>
  log.records.some((one) => one.kind === "drained" && sameBytes(one.poll, poll));

/** Somebody taps; what is on disk is shown as a success. */
export function tap(world: World, process: Process): void {
  const { random, shown } = world;
  const { current, words } = process.disk;
  // Mostly a poll it knows to be open; now and then one of an adopted picture, or one the ledger has not got yet.
  const open = world.polls.filter(({ facts }) => words.get(facts.poll)?.course.state === "open");
  const poll = random.pick(random.oneIn(12) ? world.polls : open);
  if (poll === undefined || current === null || hasDrained(current, poll.short)) return;
  // What was closed stays so, certified or not.
  const known = words.get(poll.facts.poll)?.course.state;
  if (known === "closed" || known === "certified") return;
  shown.push({ station: process.station });
  record(process, {
    kind: "ballot",
    poll: poll.short,
    option: 1 + random.below(random.oneIn(10) ? 4 : 3),
    tagKey: testTag(random.below(TAGS)),
    ms: now(world, current),
    reader: shown.length,
  });
}

/** A round trip good enough to say what the time is, or nearly. */
export function synchronise(world: World, process: Process): void {
  const { current } = process.disk;
  if (!process.linked || process.neverSyncs || current === null) return;
  const error = world.random.below(2 * CLOCK_ERROR_MS) - CLOCK_ERROR_MS;
  const serverMs = Math.max(0, world.nowMs + error);
  record(process, { kind: "clock", ms: now(world, current), serverMs, uncertaintyMs: CLOCK_ERROR_MS });
}

/** Say of every closed poll that nothing more comes, in each log that may be the last of its branch. */
export function drain(world: World, { disk, standings }: Process): void {
  const parents = new Set(disk.logs.map(({ log }) => log.parent?.log));
  const ends = disk.logs.filter((kept) => kept === disk.current || (kept.salvaged && !parents.has(kept.log.id)));
  for (const { facts, course } of disk.words.values()) {
    if (course.state !== "closed") continue;
    const poll = bytesOfHex(facts.hash.slice(0, 16));
    for (const end of ends)
      if (!hasDrained(end, poll) && standings.get(end.log.id) !== "rejected")
        end.log.add({ kind: "drained", poll, ms: now(world, end) });
  }
}

/** The event key is destroyed: said once. */
export function forget(world: World, process: Process): void {
  const { current, logs } = process.disk;
  if (current === null || logs.some(({ log }) => log.records.some(({ kind }) => kind === "forgot"))) return;
  record(process, { kind: "forgot", ms: now(world, current) });
}

/** What the server has of a log went another way after `number`: our records after it move to a log of their own. */
export function salvage(world: World, { station, disk, next }: Process, kept: KeptLog, number: number): void {
  const { log, openedAtMs, bootMs } = kept;
  const parent = { log: bytesOfHex(log.id), number, hash: log.hashAt(number) };
  const moved = createTestLog(world.sha256, { log: world.newId(), station, event: EVENT, openedAtMs, parent });
  const clock = log.records.slice(0, number).findLast(({ kind }) => kind === "clock");
  if (clock !== undefined) moved.add(clock);
  moved.add(...log.records.slice(number));
  const branch: KeptLog = { log: moved, openedAtMs, bootMs, salvaged: true };
  disk.logs.push(branch);
  if (disk.current === kept) disk.current = branch;
  kept.log = log.copy(number);
  next.set(log.id, number + 1);
}
