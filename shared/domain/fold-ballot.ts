/** How records fold: when a ballot was cast, whether it takes part, and which of a voter's ballots counts. */
import { toHex } from "../bytes.ts";
import { chooseBallots } from "./ballot-order.ts";
import type { BallotRow, LogRow, PollRow, Projection } from "./projection.ts";
import type { Ballot, ClockRecord, LogRecord } from "./record.ts";
import type { Verdict } from "./verdict.ts";

/** Fold the next record of a log. The log comes back with its clock and time moved on; its head is the caller's. */
export function foldRecord(
  projection: Projection,
  log: LogRow,
  record: LogRecord,
  position: number,
): { log: LogRow; verdict: Verdict | null } {
  // Corrected time never decreases within a log, whatever a later clock record says.
  const atMs = Math.max(log.lastMs, correctedMs(log, record.ms));
  if (record.kind === "clock") {
    const clock = { ms: record.ms, serverMs: record.serverMs };
    return { log: { ...log, clock, lastMs: Math.max(log.lastMs, record.serverMs) }, verdict: null };
  }
  const verdict = castBallot(projection, log, record, atMs, position);
  return { log: { ...log, lastMs: atMs }, verdict };
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
  for (const ballot of projection.unsyncedBallotsOf(log.log)) {
    const poll = projection.pollByHash(ballot.poll);
    const moved = { ...ballot, synced: true, atMs: Math.max(0, ballot.atMs + shiftMs) };
    replaceBallot(projection, ballot, { ...moved, eligible: judge(poll, log, moved) === null }, position);
  }
  return { ...log, lastMs: Math.max(0, log.lastMs + shiftMs) };
}

/** Judge again every ballot of a poll cast at `fromMs` or later, after an act changed its open times. */
export function judgePollAgain(projection: Projection, poll: string, fromMs: number, position: number): void {
  const row = projection.pollByHash(poll);
  for (const ballot of projection.ballotsOfPoll(poll, fromMs)) {
    const log = projection.log(ballot.log);
    if (log === undefined) throw new Error(`a ballot of an unknown log: ${ballot.log}`);
    const eligible = judge(row, log, ballot) === null;
    if (eligible !== ballot.eligible) replaceBallot(projection, ballot, { ...ballot, eligible }, position);
  }
}

function castBallot(projection: Projection, log: LogRow, record: Ballot, atMs: number, position: number): Verdict {
  const pollHash = toHex(record.poll);
  const poll = projection.pollByHash(pollHash);
  const ballot: BallotRow = {
    poll: pollHash,
    tagKey: record.tagKey,
    option: record.option,
    eligible: false,
    synced: log.clock !== null,
    atMs,
    log: log.log,
    number: log.head + 1,
  };
  const reason = judge(poll, log, ballot);
  if (reason !== null || poll === undefined) {
    projection.addBallot(ballot);
    noteTime(projection, poll, atMs);
    return reason ?? "unknown-poll";
  }
  const taking: BallotRow = { ...ballot, eligible: true };
  const before = projection.counting(pollHash, record.tagKey, poll);
  projection.addBallot(taking);
  // One more ballot can only push others out: what counted before, and it, is all there is to choose from.
  const after = chooseBallots(poll, [...before, taking]);
  moveCounts(projection, poll, before, after, atMs, position);
  return verdictOf(before, after, ballot.option);
}

function verdictOf(before: readonly BallotRow[], after: readonly BallotRow[], option: number): Verdict {
  const had = before.some((row) => row.option === option);
  const has = after.some((row) => row.option === option);
  if (had || !has) return "already-counted";
  return after.length > before.length ? "counted" : "changed";
}

/** Why a ballot takes no part; null when it does. */
function judge(poll: PollRow | undefined, log: LogRow, ballot: Pick<BallotRow, "option" | "atMs">): Verdict | null {
  if (!log.admitted) return "not-admitted";
  if (poll === undefined) return "unknown-poll";
  if (ballot.option > poll.options) return "unknown-option";
  const open = poll.windows.some(({ fromMs, toMs }) => fromMs <= ballot.atMs && (toMs === null || ballot.atMs < toMs));
  return open ? null : "closed";
}

/** Put one ballot row in place of another of the same vote, and let the tally follow. */
function replaceBallot(projection: Projection, from: BallotRow, to: BallotRow, position: number): void {
  const poll = projection.pollByHash(from.poll);
  const before = poll === undefined ? [] : projection.counting(from.poll, from.tagKey, poll);
  projection.removeBallot(from);
  projection.addBallot(to);
  if (poll === undefined) return;
  moveCounts(projection, poll, before, projection.counting(from.poll, from.tagKey, poll), to.atMs, position);
}

/** One voter's ballots that count were these and are those: the tally follows. */
function moveCounts(
  projection: Projection,
  poll: PollRow,
  before: readonly BallotRow[],
  after: readonly BallotRow[],
  atMs: number,
  position: number,
): void {
  const gone = before.filter(({ option }) => !after.some((row) => row.option === option));
  const come = after.filter(({ option }) => !before.some((row) => row.option === option));
  if (gone.length === 0 && come.length === 0) return noteTime(projection, poll, atMs);
  const tally = [...poll.tally];
  for (const { option } of gone) tally[option - 1] = (tally[option - 1] ?? 0) - 1;
  for (const { option } of come) tally[option - 1] = (tally[option - 1] ?? 0) + 1;
  projection.putPoll({ ...poll, tally, tallyCursor: position, latestMs: Math.max(poll.latestMs, atMs) });
}

function noteTime(projection: Projection, poll: PollRow | undefined, atMs: number): void {
  if (poll !== undefined && atMs > poll.latestMs) projection.putPoll({ ...poll, latestMs: atMs });
}
