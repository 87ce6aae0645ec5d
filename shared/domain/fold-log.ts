/**
 * How logs fold: what each counts as among the logs of its station.
 *
 * A station is one process at a time. Its logs make a tree, each continuing a place of another; a restored disk or a
 * copied one makes a branch. That alone harms nobody. Two branches that both grow after both are known are two live
 * processes with one key: then the one that was opened later is set aside, until the organiser says what it is.
 */
import { sameBytes, toHex } from "../bytes.ts";
import { foldRecord, judgeLogAgain, synchroniseLog } from "./fold-ballot.ts";
import { decodeBatch, hashRecords, type Batch } from "./batch.ts";
import type { ActRefusal, Folded } from "./folded.ts";
import type { LogRow, Projection, Standing } from "./projection.ts";
import { decodeHeader, firstHash, type LogHeader, type Sha256 } from "./record.ts";
import type { Verdict } from "./verdict.ts";

/** Openings of one station's data directory: one every ten seconds for a day. */
const MAX_LOGS = 10_000;

export function foldHeader(projection: Projection, sha256: Sha256, bytes: Uint8Array, position: number): Folded {
  const header = decodeHeader(bytes);
  if (header === undefined) return { kind: "ignored", why: "unreadable" };
  if (toHex(header.event) !== projection.event()) return { kind: "ignored", why: "wrong-event" };
  const station = projection.station(toHex(header.station));
  if (station === undefined || station.revoked !== null) return { kind: "ignored", why: "not-admitted" };
  const hash = firstHash(sha256, bytes);
  const log = toHex(header.log);
  const known = projection.log(log);
  if (known !== undefined && !sameBytes(known.firstHash, hash)) return { kind: "ignored", why: "another-header" };
  if (known !== undefined) return { kind: "log", log, head: known.head };
  if (projection.logsOf(station.station).length >= MAX_LOGS) return { kind: "ignored", why: "too-many-logs" };
  projection.putLog({
    log,
    station: station.station,
    firstHash: hash,
    openedAtMs: header.openedAtMs,
    parent: header.parent && { log: toHex(header.parent.log), number: header.parent.number },
    standing: inherited(projection, station.station, header),
    accepted: null,
    openedCursor: position,
    grownCursor: 0,
    head: 0,
    hash,
    clock: null,
    lastMs: 0,
    drained: [],
  });
  return { kind: "log", log, head: 0 };
}

/**
 * A log counts as what it continues: what goes on from a rejected one is rejected, too. Only the word that let a branch in is
 * not passed on: of a branch there may be copies, too.
 */
function inherited(projection: Projection, station: string, { parent }: LogHeader): Standing {
  const from = parent && projection.log(toHex(parent.log));
  if (from?.station !== station || from.standing === "admitted") return "taken";
  return from.standing;
}

export function foldBatch(
  projection: Projection,
  sha256: Sha256,
  change: { batch: Uint8Array; hashAfter: Uint8Array | null },
  position: number,
): Folded {
  const batch = decodeBatch(change.batch);
  if (batch === undefined) return { kind: "ignored", why: "unreadable" };
  const id = toHex(batch.log);
  const log = projection.log(id);
  if (log === undefined) return { kind: "ignored", why: "unknown-log" };

  const skipped = log.head + 1 - batch.first;
  const shared = continuedAt(projection, log);
  const ignored = heldBack(log) ?? fit(sha256, log, batch, skipped) ?? setAside(projection, log, batch, shared);
  if (ignored !== null) return { kind: "batch", log: id, ignored, head: log.head, hash: log.hash, verdicts: [] };

  const verdicts: { number: number; verdict: Verdict }[] = [];
  let row = log;
  for (const record of batch.records.slice(skipped)) {
    if (record.kind === "clock" && row.clock === null) row = synchroniseLog(projection, row, record, position);
    const folded = foldRecord(projection, row, record, position);
    row = folded.log;
    if (folded.verdict !== null) verdicts.push({ number: row.head, verdict: folded.verdict });
  }
  const hash = change.hashAfter ?? hashRecords(sha256, batch.hashBefore, batch.records);
  row = { ...row, hash, grownCursor: row.head > shared ? position : row.grownCursor };
  projection.putLog(row);
  return { kind: "batch", log: id, ignored: null, head: row.head, hash, verdicts };
}

type Ignored = "gap" | "diverged" | "nothing-new" | "revoked" | "rejected" | "set-aside";

/** A batch is a proposal: it is taken at head + 1, or overlapping with an equal running hash; else it is ignored. */
function fit(sha256: Sha256, log: LogRow, batch: Batch, skipped: number): Ignored | null {
  if (skipped < 0) return "gap";
  if (skipped > batch.records.length) return "nothing-new";
  const hashAtHead = hashRecords(sha256, batch.hashBefore, batch.records.slice(0, skipped));
  if (!sameBytes(hashAtHead, log.hash)) return "diverged";
  return skipped === batch.records.length ? "nothing-new" : null;
}

