/** The station, watched: its parts' health, its metrics, and the lines of the journal that come of looking now and then. */
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { StationHealth } from "../../shared/api/health.ts";
import type { ScreenDisk } from "../../shared/events/stream.ts";
import { watchMachine } from "../../shared/health/machine.ts";
import { createParts, degraded, failing, worstOf, type Finding } from "../../shared/health/parts.ts";
import { inEnglish, say } from "../../shared/sentences/sentence.ts";
import type { Clock } from "../clock.ts";
import { JOURNAL_FILE, JOURNAL_FOLDER, type OpenJournal } from "../journal/open-journal.ts";
import type { LinkState } from "../link/link.ts";
import { createMetricsPage, type MetricsPage } from "../metrics/page.ts";
import type { StationCounts } from "../metrics/station-counts.ts";
import { stationFamilies, type StationFigures } from "../metrics/station-families.ts";
import type { DamageView } from "../screen/damage-view.ts";
import { codeOf } from "../screen/link-sign.ts";

export interface WatchSurroundings {
  directory: string;
  logFile: string;
  journal: Pick<OpenJournal, "note" | "state">;
  counts: StationCounts;
  clock: Pick<Clock, "monotonicMs" | "wallMs" | "setTimer">;
  /** By the monotonic clock. */
  startedMs: number;
  disk: () => ScreenDisk;
  damage: () => DamageView | null;
  link: () => LinkState;
  isRevoked: () => boolean;
  /** Was the server's clock measured since the start? */
  clockMeasured: () => boolean;
  waiting: () => number;
  readers: () => { present: number; lost: number };
  lookers: () => number;
  /** Is the event key kept encrypted? */
  sealed: boolean;
}

/** As `ScreenDisk`, in English. */
interface DiskHealth {
  state: ScreenDisk["state"];
  reason: string | null;
}

export interface StationWatch {
  health(): StationHealth & { disk: DiskHealth; damage: DamageView | null };
  metrics: MetricsPage;
  stop(): void;
}

export function watchStation(around: WatchSurroundings): StationWatch {
  const { directory, journal, counts, clock, startedMs } = around;
  const startedWallMs = clock.wallMs() - (clock.monotonicMs() - startedMs);
  const part = createParts(clock.wallMs);
  const machine = watchMachine({
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    },
    clockBehindMs: () => startedWallMs + (clock.monotonicMs() - startedMs) - clock.wallMs(),
    setTimer: clock.setTimer,
    note: (change) =>
      change.kind === "clock.behind"
        ? journal.note(change.kind, { byMs: change.byMs })
        : journal.note(change.kind, { freeBytes: change.freeBytes }),
  });
  const uptimeS = () => Math.round((clock.monotonicMs() - startedMs) / 1000);
  const state = () => (around.isRevoked() ? "revoked" : around.link().state);

  const parts = (): StationHealth["parts"] => ({
    log: part("log", logFinding(around.disk(), around.damage())),
    disk: part("disk", machine.disk()),
    link: part("link", linkFinding(around.link(), around.isRevoked())),
    readers: part("readers", readersFinding(around.readers())),
    clock: part("clock", machine.clock() ?? measuredFinding(around)),
    journal: part("journal", journal.state().failing ? degraded(JOURNAL_FAILING) : null),
  });
  const figures = (): StationFigures => ({
    uptimeS: uptimeS(),
    diskUp: around.disk().state === "good" ? 1 : 0,
    waiting: around.waiting(),
    link: state(),
    readers: around.readers(),
    lookers: around.lookers(),
    fileBytes: {
      log: sizeOf(join(directory, around.logFile)),
      "log-wal": sizeOf(join(directory, `${around.logFile}-wal`)),
      journal: sizeOf(join(directory, JOURNAL_FOLDER, JOURNAL_FILE)),
    },
    freeBytes: machine.freeBytes(),
    journalLost: journal.state().lost,
  });
  /** All families of one page tell of one moment. */
  let now: StationFigures | undefined;
  const page = createMetricsPage(stationFamilies(counts, () => now ?? figures()));
  return {
    health() {
      const found = parts();
      const disk = around.disk();
      return {
        status: worstOf(found),
        disk: { state: disk.state, reason: disk.reason && inEnglish(disk.reason) },
        damage: around.damage(),
        link: around.link().state,
        code: codeOf(around.link()),
        safeHere: around.waiting(),
        readers: around.readers(),
        uptimeS: uptimeS(),
        eventKey: around.sealed ? "sealed" : "plain",
        parts: found,
      };
    },
    metrics: {
      read() {
        now = figures();
        return page.read();
      },
    },
    stop: machine.stop,
  };
}

const JOURNAL_FAILING = "The journal is not written. Free space on the disk and make the journal folder writable.";

function logFinding(disk: ScreenDisk, damage: DamageView | null): Finding {
  if (disk.state === "failing") return failing(inEnglish(disk.reason ?? say("disk-takes-no-votes")));
  return damage === null ? null : degraded(damage.remedy);
}

function linkFinding(link: LinkState, revoked: boolean): Finding {
  if (revoked)
    return degraded("The organiser took this station out of the event: it takes no votes. Ask the organiser.");
  switch (link.state) {
    case "online":
      return null;
    case "connecting":
      return degraded("The server was not reached yet. Votes are kept here.");
    case "offline":
      return degraded("The server is away. Votes are kept here; see to the network and the server.");
    case "enrolling":
      return degraded("The station waits for the organiser, who approves the code on its screen.");
    case "refused":
      return degraded(inEnglish(link.reason));
  }
}

function readersFinding({ present, lost }: { present: number; lost: number }): Finding {
  if (lost === 0) return null;
  return degraded(`${lost} of ${present + lost} readers are gone. Plug them in again; the screen says which.`);
}

/** Until then votes of this start count only where a voter has no other. */
function measuredFinding({ link, clockMeasured }: WatchSurroundings): Finding {
  if (clockMeasured() || link().state === "enrolling") return null;
  return degraded("The server's clock was not measured since the start; it will be once the server is reached.");
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
