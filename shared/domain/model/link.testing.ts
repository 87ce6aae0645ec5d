/** The link of the model: what station and server say to each other, and where it may be cut. */
import { sameBytes } from "../../bytes.ts";
import { isFurther, type Progress } from "../course.ts";
import type { PollRow } from "../projection.ts";
import { mayShow } from "../visibility.ts";
import { beginLog, drain, forget, salvage } from "./station.testing.ts";
import type { KeptLog, Process, Word, World } from "./world.testing.ts";

interface Weather {
  /** Links and acks may get lost. */
  bad: boolean;
}

export const BAD: Weather = { bad: true };
export const GOOD: Weather = { bad: false };

/** Headers are sent, heads compared, polls brought back, news heard. True when the link stands. */
export function connect(world: World, process: Process, { bad }: Weather): boolean {
  const { ledger, random, nowMs } = world;
  process.linked = false;
  // The list grows while it is walked: a log that was salvaged is sent, too.
  for (let at = 0; at < process.disk.logs.length; at++) {
    const kept = process.disk.logs[at];
    if (kept === undefined) break;
    const folded = ledger.append(kept.log.opened, nowMs);
    if (folded.kind !== "log" || (bad && random.oneIn(15))) return false;
    process.standings.set(folded.log, ledger.projection().log(folded.log)?.standing ?? "taken");
    compareHeads(world, process, kept, folded.head);
  }
  process.linked = true;
  // Asked of two stations at once, the second brings what is known by then.
  bringBackPolls(world, process, bad && random.oneIn(8));
  hear(world, process);
  return true;
}

function compareHeads(world: World, process: Process, kept: KeptLog, serverHead: number): void {
  const { id, records, hashAt } = kept.log;
  const same = (number: number) => sameBytes(world.ledger.hashAt(id, number) ?? new Uint8Array(), hashAt(number));
  let common = Math.min(serverHead, records.length);
  if (serverHead > records.length || !same(common)) {
    let least = 0;
    while (least < common) {
      const middle = Math.ceil((least + common) / 2);
      if (same(middle)) least = middle;
      else common = middle - 1;
    }
    if (common < records.length) return salvage(world, process, kept, common);
    // Somebody else writes this log: leave it to them.
    if (kept === process.disk.current) beginLog(world, process);
  }
  process.next.set(id, common + 1);
}

/** Send a few batches of one log, cut anywhere, perhaps beginning with what was sent before. */
export function pump(world: World, process: Process, { bad }: Weather): boolean {
  const { ledger, random, strays, nowMs } = world;
  const waiting = process.disk.logs.filter((kept) => isWaiting(process, kept));
  const kept = random.pick(waiting);
  if (!process.linked || kept === undefined) return false;
  const { log } = kept;
  let first = process.next.get(log.id) ?? 1;
  for (let batches = 1 + random.below(3); batches > 0 && first <= log.records.length; batches--) {
    // Now and then one is missing in between, which no honest link does.
    if (bad && random.oneIn(40) && first < log.records.length) first++;
    const from = random.oneIn(4) ? Math.max(1, first - random.below(4)) : first;
    const count = 1 + random.below(Math.min(9, log.records.length - from + 1));
    const batch = log.batch(from, count);
    first = Math.max(first, from + count);
    const hashAfter = random.oneIn(3) ? null : batch.hashAfter;
    if (bad && random.oneIn(20)) {
      strays.push({ station: process.station, batch });
      process.linked = false;
      break;
    }
    const folded = ledger.append({ ...batch, hashAfter }, nowMs);
    if (bad && random.oneIn(12)) process.linked = false;
    if (!process.linked || folded.kind !== "batch") {
      process.linked = false;
      break;
    }
    if (!hearAck(world, process, kept, folded)) break;
  }
  return true;
}

function isWaiting({ next, standings }: Process, { log }: KeptLog): boolean {
  const standing = standings.get(log.id);
  return standing !== "aside" && standing !== "rejected" && (next.get(log.id) ?? 1) <= log.records.length;
}

type Ack = Extract<ReturnType<World["ledger"]["append"]>, { kind: "batch" }>;

/** False when the link is of no more use for this log. */
function hearAck({ ledger }: World, process: Process, { log }: KeptLog, { ignored, head, hash }: Ack): boolean {
  if (ignored === "set-aside" || ignored === "rejected") {
    process.standings.set(log.id, ledger.projection().log(log.id)?.standing ?? "aside");
    return false;
  }
  const ours = head <= log.records.length && sameBytes(log.hashAt(head), hash);
  if ((ignored !== null && ignored !== "nothing-new") || !ours) {
    process.linked = false;
    return false;
  }
  process.next.set(log.id, head + 1);
  return true;
}

/** A server that knows less of a poll than it once told is shown its own word; or it is shown `anyway`. */
export function bringBackPolls({ ledger, nowMs }: World, { disk }: Process, anyway: boolean): void {
  for (const { facts, course } of disk.words.values()) {
    const row = ledger.projection().poll(facts.poll);
    const untold = course.state === "certified" && course.totals === null;
    const told: Progress = untold ? { state: "closed", moves: course.moves - 1 } : course;
    // What has a barrier here takes no other course: asked again with each new link, the ledger would grow for nothing.
    const lacks = row === undefined || (row.barrier === null && isFurther(told, row));
    if (lacks || anyway) ledger.append({ kind: "poll-restored", ...facts, ...course }, nowMs);
  }
}

/** The feed: polls as they are now. */
export function hear(world: World, process: Process): void {
  if (!process.linked) return;
  const { ledger, polls } = world;
  for (const { facts } of polls) {
    const row = ledger.projection().poll(facts.poll);
    if (row === undefined || row.state === "draft" || row.hash !== facts.hash) continue;
    const known = process.disk.words.get(facts.poll)?.course;
    const course = courseOf(row, row.state);
    if (known === undefined || !isFurther(known, course)) process.disk.words.set(facts.poll, { facts, course });
  }
  for (const { log } of process.disk.logs)
    process.standings.set(log.id, ledger.projection().log(log.id)?.standing ?? "taken");
  if (ledger.projection().keyDestroyed() !== null) forget(world, process);
  drain(world, process);
}

function courseOf(row: PollRow, state: Word["course"]["state"]): Word["course"] {
  const totals = state === "certified" && mayShow("station", row) ? row.tally : null;
  return { state, moves: row.moves, windows: row.windows, closedAtMs: row.closed?.atMs ?? null, totals };
}