/** Why nothing more of a log is folded, whatever it is. */
function heldBack({ accepted, standing }: LogRow): Ignored | null {
  if (accepted !== null) return "revoked";
  if (standing === "rejected") return "rejected";
  return standing === "aside" ? "set-aside" : null;
}

/** Two branches live: why records that fit are not folded, or else others give way. */
function setAside(projection: Projection, log: LogRow, batch: Batch, shared: number): Ignored | null {
  const head = batch.first + batch.records.length - 1;
  if (log.standing !== "taken" || head <= shared) return null;
  const rivals = projection
    .logsOf(log.station)
    .filter((other) => other.log !== log.log && other.standing === "taken" && livesBeside(other, log))
    .filter((other) => !wereLetIn(projection, log, other));
  if (rivals.some((other) => other.openedCursor < log.openedCursor)) {
    projection.putLog({ ...log, standing: "aside" });
    return "set-aside";
  }
  for (const other of rivals) projection.putLog({ ...other, standing: "aside" });
  return null;
}

/** Has another log grown since both are known, so that it lives now that this one grows? */
function livesBeside(other: LogRow, log: LogRow): boolean {
  return other.grownCursor > Math.max(other.openedCursor, log.openedCursor);
}

/** Did the organiser let in the branch that one of the two is on and the other is not? */
function wereLetIn(projection: Projection, a: LogRow, b: LogRow): boolean {
  const [ofA, ofB] = [withAncestors(projection, a), withAncestors(projection, b)];
  const isApart = (log: LogRow, others: ReadonlyMap<string, LogRow>) =>
    log.standing === "admitted" && !others.has(log.log);
  return [...ofA.values()].some((log) => isApart(log, ofB)) || [...ofB.values()].some((log) => isApart(log, ofA));
}

/** A log and all that it goes on from. */
function withAncestors(projection: Projection, log: LogRow): Map<string, LogRow> {
  const found = new Map<string, LogRow>();
  for (let up: LogRow | undefined = log; up !== undefined && !found.has(up.log);) {
    found.set(up.log, up);
    const from: LogRow | undefined = up.parent === null ? undefined : projection.log(up.parent.log);
    up = from?.station === log.station ? from : undefined;
  }
  return found;
}

/** The furthest place from which another log goes on: up to there a log's records belong to both. -1 when none does. */
function continuedAt(projection: Projection, log: LogRow): number {
  let furthest = -1;
  for (const { parent } of projection.logsOf(log.station))
    if (parent?.log === log.log && parent.number > furthest) furthest = parent.number;
  return furthest;
}

/** The organiser's word on a log holds for all that continues it. */
export function foldLogJudged(
  projection: Projection,
  { log: id, admitted }: { log: string; admitted: boolean },
  position: number,
): ActRefusal | null {
  const log = projection.log(id);
  if (log === undefined) return "unknown-log";
  const standing: Standing = admitted ? "admitted" : "rejected";
  if (log.standing === standing) return "already-judged";
  for (const row of withDescendants(projection, log)) {
    projection.putLog({ ...row, standing });
    judgeLogAgain(projection, row.log, 0, position);
  }
  return null;
}

/** A log and all that goes on from it. */
function withDescendants(projection: Projection, root: LogRow): LogRow[] {
  const children = Map.groupBy(projection.logsOf(root.station), ({ parent }) => parent?.log);
  const found = new Map([[root.log, root]]);
  // The map grows while it is walked; what is in it is not walked again, whatever parents a station claims.
  for (const log of found.keys()) for (const row of children.get(log) ?? []) found.set(row.log, row);
  return [...found.values()];
}

/** A revoked station's logs end where the act says, its later ballots count no more, and nothing is added. */
export function foldRevoked(
  projection: Projection,
  act: { station: string; accepted: readonly { log: string; number: number }[] },
  position: number,
): ActRefusal | null {
  const station = projection.station(act.station);
  if (station === undefined) return "unknown-station";
  if (station.revoked !== null) return "already-revoked";
  const named = new Map(act.accepted.map(({ log, number }) => [log, number]));
  const logs = [...projection.logsOf(act.station)];
  if ([...named].some(([log, number]) => number > (logs.find((row) => row.log === log)?.head ?? -1)))
    return "not-folded";
  projection.putStation({ ...station, revoked: position, wish: null });
  for (const row of logs) {
    const accepted = named.get(row.log) ?? row.head;
    projection.putLog({ ...row, accepted });
    judgeLogAgain(projection, row.log, accepted, position);
  }
  return null;
}
