/** The journal and the counts of a station, and what fills them; complete once the station's parts are there. */
import type { Level } from "../../shared/journal/event.ts";
import { errorFields } from "../../shared/journal/error-fields.ts";
import type { Clock } from "../clock.ts";
import { openJournal, type OpenJournal } from "../journal/open-journal.ts";
import { tellChanges, type ChangeTellings } from "../journal/tell-changes.ts";
import { createStationCounts, type StationCounts } from "../metrics/station-counts.ts";
import { watchStation, type StationWatch, type WatchSurroundings } from "./watch-station.ts";

type Parts = Omit<WatchSurroundings, "directory" | "journal" | "counts" | "clock" | "startedMs">;

export interface OpenWatch extends ChangeTellings {
  note: OpenJournal["note"];
  counts: StationCounts;
  /** That it was revoked could not be stored. */
  onRevokedNotStored(error: unknown): void;
  /** The window said this of itself: only whether it is about the page is noted. */
  onWindow(line: string): void;
  /** The parts are there. */
  of(parts: Parts): StationWatch;
  /** It takes taps. */
  started(facts: { readers: number; demo: boolean; enrolled: boolean; waiting: number }): void;
  stopping(): void;
  /** Resolves when the journal is on its way to the disk. */
  close(): Promise<void>;
}

/** Nothing is on the disk of it before something is noted: a directory that is another station's is left as it is. */
export function openWatch(directory: string, level: Level, clock: Clock): OpenWatch {
  const startedMs = clock.monotonicMs();
  const counts = createStationCounts();
  const journal = openJournal(directory, { level, tell: (words) => console.error(words) });
  let watch: StationWatch | undefined;
  let started = false;
  return {
    ...tellChanges(journal, counts, clock.monotonicMs),
    note: journal.note,
    counts,
    onRevokedNotStored: (error) => journal.note("revocation.not-stored", { code: errorFields(error).code }),
    onWindow: (line) => journal.note("window.trouble", { what: line.startsWith("The page ") ? "page" : "other" }),
    of(parts) {
      watch = watchStation({ ...parts, directory, journal, counts, clock, startedMs });
      return watch;
    },
    started(facts) {
      started = true;
      process.on("uncaughtExceptionMonitor", journal.lastWords);
      journal.note("station.started", { ...facts, tookMs: Math.round(clock.monotonicMs() - startedMs) });
    },
    stopping() {
      watch?.stop();
      journal.note("station.stopping");
    },
    async close() {
      watch?.stop();
      if (started) journal.note("station.stopped", { uptimeS: Math.round((clock.monotonicMs() - startedMs) / 1000) });
      await journal.close();
      process.off("uncaughtExceptionMonitor", journal.lastWords);
    },
  };
}
