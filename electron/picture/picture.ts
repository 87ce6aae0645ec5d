/** What the station knows of the event's polls, as the feed told it: a pure fold over frames. */
import { toHex } from "../../shared/bytes.ts";
import { POLL_HASH_BYTES, decodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import { FRAME, POLL_STATE_CODES, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_POLLS_TOLD } from "../../shared/link/limits.ts";

export type FeedFrame = FrameOf<"poll"> | FrameOf<"tally"> | FrameOf<"delta">;

export interface KnownPoll {
  definition: PollDefinition;
  /** First 8 bytes of the hash of the definition: what ballots name. */
  hash: Uint8Array;
  state: keyof typeof POLL_STATE_CODES;
  stateCursor: number;
  tally: readonly number[];
  tallyCursor: number;
}

/** Polls by hash in hexadecimal. */
export type Picture = ReadonlyMap<string, KnownPoll>;

export const EMPTY_PICTURE: Picture = new Map();

/**
 * One frame further; `undefined` when the frame does not fit what is known, so that the feed must begin anew. A tally
 * of a poll we do not keep (there are more than anybody shows) changes nothing.
 */
export function stepPicture(picture: Picture, frame: FeedFrame, sha256: Sha256): Picture | undefined {
  switch (frame[0]) {
    case FRAME.poll:
      return withPoll(picture, frame, sha256);
    case FRAME.tally: {
      const [, hash, cursor, counts] = frame;
      return changed(picture, hash, (poll) =>
        counts.length === poll.definition.options.length ? { ...poll, tally: counts, tallyCursor: cursor } : undefined,
      );
    }
    case FRAME.delta: {
      const [, hash, cursor, base, option, count] = frame;
      return changed(picture, hash, (poll) =>
        poll.tallyCursor === base && option <= poll.tally.length
          ? { ...poll, tally: poll.tally.with(option - 1, count), tallyCursor: cursor }
          : undefined,
      );
    }
  }
}

function withPoll(picture: Picture, frame: FrameOf<"poll">, sha256: Sha256): Picture | undefined {
  const [, cursor, code, bytes] = frame;
  const definition = decodeDefinition(bytes);
  if (definition === undefined) return undefined;
  const hash = sha256(bytes).slice(0, POLL_HASH_BYTES);
  const key = toHex(hash);
  const known = picture.get(key);
  const poll: KnownPoll = {
    definition,
    hash,
    state: stateOf(code),
    stateCursor: cursor,
    tally: known?.tally ?? definition.options.map(() => 0),
    tallyCursor: known?.tallyCursor ?? 0,
  };
  const next = new Map(picture).set(key, poll);
  if (next.size > MAX_POLLS_TOLD) next.delete(leastOf(next));
  return next;
}

/** The poll that is least likely to be missed: as `currentPoll` would choose, the last. */
function leastOf(picture: Picture): string {
  return [...picture].toSorted(([, a], [, b]) => compareForScreen(b, a))[0]?.[0] ?? "";
}

function changed(
  picture: Picture,
  hash: Uint8Array,
  change: (poll: KnownPoll) => KnownPoll | undefined,
): Picture | undefined {
  const key = toHex(hash);
  const known = picture.get(key);
  if (known === undefined) return picture;
  const next = change(known);
  return next && new Map(picture).set(key, next);
}

function stateOf(code: 1 | 2 | 3): KnownPoll["state"] {
  if (code === POLL_STATE_CODES.open) return "open";
  return code === POLL_STATE_CODES.paused ? "paused" : "closed";
}

const PRECEDENCE = { open: 2, paused: 1, closed: 0 } as const;

/** The poll on the screen: one that is open rather than paused rather than closed; of these the one moved last. */
export function currentPoll(picture: Picture): KnownPoll | undefined {
  return [...picture.values()].toSorted(compareForScreen)[0];
}

function compareForScreen(a: KnownPoll, b: KnownPoll): number {
  return PRECEDENCE[b.state] - PRECEDENCE[a.state] || b.stateCursor - a.stateCursor;
}

/** What to tell the server that we have. */
export function hasOf(picture: Picture): FrameOf<"proof">[3] {
  return [...picture.values()].map(({ hash, stateCursor, tallyCursor }) => [hash, stateCursor, tallyCursor]);
}
