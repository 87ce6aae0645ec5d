/** How records fold: when a ballot was cast, whether it takes part, and which of a voter's ballots counts. */
import { sameBytes, toHex } from "../bytes.ts";
import { chooseBallots } from "./ballot-order.ts";
import type { BallotRow, LogRow, PollRow, Projection } from "./projection.ts";
import type { Ballot, ClockRecord, LogRecord } from "./record.ts";
import { judgeBallot, takenUpTo, termsOf } from "./terms.ts";
import type { Verdict } from "./verdict.ts";

/** Polls that one log can say it has drained: as many as a station keeps of the feed. What it makes up must not pile up. */
const MAX_DRAINED = 1_000;

/** Fold the next record of a log. The log comes back moved on by it; its running hash is the caller's. */
export function foldRecord(
  projection: Projection,
  log: LogRow,
  record: LogRecord,
  position: number,
): { log: LogRow; verdict: Verdict | null } {
  // Corrected time never decreases within a log, whatever a later clock record says.
  const atMs = Math.max(log.lastMs, correctedMs(log, record.ms));
  const head = log.head + 1;
  switch (record.kind) {
    case "ballot": {
      const verdict = castBallot(projection, log, record, atMs, position);
      return { log: { ...log, head, lastMs: atMs }, verdict };
    }
    case "clock": {
      const clock = { ms: record.ms, serverMs: record.serverMs };
      return { log: { ...log, head, clock, lastMs: Math.max(log.lastMs, record.serverMs) }, verdict: null };
    }
    case "drained": {
      const poll = toHex(record.poll);
      const full = log.drained.length >= MAX_DRAINED || log.drained.includes(poll);
      const drained = full ? log.drained : [...log.drained, poll];
      return { log: { ...log, head, lastMs: atMs, drained }, verdict: null };
    }
    case "forgot": {
      const station = projection.station(log.station);
      if (station?.forgot === null) projection.putStation({ ...station, forgot: position });
      return { log: { ...log, head, lastMs: atMs }, verdict: null };
    }
  }
}

/** Server time of a moment of the log; by the header's wall clock as long as nothing better is known. */
function correctedMs(log: LogRow, ms: number): number {
  return log.clock === null ? log.openedAtMs + ms : Math.max(0, log.clock.serverMs + (ms - log.clock.ms));
}

/**
 * A log's first clock record also says when the records before it were: their ballots move to that time, and are judged
 * again with it. The record itself is folded by the caller.
 */
export function synchroniseLog(projection: Projection, log: LogRow, clock: ClockRecord, position: number): LogRow {
  const shiftMs = clock.serverMs - clock.ms - log.openedAtMs;
  const ballots = projection.unsyncedBallotsOf(log.log);
  const moved = (ballot: BallotRow) => ({ ...ballot, synced: true, atMs: Math.max(0, ballot.atMs + shiftMs) });
  if (ballots.length < MANY) for (const one of ballots) replaceBallot(projection, log, one, moved(one), position);
  else replaceMany(projection, log, ballots, moved, position);
  return { ...log, lastMs: Math.max(0, log.lastMs + shiftMs) };
}

/** So many ballots of one log that it is quicker to count their polls anew than to follow each. */
const MANY = 1_000;

function replaceMany(
  projection: Projection,
  log: LogRow,
  ballots: readonly BallotRow[],
  move: (ballot: BallotRow) => BallotRow,
  position: number,
): void {
  const latest = new Map<string, number>();
  for (const from of ballots) {
    const poll = projection.pollByHash(from.poll);
    if (poll !== undefined && poll.barrier !== null) continue;
    const to = poll === undefined ? move(from) : judge(projection, poll, log, move(from))[0];
    projection.removeBallot(from);
    projection.addBallot(to);
    latest.set(from.poll, Math.max(latest.get(from.poll) ?? 0, to.atMs));
  }
  for (const [hash, atMs] of latest) countAgain(projection, hash, atMs, position);
}

/** Judge again the ballots of a poll cast at `fromMs` or later, after an act changed who may vote when: a few as a rule. */
export function judgeSince(projection: Projection, hash: string, fromMs: number, position: number): void {
  for (const ballot of projection.ballotsOfPoll(hash, fromMs)) {
    const log = projection.log(ballot.log);
    if (log === undefined) throw new Error(`a ballot of an unknown log: ${ballot.log}`);
    replaceBallot(projection, log, ballot, ballot, position);
  }
}

/** Judge again every ballot of a poll, and count it anew. */
export function judgePoll(projection: Projection, hash: string, position: number): void {
  const poll = projection.pollByHash(hash);
  // After the barrier nothing moves any more.
  if (poll === undefined || poll.barrier !== null) return;
  const movedMs = projection.judgeAll(hash, termsOf(poll, projection.roll().length > 0));
  if (movedMs !== null) countAgain(projection, hash, movedMs, position);
}

