/** Rows of the ledger and words of the texts, joined as the API shows them. */
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Poll, Tally } from "../../shared/api/polls.ts";
import type { StationList } from "../../shared/api/stations.ts";
import type { Standing } from "../ledger/ledger.ts";
import type { LinkPresence } from "../link/presence.ts";
import type { Texts } from "../texts/texts.ts";

export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** A poll; with null for every word when they were erased. */
export function showPoll(row: PollRow, texts: Texts): Poll {
  const words = texts.definition(row.hash);
  return {
    id: row.id,
    question: words?.question ?? null,
    options: words?.options ?? Array.from({ length: row.options }, () => null),
    counts: row.counts,
    upTo: row.upTo,
    results: row.results,
    state: row.state,
    hash: row.hash,
    windows: row.windows.map(({ fromMs, toMs }) => ({
      from: timestamp(fromMs),
      to: toMs === null ? null : timestamp(toMs),
    })),
    cursor: row.stateCursor,
  };
}

/** Where a poll's tally or state last changed: until a later place, both are as they were there. */
export function changeCursor(row: PollRow): number {
  return Math.max(row.stateCursor, row.tallyCursor);
}

export function showTally(row: PollRow, cursor: number): Tally {
  return {
    poll: row.id,
    cursor,
    state: row.state,
    counts: row.tally,
    total: row.tally.reduce((sum, count) => sum + count, 0),
    provisional: true,
  };
}

/** Admitted stations, and those that wait; never the codes of the latter. */
export function showStations(standing: Standing, presence: LinkPresence, texts: Texts): StationList {
  const links = new Map(presence.connected().map((link) => [link.station, link]));
  return {
    cursor: standing.cursor,
    stations: [...standing.stations.keys()].map((station) => {
      const link = links.get(station);
      return {
        station,
        name: texts.stationName(station) ?? null,
        connected: link !== undefined,
        since: link === undefined ? null : timestamp(link.sinceMs),
        software: link?.software ?? null,
      };
    }),
    waiting: presence
      .waiting()
      .map(({ station, sinceMs, software }) => ({ station, since: timestamp(sinceMs), software })),
  };
}
