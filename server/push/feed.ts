/**
 * The feed: polls and tallies to every admitted station, as they change.
 *
 * A poll's tally goes out at once, then at most every 50 ms with the newest; each update is framed once for all. Who
 * has the tally before this one gets only what changed, if that is one option; everybody else gets all counts.
 */
import type { PollDefinition } from "../../shared/domain/poll.ts";
import type { PollRow } from "../../shared/domain/projection.ts";
import { mayShow } from "../../shared/domain/visibility.ts";
import type { Committed } from "../ledger/ledger.ts";
import { createTallyFrames, pollFrame, type TallyFrames } from "./poll-frames.ts";
import type { TurnWriter } from "./turn-writer.ts";

/** 20 tallies a second and poll: more than an eye follows. */
export const TALLY_EVERY_MS = 50;

/** What a receiver has of one poll: the cursors of the state and the tally it was last told. */
export interface Has {
  stateCursor: number;
  tallyCursor: number;
}

export interface Feed {
  /** Begin to feed a receiver; what it lacks by `has` (poll id → cursors) is sent at once. Returns the way to leave. */
  join(writer: TurnWriter, has: ReadonlyMap<string, Has>): () => void;
  onCommit(committed: Committed): void;
  close(): void;
}

export interface FeedSurroundings {
  /** All polls, as of now. */
  polls(): Iterable<PollRow>;
  /** The words of a poll by the hash of its definition; undefined when they were erased. */
  definition(hash: string): PollDefinition | undefined;
  /** Run once after a delay; returns the way to cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
}

interface PollFeed {
  /** Of the state last told to all. */
  stateCursor: number;
  frames: TallyFrames;
  /** The row to frame when the timer rings; null when nothing changed since. */
  waiting: PollRow | null;
  stopTimer: (() => void) | null;
}

interface Member {
  writer: TurnWriter;
  /** Poll id → cursor of the tally on its way to it or there. */
  tallyCursors: Map<string, number>;
}

export function createFeed({ polls, definition, setTimer }: FeedSurroundings): Feed {
  const feeds = new Map<string, PollFeed>();
  const members = new Set<Member>();

  const addFeed = (row: PollRow, stateCursor: number): PollFeed => {
    const fresh = { stateCursor, frames: createTallyFrames(row), waiting: null, stopTimer: null };
    feeds.set(row.id, fresh);
    return fresh;
  };
  const tell = (member: Member, id: string, frames: TallyFrames) => {
    member.writer.changed(id, () => {
      const framed = frames.since(member.tallyCursors.get(id));
      member.tallyCursors.set(id, frames.cursor());
      return framed;
    });
  };
  const sendTally = (row: PollRow, feed: PollFeed) => {
    if (feed.stopTimer !== null) {
      feed.waiting = row;
      return;
    }
    feed.frames.move(row);
    for (const member of members) tell(member, row.id, feed.frames);
    feed.stopTimer = setTimer(() => {
      feed.stopTimer = null;
      const { waiting } = feed;
      feed.waiting = null;
      if (waiting !== null) sendTally(waiting, feed);
    }, TALLY_EVERY_MS);
  };
  const sendState = (row: PollRow, feed: PollFeed) => {
    feed.stateCursor = row.stateCursor;
    const framed = pollFrame(row, definition(row.hash));
    if (framed === null) return;
    for (const member of members) member.writer.send(framed);
  };

  return {
    join(writer, has) {
      const member: Member = { writer, tallyCursors: new Map() };
      for (const row of polls()) {
        if (row.state === "draft") continue;
        const had = has.get(row.id);
        // Whoever joined before was told of it then, or by the commit that opened it.
        const feed = feeds.get(row.id) ?? addFeed(row, row.stateCursor);
        if (had?.stateCursor !== row.stateCursor) {
          const framed = pollFrame(row, definition(row.hash));
          if (framed === null) continue;
          writer.send(framed);
        }
        if (had !== undefined) member.tallyCursors.set(row.id, had.tallyCursor);
        if (mayShow("station", row)) tell(member, row.id, feed.frames);
      }
      members.add(member);
      return () => void members.delete(member);
    },
    onCommit(committed) {
      for (const row of committed.polls) {
        if (row.state === "draft") continue;
        const known = feeds.get(row.id);
        const feed = known ?? addFeed(row, 0);
        const moved = row.stateCursor !== feed.stateCursor;
        if (moved) sendState(row, feed);
        if (!mayShow("station", row)) continue;
        // With its state a poll's tally may be news, too: ballots that were here before it was opened, or one that was
        // hidden up to now.
        if (moved || row.tallyCursor !== feed.frames.cursor()) sendTally(row, feed);
      }
    },
    close() {
      for (const feed of feeds.values()) feed.stopTimer?.();
      feeds.clear();
      members.clear();
    },
  };
}
