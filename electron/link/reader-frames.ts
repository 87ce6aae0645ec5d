/** A station's readers as frames of the link: what cannot be told is cleaned or left out, and a long list is cut. */
import { MAX_READER_NAME_LENGTH, type MappedReader, type Mapping } from "../../shared/domain/mapping.ts";
import { packTarget } from "../../shared/domain/mapping-bytes.ts";
import {
  FRAME,
  READER_STATE_CODES,
  isTellable,
  type FrameOf,
  type PackedReaderReport,
} from "../../shared/link/frames.ts";
import { MAX_READERS_PER_FRAME, MAX_REASON_LENGTH } from "../../shared/link/limits.ts";
import { MAX_WALL_MS } from "../../shared/schemas.ts";
import { inEnglish, type Sentence } from "../../shared/sentences/sentence.ts";

/** What a station knows of one of its readers. */
export interface ReaderCondition {
  id: string;
  state: "present" | "lost";
  /** Why it is lost, for people: told in English. */
  reason: Sentence | null;
  /** By the station's clock, milliseconds since 1970. */
  lastTapAtMs: number | null;
  taps: number;
  errors: number;
}

/** What is not seen, or turns the writing around; a server would take the whole frame for none. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;
const NAMELESS = "Reader";

/** At least one frame; those of one report follow each other. */
export function readerFrames(
  { revision, readers }: Mapping,
  conditions: readonly ReaderCondition[],
  testing: boolean,
): FrameOf<"readers">[] {
  const byId = new Map(conditions.map((condition) => [condition.id, condition]));
  // One whose id cannot be told could not be named in a change either.
  const told = readers.map((reader) => packReport(reader, byId.get(reader.id))).filter(isTellable);
  const frames: FrameOf<"readers">[] = [];
  for (let from = 0; from === 0 || from < told.length; from += MAX_READERS_PER_FRAME) {
    const part = told.slice(from, from + MAX_READERS_PER_FRAME);
    frames.push([FRAME.readers, revision, testing, from, told.length, part]);
  }
  return frames;
}

function packReport({ id, name, target }: MappedReader, condition: ReaderCondition | undefined): PackedReaderReport {
  const { state = "lost", reason = null, lastTapAtMs = null, taps = 0, errors = 0 } = condition ?? {};
  return [
    id,
    seen(name, MAX_READER_NAME_LENGTH) || NAMELESS,
    packTarget(target),
    READER_STATE_CODES[state],
    reason && seen(inEnglish(reason), MAX_REASON_LENGTH),
    // A clock that was never set says nothing of when.
    lastTapAtMs !== null && lastTapAtMs >= 0 && lastTapAtMs <= MAX_WALL_MS
      ? Math.max(0, Math.round(lastTapAtMs))
      : null,
    taps,
    errors,
  ];
}

/** The first characters of a text, all of them to be seen; no half of one at the end. */
function seen(text: string, most: number): string {
  return text
    .replaceAll(UNSEEN, " ")
    .slice(0, most)
    .toWellFormed()
    .replace(/\ufffd$/u, "")
    .trim();
}
