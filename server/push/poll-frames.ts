/** A poll's state and tally as frames of the link, framed once for all receivers. */
import { fromHex } from "../../shared/bytes.ts";
import { shortHash } from "../../shared/domain/fold-act.ts";
import { encodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import { FRAME, POLL_STATE_CODES, encodeFrame } from "../../shared/link/frames.ts";
import { frameOnce } from "./turn-writer.ts";

/** The framed `poll`; null for a draft, and for a poll whose words were erased. */
export function pollFrame(row: PollRow, definition: PollDefinition | undefined): Uint8Array | null {
  if (row.state === "draft" || definition === undefined) return null;
  const state = POLL_STATE_CODES[row.state];
  return frameOnce(encodeFrame([FRAME.poll, row.stateCursor, state, encodeDefinition(definition)]));
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
  let delta: Uint8Array | null = null;
  const poll = fromHex(shortHash(first.hash)) ?? new Uint8Array();
  return {
    cursor: () => now.tallyCursor,
    move(row) {
      before = now;
      now = row;
      full = null;
      delta = null;
    },
    since(cursor) {
      if (cursor === now.tallyCursor) return null;
      const option = cursor === before.tallyCursor ? onlyChange(before.tally, now.tally) : null;
      if (option === null) {
        full ??= frameOnce(encodeFrame([FRAME.tally, poll, now.tallyCursor, now.tally]));
        return full;
      }
      const count = now.tally[option - 1] ?? 0;
      delta ??= frameOnce(encodeFrame([FRAME.delta, poll, now.tallyCursor, before.tallyCursor, option, count]));
      return delta;
    },
  };
}

/** The one option (1 first) whose count differs; null when there is not exactly one. */
function onlyChange(before: readonly number[], now: readonly number[]): number | null {
  const changed = now.flatMap((count, at) => (count === before[at] ? [] : [at + 1]));
  return changed.length === 1 ? (changed[0] ?? null) : null;
}
