/** Polls: rows of the ledger and words of the texts, joined as the API shows them. */
import type { Certificate } from "../../shared/api/certification.ts";
import type { Poll, Tally } from "../../shared/api/polls.ts";
import type { NamedStation } from "../../shared/api/stations.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Texts } from "../texts/texts.ts";

export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** A poll; with null for every word when they were erased. An organiser's reasons may speak of people: for organisers. */
export function showPoll(row: PollRow, texts: Texts, organiser: boolean): Poll {
  const words = texts.definition(row.hash);
  return {
    id: row.id,
    question: words?.question ?? null,
    options: words?.options ?? Array.from({ length: row.options }, () => null),
    counts: row.counts,
    upTo: row.upTo,
    results: row.results,
    groups: row.groups,
    randomUids: row.randomUids,
    certify: row.certify,
    tagless: row.tagless,
    round: row.round,
    first: row.first,
    state: row.state,
    hash: row.hash,
    windows: row.windows.map(({ fromMs, toMs }) => ({
      from: timestamp(fromMs),
      to: toMs === null ? null : timestamp(toMs),
    })),
    closedAt: row.closed === null ? null : timestamp(row.closed.atMs),
    certified: showCertificate(row, texts, organiser),
    cursor: row.stateCursor,
  };
}

/** Between the barrier and its certificate a poll is not certified yet. */
function showCertificate({ state, barrier }: PollRow, texts: Texts, organiser: boolean): Certificate | null {
  if (state !== "certified" || barrier === null) return null;
  return {
    at: timestamp(barrier.atMs),
    why: barrier.why,
    missing: barrier.missing.map((station) => nameStation(station, texts)),
    reason: barrier.reason === null || !organiser ? null : (texts.reason(barrier.reason) ?? null),
  };
}

export function nameStation(station: string, texts: Texts): NamedStation {
  return { station, name: texts.stationName(station) ?? null };
}

/** Where a poll's tally or state last changed: until a later place, both are as they were there. */
export function changeCursor(row: PollRow): number {
  return Math.max(row.stateCursor, row.tallyCursor);
}

/** Until a certificate repeats them, counts may still be moved by ballots that were cast in time. */
export function isProvisional({ state }: PollRow): boolean {
  return state !== "certified";
}

export function showTally(row: PollRow, cursor: number): Tally {
  return {
    poll: row.id,
    cursor,
    state: row.state,
    counts: row.tally,
    total: row.tally.reduce((sum, count) => sum + count, 0),
    provisional: isProvisional(row),
    unsynchronised: row.unsynced,
    late: row.late,
  };
}
