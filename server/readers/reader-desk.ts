/**
 * What the server knows of its stations' readers: their last report, and whether the station can be asked for a change now.
 * In memory only: a station says it again with each link.
 */
import type { Committed } from "../ledger/ledger.ts";
import type { ReaderReport } from "./reader-report.ts";

/**
 * Readers of which a report is kept, over all stations: five thousand kiosks with ten each. Beyond it the station that said
 * it longest ago is known no more until its next word. A common one takes 300 bytes, the longest 1,800.
 */
const MAX_READERS_KNOWN = 50_000;

export interface KnownReport extends ReaderReport {
  /** Server time it came at, milliseconds since 1970. */
  atMs: number;
}

export interface ReaderDesk {
  /** A link came on which the station can be asked; returns the way to leave. */
  joined(station: string): () => void;
  /** Is there such a link? */
  isHere(station: string): boolean;
  take(station: string, report: ReaderReport): void;
  /** The last report; undefined when there is none in this life of the server. */
  reportOf(station: string): KnownReport | undefined;
  /** The station's disk did not take the change; null: it is asked anew. */
  notStored(station: string, change: number | null): void;
  /** The change that a station's disk did not take last. */
  notStoredOf(station: string): number | undefined;
  /** Of a station that was revoked nothing is kept. */
  onCommit(committed: Pick<Committed, "stations">): void;
}

export function createReaderDesk(wallMs: () => number, mostReaders = MAX_READERS_KNOWN): ReaderDesk {
  /** In the order in which they were said. */
  const reports = new Map<string, KnownReport>();
  const links = new Map<string, number>();
  const failed = new Map<string, number>();
  let readers = 0;
  const drop = (station: string) => {
    readers -= reports.get(station)?.readers.length ?? 0;
    reports.delete(station);
  };
  return {
    joined(station) {
      links.set(station, (links.get(station) ?? 0) + 1);
      return () => {
        const left = (links.get(station) ?? 0) - 1;
        if (left > 0) links.set(station, left);
        else links.delete(station);
      };
    },
    isHere: (station) => links.has(station),
    take(station, report) {
      drop(station);
      readers += report.readers.length;
      reports.set(station, { ...report, atMs: wallMs() });
      for (const longestAgo of reports.keys()) {
        if (readers <= mostReaders || longestAgo === station) return;
        drop(longestAgo);
      }
    },
    reportOf: (station) => reports.get(station),
    notStored(station, change) {
      if (change === null) failed.delete(station);
      else failed.set(station, change);
    },
    notStoredOf: (station) => failed.get(station),
    onCommit({ stations }) {
      for (const { station, revoked } of stations) {
        if (revoked === null) continue;
        drop(station);
        failed.delete(station);
      }
    },
  };
}
