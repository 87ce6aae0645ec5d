/** What a station said of its readers, put together from the frames it came in. */
import type { MappedReader } from "../../shared/domain/mapping.ts";
import { readTarget } from "../../shared/domain/mapping-bytes.ts";
import { READER_STATE_CODES, type FrameOf, type PackedReaderReport } from "../../shared/link/frames.ts";

interface ReportedReader extends MappedReader {
  state: "present" | "lost";
  reason: string | null;
  /** By the station's own clock. */
  lastTapMs: number | null;
  taps: number;
  errors: number;
}

export interface ReaderReport {
  revision: number;
  testMode: boolean;
  readers: readonly ReportedReader[];
}

/** The frames of a report that have come, in their order; null: none has. */
export type ReportParts = FrameOf<"readers"> | null;

/** One frame further: what has come now, or the whole report. A frame that does not follow the last is thrown away. */
export function addPart(
  parts: ReportParts,
  frame: FrameOf<"readers">,
): { parts: ReportParts; report: ReaderReport | null } {
  const [type, revision, testMode, from, total, readers] = frame;
  const begun = from === 0 ? [] : partsBefore(parts, frame);
  if (begun === null) return { parts: null, report: null };
  const all = [...begun, ...readers];
  if (all.length > total) return { parts: null, report: null };
  if (all.length < total) return { parts: [type, revision, testMode, 0, total, all], report: null };
  return { parts: null, report: { revision, testMode, readers: all.map(readReader) } };
}

function partsBefore(parts: ReportParts, [, revision, testMode, from, total]: FrameOf<"readers">) {
  if (parts === null) return null;
  const [, revisionBefore, testModeBefore, , totalBefore, readers] = parts;
  const same = revisionBefore === revision && testModeBefore === testMode && totalBefore === total;
  return same && readers.length === from ? readers : null;
}

function readReader([id, name, target, state, reason, lastTapMs, taps, errors]: PackedReaderReport): ReportedReader {
  return {
    id,
    name,
    target: readTarget(target),
    state: state === READER_STATE_CODES.present ? "present" : "lost",
    reason,
    lastTapMs,
    taps,
    errors,
  };
}