/** Ballots of a poll changed, the latest of them cast at `atMs`: its tally follows. */
function countAgain(projection: Projection, hash: string, atMs: number, position: number): void {
  const poll = projection.pollByHash(hash);
  if (poll === undefined) return;
  const { weights, unsynced } = projection.countAll(hash, poll);
  const tally = poll.tally.map((_, at) => weights.get(at + 1) ?? 0);
  const same = unsynced === poll.unsynced && tally.every((count, at) => count === poll.tally[at]);
  const latestMs = Math.max(poll.latestMs, atMs);
  projection.putPoll({ ...poll, tally, unsynced, latestMs, tallyCursor: same ? poll.tallyCursor : position });
}

/** Judge again a log's ballots with a number above this, after an act changed what the log counts as. */
export function judgeLogAgain(projection: Projection, id: string, above: number, position: number): void {
  const log = projection.log(id);
  // Looking for a log's ballots goes through all there are.
  if (log === undefined || above >= log.head) return;
  for (const ballot of projection.ballotsOfLog(id, above)) replaceBallot(projection, log, ballot, ballot, position);
}

function castBallot(projection: Projection, log: LogRow, record: Ballot, atMs: number, position: number): Verdict {
  const pollHash = toHex(record.poll);
  const poll = projection.pollByHash(pollHash);
  const ballot: BallotRow = {
    poll: pollHash,
    voter: record.tagKey,
    tagKey: record.tagKey,
    weight: 1,
    option: record.option,
    eligible: false,
    late: false,
    synced: log.clock !== null,
    atMs,
    log: log.log,
    number: log.head + 1,
  };
  if (poll === undefined) {
    projection.addBallot(ballot);
    return "unknown-poll";
  }
  if (poll.barrier !== null) {
    projection.addBallot({ ...ballot, late: true });
    projection.putPoll({ ...poll, late: poll.late + 1 });
    return "late";
  }
  const [judged, reason] = judge(projection, poll, log, ballot);
  if (reason !== null) {
    projection.addBallot(judged);
    noteTime(projection, poll, atMs);
    return reason;
  }
  const before = projection.counting(pollHash, judged.voter, poll);
  projection.addBallot(judged);
  // One more ballot can only push others out: what counted before, and it, is all there is to choose from.
  const after = chooseBallots(poll, [...before, judged]);
  moveCounts(projection, poll.id, before, after, atMs, position);
  return verdictOf(before, after, ballot.option);
}

function verdictOf(before: readonly BallotRow[], after: readonly BallotRow[], option: number): Verdict {
  const had = before.some((row) => row.option === option);
  const has = after.some((row) => row.option === option);
  if (had || !has) return "already-counted";
  return after.length > before.length ? "counted" : "changed";
}

/** A ballot under the roll and the acts of now, and why it takes no part; null when it does. */
function judge(projection: Projection, poll: PollRow, log: LogRow, ballot: BallotRow): [BallotRow, Verdict | null] {
  const terms = termsOf(poll, projection.roll().length > 0);
  return judgeBallot(terms, projection.entitled(ballot.tagKey), takenUpTo(log), ballot);
}

/** Put one ballot row in place of another of the same vote, judged as of now, and let the tally follow. */
function replaceBallot(projection: Projection, log: LogRow, from: BallotRow, moved: BallotRow, position: number): void {
  const poll = projection.pollByHash(from.poll);
  // After the barrier nothing moves any more.
  if (poll !== undefined && poll.barrier !== null) return;
  const to = poll === undefined ? moved : judge(projection, poll, log, moved)[0];
  if (sameRow(from, to)) return;
  const voters = sameBytes(from.voter, to.voter) ? [from.voter] : [from.voter, to.voter];
  const counting = () =>
    poll === undefined ? [] : voters.flatMap((voter) => projection.counting(from.poll, voter, poll));
  const before = counting();
  projection.removeBallot(from);
  projection.addBallot(to);
  if (poll !== undefined) moveCounts(projection, poll.id, before, counting(), to.atMs, position);
}

function sameRow(a: BallotRow, b: BallotRow): boolean {
  return (
    a.eligible === b.eligible &&
    a.synced === b.synced &&
    a.atMs === b.atMs &&
    a.weight === b.weight &&
    sameBytes(a.voter, b.voter)
  );
}

/** The ballots of some voters that count were these and are those: the tally follows. */
function moveCounts(
  projection: Projection,
  id: string,
  before: readonly BallotRow[],
  after: readonly BallotRow[],
  atMs: number,
  position: number,
): void {
  const poll = projection.poll(id);
  if (poll === undefined) return;
  const tally = [...poll.tally];
  for (const { option, weight } of before) tally[option - 1] = (tally[option - 1] ?? 0) - weight;
  for (const { option, weight } of after) tally[option - 1] = (tally[option - 1] ?? 0) + weight;
  const unsynced = poll.unsynced - before.filter(isUnsynced).length + after.filter(isUnsynced).length;
  const same = unsynced === poll.unsynced && tally.every((count, at) => count === poll.tally[at]);
  if (same) return noteTime(projection, poll, atMs);
  projection.putPoll({ ...poll, tally, unsynced, tallyCursor: position, latestMs: Math.max(poll.latestMs, atMs) });
}

function isUnsynced({ synced }: BallotRow): boolean {
  return !synced;
}

function noteTime(projection: Projection, poll: PollRow, atMs: number): void {
  if (atMs > poll.latestMs) projection.putPoll({ ...poll, latestMs: atMs });
}
