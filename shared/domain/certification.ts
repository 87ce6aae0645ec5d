/**
 * When a poll's totals are final. Closing is not the end: ballots cast in time may still be on their way. Each station
 * says when none is left; a poll is certified when all have said so, after a day without them, or by hand.
 */
import type { Change, CertifyWhy } from "./entry.ts";
import type { ActRefusal } from "./folded.ts";
import type { LogRow, PollRow, Projection } from "./projection.ts";
import { shortHash } from "./poll.ts";

/** Long enough for a station to be carried back and plugged in, short enough for the evening's result. */
export const CERTIFY_AFTER_MS = 24 * 60 * 60 * 1000;

/** How far one station has delivered a poll. */
export interface Watermark {
  station: string;
  /** Why it is not known to have delivered all; null when it has. */
  missing: "not-drained" | "branch-undecided" | "records-missing" | null;
  /** Corrected time of the last record it delivered, milliseconds since 1970; null when there is none. */
  deliveredMs: number | null;
}

/** How far each station has come that could have a ballot of this poll: those admitted before its close. */
export function watermarks(projection: Projection, poll: PollRow): Watermark[] {
  // A server that lost its ledger may have to admit again who was admitted before the close.
  const before = poll.closed?.backAtMs === null ? poll.closed.cursor : Number.POSITIVE_INFINITY;
  return [...projection.stations()]
    .filter(({ cursor, revoked }) => cursor < before && revoked === null)
    .map(({ station }) => watermark(projection, station, shortHash(poll.hash)))
    .toSorted((a, b) => (a.station < b.station ? -1 : 1));
}

function watermark(projection: Projection, station: string, poll: string): Watermark {
  const logs = projection.logsOf(station).filter(({ standing }) => standing !== "rejected");
  const ends = endsOf(logs);
  const times = logs.filter(({ head }) => head > 0).map(({ lastMs }) => lastMs);
  return { station, missing: missing(), deliveredMs: times.length === 0 ? null : Math.max(...times) };

  function missing(): Watermark["missing"] {
    if (logs.some(({ standing }) => standing === "aside")) return "branch-undecided";
    if (ends.length === 0 || !ends.every(({ drained }) => drained.includes(poll))) return "not-drained";
    return ends.every((log) => isComplete(projection, log)) ? null : "records-missing";
  }
}

/**
 * The logs of one station that end where they are. A station is one process: when it opens a log, all others of the same
 * tree are over, but for those that grow after that. Where the organiser let a branch in, there are two, and a log is over
 * only for what continues it.
 */
export function endsOf(logs: readonly LogRow[]): LogRow[] {
  const isOne = !logs.some(({ standing }) => standing === "admitted");
  const parents = new Map(logs.map(({ log, parent }) => [log, parent?.log]));
  const roots = new Map<string, string>();
  for (const { log } of logs) roots.set(log, rootOf(log, parents, roots));
  /** Where the newest log was opened that ends a log: one that continues it, or any later one of its tree. */
  const newestChild = new Map<string, number>();
  const newestInTree = new Map<string, number>();
  for (const { log, parent, openedCursor } of logs) {
    if (parent !== null) noteLatest(newestChild, parent.log, openedCursor);
    if (isOne) noteLatest(newestInTree, roots.get(log) ?? log, openedCursor);
  }
  return logs.filter(({ log, openedCursor, grownCursor }) => {
    const later = newestInTree.get(roots.get(log) ?? log) ?? 0;
    const over = Math.max(newestChild.get(log) ?? 0, later > openedCursor ? later : 0);
    return over === 0 || over < grownCursor;
  });
}

function noteLatest(latest: Map<string, number>, key: string, cursor: number): void {
  latest.set(key, Math.max(latest.get(key) ?? 0, cursor));
}

/** Where a log's tree begins, as far as it is known. Those found are not walked again. */
function rootOf(
  log: string,
  parents: ReadonlyMap<string, string | undefined>,
  found: ReadonlyMap<string, string>,
): string {
  const seen = new Set<string>();
  for (let at = log; ;) {
    const known = found.get(at);
    if (known !== undefined) return known;
    seen.add(at);
    const parent = parents.get(at);
    if (parent === undefined || !parents.has(parent) || seen.has(parent)) return at;
    at = parent;
  }
}

/** Is every record there that this log goes on from? */
function isComplete(projection: Projection, end: LogRow): boolean {
  const seen = new Set<string>();
  for (let log = end; log.parent !== null;) {
    const from = projection.log(log.parent.log);
    if (from === undefined || from.head < log.parent.number || seen.has(from.log)) return false;
    seen.add(from.log);
    log = from;
  }
  return true;
}

/** The stations that have not drained, ascending. */
export function missingStations(projection: Projection, poll: PollRow): string[] {
  return watermarks(projection, poll).flatMap(({ station, missing }) => (missing === null ? [] : [station]));
}

/** The barrier: what is folded up to here counts, whatever comes after does not. */
export function foldBarrier(
  projection: Projection,
  act: Extract<Change, { kind: "poll-barred" }>,
  { position, atMs }: { position: number; atMs: number },
): ActRefusal | null {
  const poll = projection.poll(act.poll);
  if (poll === undefined) return "unknown-poll";
  if (poll.barrier !== null) return "already-certified";
  if (poll.closed === null) return "not-closed";
  const missing = missingStations(projection, poll);
  if (missing.join() !== act.missing.join()) return "missing-changed";
  const tooEarly = atMs < patienceEndsMs(poll.closed);
  // Stations may be missing that nobody here knows of any more: only a person can know that all are back.
  if (poll.closed.backAtMs !== null && act.why !== "by-hand" && tooEarly) return "too-early";
  const refused = missing.length === 0 ? null : mayLack(act.why, tooEarly, act.reason);
  if (refused !== null) return refused;
  if (poll.certify === "by-hand" && act.why !== "by-hand") return "by-hand-only";
  projection.putPoll({
    ...poll,
    barrier: { cursor: position, atMs, why: act.why, missing, reason: act.reason },
    stateCursor: position,
  });
  return null;
}

/** From when on stations are not waited for, server time; of a poll that came back, counted from then. */
export function patienceEndsMs({ atMs, backAtMs }: NonNullable<PollRow["closed"]>): number {
  return (backAtMs ?? atMs) + CERTIFY_AFTER_MS;
}

function mayLack(why: CertifyWhy, tooEarly: boolean, reason: string | null): ActRefusal | null {
  if (why === "drained") return "missing-changed";
  if (why === "time") return tooEarly ? "too-early" : null;
  return reason === null ? "reason-needed" : null;
}

/** The certificate repeats the totals at the barrier; were they others, two programs fold differently. */
export function foldCertificate(
  projection: Projection,
  act: Extract<Change, { kind: "poll-certified" }>,
  position: number,
): ActRefusal | null {
  const poll = projection.poll(act.poll);
  if (poll === undefined) return "unknown-poll";
  if (poll.state === "certified") return "already-certified";
  if (poll.barrier?.cursor !== act.barrier) return "not-barred";
  if (poll.tally.join() !== act.totals.join()) return "totals-differ";
  projection.putPoll({ ...poll, state: "certified", moves: poll.moves + 1, stateCursor: position });
  return null;
}
