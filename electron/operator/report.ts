/** The readiness report: made anew on request, alive until it is finished, then as it was for as long as the panel wants it. */
import type { Readiness } from "../../shared/events/operator.ts";
import type { ReadersDesk } from "../readers/desk.ts";
import { judgeReadiness, type ReadinessFacts } from "./readiness.ts";

export interface ReportSurroundings {
  claimTaps: ReadersDesk["claimTaps"];
  facts: () => Omit<ReadinessFacts, "taps" | "freeBytes">;
  versions: () => Readiness["versions"];
  /** Looks whether the disk takes votes, and tells what is free there; null where nobody knows. Never rejects. */
  lookAtDisk: () => Promise<number | null>;
  wallMs: () => number;
  onChange: () => void;
}

export interface Report {
  start(): void;
  /** Taps are votes again. Nothing happens when none runs. */
  finish(): void;
  isRunning(): boolean;
  view(): Readiness | null;
}

interface Running {
  startedAtMs: number;
  taps: Map<string, number>;
  freeBytes: number | null;
  release: () => void;
}

export function createReport(around: ReportSurroundings): Report {
  let running: Running | null = null;
  let finished: Readiness | null = null;
  const shown = ({ startedAtMs, taps, freeBytes }: Running): Readiness => {
    const facts = { ...around.facts(), taps, freeBytes };
    return {
      startedAtMs,
      finishedAtMs: null,
      readers: facts.readers.map(({ id }) => ({ id, taps: taps.get(id) ?? 0 })),
      checks: judgeReadiness(facts),
      versions: around.versions(),
    };
  };
  const start = () => {
    running?.release();
    const taps = new Map<string, number>();
    const release = around.claimTaps((_tap, { reader }) => {
      // Readers that come and go must not fill it: those in use are counted, and they are bounded.
      if (!around.facts().readers.some(({ id }) => id === reader)) return;
      taps.set(reader, (taps.get(reader) ?? 0) + 1);
      around.onChange();
    });
    const own: Running = { startedAtMs: around.wallMs(), taps, freeBytes: null, release };
    running = own;
    void around.lookAtDisk().then((freeBytes) => {
      own.freeBytes = freeBytes;
      around.onChange();
      return undefined;
    });
    around.onChange();
  };
  return {
    start,
    finish() {
      if (running === null) return;
      running.release();
      finished = { ...shown(running), finishedAtMs: around.wallMs() };
      running = null;
      around.onChange();
    },
    isRunning: () => running !== null,
    view: () => (running === null ? finished : shown(running)),
  };
}
