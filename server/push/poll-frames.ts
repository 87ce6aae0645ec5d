/** A poll's course and tally as frames of the link, framed once for all receivers. */
import { fromHex } from "../../shared/bytes.ts";
import { packCourse, type PackedCourse } from "../../shared/domain/course.ts";
import { encodeDefinition, shortHash, type PollDefinition } from "../../shared/domain/poll.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import { mayShow } from "../../shared/domain/visibility.ts";
import { FRAME, encodeFrame } from "../../shared/link/frames.ts";
import { frameOnce } from "./turn-writer.ts";

/** The server's signature over a poll's definition and course (shared/link/poll-word.ts). */
export type SignWord = (definition: Uint8Array, course: PackedCourse) => Uint8Array;

/** The poll as stations are told it; null for a draft. Totals only where a station may see them. */
function courseToTell(row: PollRow): PackedCourse | null {
  const { state, moves, windows, closed } = row;
  if (state === "draft") return null;
  const totals = state === "certified" && mayShow("station", row) ? row.tally : null;
  return packCourse({ state, moves, windows, closedAtMs: closed?.atMs ?? null, totals });
}

/** The framed `poll`, signed; null for a draft, and for a poll whose words were erased. */
export function pollFrame(row: PollRow, definition: PollDefinition | undefined, signWord: SignWord): Uint8Array | null {
  const course = courseToTell(row);
  if (course === null || definition === undefined) return null;
  const bytes = encodeDefinition(definition);
  return frameOnce(encodeFrame([FRAME.poll, row.stateCursor, course, bytes, signWord(bytes, course)]));
}

/** The newest tally of one poll, framed on first demand. */
export interface TallyFrames {
  cursor(): number;
  /** Go on to a newer tally. */
  move(row: PollRow): void;
  /** What a receiver needs that has the tally of this cursor: all counts, one option's, or null for nothing. */
  since(cursor: number | undefined): Uint8Array | null;
}

export function createTallyFrames(first: PollRow): TallyFrames {
  let now = first;
  let before = first;
  let full: Uint8Array | null = null;
  /** Null when more than one option changed; undefined until somebody asks. */
  let delta: Uint8Array | null | undefined;
  const poll = fromHex(shortHash(first.hash)) ?? new Uint8Array();
  const frameFull = () => frameOnce(encodeFrame([FRAME.tally, poll, now.tallyCursor, now.tally]));
  const frameDelta = () => {
    const option = onlyChange(before.tally, now.tally);
    if (option === null) return null;
    const count = now.tally[option - 1] ?? 0;
    return frameOnce(encodeFrame([FRAME.delta, poll, now.tallyCursor, before.tallyCursor, option, count]));
  };
  return {
    cursor: () => now.tallyCursor,
    move(row) {
      before = now;
      now = row;
      full = null;
      delta = undefined;
    },
    since(cursor) {
      if (cursor === now.tallyCursor) return null;
      if (cursor === before.tallyCursor && delta === undefined) delta = frameDelta();
      const change = cursor === before.tallyCursor ? delta : null;
      return change ?? (full ??= frameFull());
    },
  };
}

/** The one option (1 first) whose count differs; null when there is not exactly one. */
function onlyChange(before: readonly number[], now: readonly number[]): number | null {
  let only: number | null = null;
  for (const [at, count] of now.entries()) {
    if (count === before[at]) continue;
    if (only !== null) return null;
    only = at + 1;
  }
  return only;
}
