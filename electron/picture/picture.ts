/** What the station knows of the event's polls, as the feed told it: a pure fold over frames. */
import { toHex } from "../../shared/bytes.ts";
import { isFurther, readCourse, stateCode } from "../../shared/domain/course.ts";
import type { PollCourse } from "../../shared/domain/entry.ts";
import { POLL_HASH_BYTES, decodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_POLLS_TOLD } from "../../shared/link/limits.ts";

export type FeedFrame = FrameOf<"poll"> | FrameOf<"tally"> | FrameOf<"delta">;

export interface KnownPoll {
  definition: PollDefinition;
  /** First 8 bytes of the hash of the definition: what ballots name. */
  hash: Uint8Array;
  course: PollCourse;
  /** The frame as the server sent and signed it: a server put back to a backup is shown it again. */
  word: FrameOf<"poll">;
  tally: readonly number[];
  /** 0 while none was told. */
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

/** The poll of a frame, with nothing counted yet; `undefined` when the frame holds none. */
export function pollOfWord(word: FrameOf<"poll">, sha256: Sha256): KnownPoll | undefined {
  const [, , packed, bytes] = word;
  const definition = decodeDefinition(bytes);
  const course = readCourse(packed);
  if (definition === undefined) return undefined;
  if (course.totals !== null && course.totals.length !== definition.options.length) return undefined;
  const hash = sha256(bytes).slice(0, POLL_HASH_BYTES);
  return { definition, hash, course, word, tally: definition.options.map(() => 0), tallyCursor: 0 };
}

function withPoll(picture: Picture, frame: FrameOf<"poll">, sha256: Sha256): Picture | undefined {
  const told = pollOfWord(frame, sha256);
  if (told === undefined) return undefined;
  const key = toHex(told.hash);
  const known = picture.get(key);
  // A server put back to a backup tells of polls as they were then. What came after, it gets back from us; and a poll
  // whose close was heard never takes a vote again, whatever the moves that led elsewhere.
  if (known !== undefined && isFurther(known.course, told.course)) return picture;
  const poll = known === undefined ? told : { ...told, tally: known.tally, tallyCursor: known.tallyCursor };
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

const PRECEDENCE = { open: 2, paused: 1, closed: 0, certified: 0 } as const;

/**
 * The poll on the screen: one that is open rather than paused rather than closed; of these the one moved last. To certify
 * moves nothing: a day later it would take the screen from the poll that people just saw closed.
 */
export function currentPoll(picture: Picture): KnownPoll | undefined {
  let first: KnownPoll | undefined;
  for (const poll of picture.values()) if (first === undefined || compareForScreen(poll, first) < 0) first = poll;
  return first;
}

function compareForScreen(a: KnownPoll, b: KnownPoll): number {
  return (
    PRECEDENCE[b.course.state] - PRECEDENCE[a.course.state] ||
    movedAtMs(b.course) - movedAtMs(a.course) ||
    b.word[1] - a.word[1]
  );
}

/** By the server's time rather than by cursors, which a server put back to a backup gives out anew. */
function movedAtMs({ closedAtMs, windows }: PollCourse): number {
  const last = windows.at(-1);
  return closedAtMs ?? last?.toMs ?? last?.fromMs ?? 0;
}

/** The tallies were told by another life of the server: they are to look at until it tells its own. */
export function withoutCursors(picture: Picture): Picture {
  return new Map([...picture].map(([key, poll]) => [key, { ...poll, tallyCursor: 0 }]));
}

/** What to tell the server that we have. */
export function hasOf(picture: Picture): FrameOf<"proof">[4] {
  return [...picture.values()].map(({ hash, course, tallyCursor }) => [
    hash,
    stateCode(course.state),
    course.moves,
    tallyCursor,
  ]);
}
