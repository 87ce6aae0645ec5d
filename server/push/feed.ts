/**
 * The feed: polls and tallies to every admitted station, as they change.
 *
 * A poll's tally goes out at once, then at most every 50 ms with the newest; each update is framed once for all. Who
 * has the tally before this one gets only what changed, if that is one option; everybody else gets all counts.
 */
import type { PollDefinition } from "../../shared/domain/poll.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import { mayShow } from "../../shared/domain/visibility.ts";
import { LINK_VERSIONS } from "../../shared/link/limits.ts";
import type { Committed } from "../ledger/ledger.ts";
import { createTallyFrames, pollFrame, type SignWord } from "./poll-frames.ts";
import { createTallyTurns, type ToldTally } from "./tally-turns.ts";
import type { TurnWriter } from "./turn-writer.ts";

/** 20 tallies a second and poll: more than an eye follows. */
export const TALLY_EVERY_MS = 50;

/** What a receiver has of one poll: how often the course it was told had moved, and the cursor of its tally. */
export interface Has {
  moves: number;
  tallyCursor: number;
}

export interface Feed {
  /**
   * Begin to feed a receiver; what it lacks by `has` (by poll id) is sent at once. Returns the way to leave.
   * @param version of the link; the newest when nothing is said. In version 1 there are no polls without tags
   */
  join(writer: TurnWriter, has: ReadonlyMap<string, Has>, version?: number): () => void;
  onCommit(committed: Committed): void;
  close(): void;
}

export interface FeedSurroundings {
  /** All polls, as of now. */
  polls(): Iterable<PollRow>;
  /** The words of a poll by the hash of its definition; undefined when they were erased. */
  definition(hash: string): PollDefinition | undefined;
  signWord: SignWord;
  /** Run once after a delay; returns the way to cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
  /** Run once when this turn of the loop ends; setImmediate does. */
  atTurnEnd?: (run: () => void) => void;
}

interface PollFeed {
  /** Of the course last told to all. */
  moves: number;
  /** The course signed and framed, when it was asked for; it stays the same until the poll moves. */
  course: { moves: number; framed: Uint8Array } | null;
  tally: ToldTally;
  /** The row to frame when the timer rings; null when nothing changed since. */
  waiting: PollRow | null;
  stopTimer: (() => void) | null;
}

export function createFeed(around: FeedSurroundings): Feed {
  const { polls, definition, signWord, setTimer, atTurnEnd = setImmediate } = around;
  const feeds = new Map<string, PollFeed>();
  const turns = createTallyTurns(atTurnEnd);
  /** Receivers that could not read the definition of a poll without tags. */
  const older = new Set<TurnWriter>();

  const addFeed = (row: PollRow, moves: number): PollFeed => {
    const tally = turns.begin(createTallyFrames(row), mayShow("station", row));
    const fresh = { moves, course: null, tally, waiting: null, stopTimer: null };
    feeds.set(row.id, fresh);
    return fresh;
  };
  const courseOf = (row: PollRow, feed: PollFeed): Uint8Array | null => {
    const words = definition(row.hash);
    if (words !== undefined && feed.course?.moves === row.moves) return feed.course.framed;
    const framed = pollFrame(row, words, signWord);
    feed.course = framed && { moves: row.moves, framed };
    return framed;
  };
  const sendTally = (row: PollRow, feed: PollFeed) => {
    if (feed.stopTimer !== null) {
      feed.waiting = row;
      return;
    }
    feed.tally.frames.move(row);
    turns.changed(feed.tally);
    feed.stopTimer = setTimer(() => {
      feed.stopTimer = null;
      const { waiting } = feed;
      feed.waiting = null;
      if (waiting !== null) sendTally(waiting, feed);
    }, TALLY_EVERY_MS);
  };
  const sendCourse = (row: PollRow, feed: PollFeed) => {
    feed.moves = row.moves;
    const framed = courseOf(row, feed);
    if (framed === null) return;
    for (const { writer } of turns.readers()) if (!row.tagless || !older.has(writer)) writer.send(framed);
  };

  return {
    join(writer, has, version = LINK_VERSIONS[0]) {
      const reader = turns.newReader(writer);
      const isOlder = version < 2;
      if (isOlder) older.add(writer);
      for (const row of polls()) {
        if (row.state === "draft") continue;
        const had = has.get(row.id);
        // Whoever joined before was told of it then, or by the commit that opened it.
        const feed = feeds.get(row.id) ?? addFeed(row, row.moves);
        const hidden = isOlder && row.tagless;
        const framed = had?.moves === row.moves || hidden ? null : courseOf(row, feed);
        if (framed !== null) writer.send(framed);
        // Whoever is not told of the poll, as its words were erased or its link is too old, is not told its tally.
        const knows = (had?.moves === row.moves && !hidden) || framed !== null;
        turns.has(reader, feed.tally, knows ? had?.tallyCursor : undefined, knows && mayShow("station", row));
      }
      turns.join(reader);
      return () => {
        older.delete(writer);
        turns.leave(reader);
      };
    },
    onCommit(committed) {
      for (const row of committed.polls) {
        if (row.state === "draft") continue;
        const known = feeds.get(row.id);
        const feed = known ?? addFeed(row, 0);
        const moved = row.moves !== feed.moves;
        if (moved) sendCourse(row, feed);
        if (!mayShow("station", row)) continue;
        // With its course a poll's tally may be news, too: ballots that were here before it was opened, or one that was
        // hidden up to now.
        if (moved || row.tallyCursor !== feed.tally.frames.cursor()) sendTally(row, feed);
      }
    },
    close() {
      for (const feed of feeds.values()) feed.stopTimer?.();
      feeds.clear();
      turns.close();
    },
  };
}
