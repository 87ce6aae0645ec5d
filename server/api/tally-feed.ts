/**
 * Live tallies to screens: at once, then at most every 50 ms with the newest; framed once for all receivers of a poll. A
 * receiver that does not drain waits for the newest, and is never queued for.
 */
import type { PollRow } from "../../shared/domain/projection.ts";
import type { Committed } from "../ledger/ledger.ts";
import { TALLY_EVERY_MS } from "../push/feed.ts";
import { STUCK_MS } from "./limits.ts";
import { changeCursor, showTally } from "./views.ts";

/** One screen's connection. */
export interface Receiver {
  write(text: string): void;
  /** False from the write that filled it until it drained. */
  hasRoom(): boolean;
  end(): void;
  /** End it without waiting for what has not left. */
  destroy(): void;
}

export interface TallyFeed {
  /** `lastId` is what the receiver says it has; equal to the present, nothing is sent. */
  join(row: PollRow, receiver: Receiver, lastId: string | undefined): Membership;
  onCommit(committed: Committed): void;
  /** To be called every `HEARTBEAT_MS`: comments keep lines open, and the stuck are let go. */
  beat(): void;
  /** How many receivers there are. */
  size(): number;
  close(): void;
}

interface Membership {
  /** The connection has room again. */
  drained(): void;
  leave(): void;
}

export interface TallyFeedSurroundings {
  clock: () => number;
  /** Run once after a delay; returns the way to cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
}

interface Member {
  receiver: Receiver;
  /** Version of the tally it was last sent. */
  has: number;
  sentMs: number;
  /** Since when it has been behind; null while it keeps up. */
  behindSinceMs: number | null;
}

interface Channel {
  row: PollRow;
  frame: string | null;
  members: Set<Member>;
  stopTimer: (() => void) | null;
}

/** SSE needs an empty line after each message, and takes a line that begins with a colon for nothing. */
const HEARTBEAT = ":\n\n";

/** Tells one state of a tally from the next. Late ballots change neither the counts nor the cursor, and are shown, too. */
function versionOf(row: PollRow): number {
  return changeCursor(row) + row.late;
}

function frameOf({ row, frame }: Channel): string {
  return frame ?? `id: ${versionOf(row)}\nevent: tally\ndata: ${JSON.stringify(showTally(row, changeCursor(row)))}\n\n`;
}

export function createTallyFeed({ clock, setTimer }: TallyFeedSurroundings): TallyFeed {
  const channels = new Map<string, Channel>();
  let receivers = 0;

  const send = (channel: Channel, member: Member) => {
    if (!member.receiver.hasRoom()) {
      member.behindSinceMs ??= clock();
      return;
    }
    member.behindSinceMs = null;
    member.has = versionOf(channel.row);
    member.sentMs = clock();
    channel.frame = frameOf(channel);
    member.receiver.write(channel.frame);
  };

  /** Send to all who lack the newest and may have it now; look again when the next may. */
  const flush = (channel: Channel) => {
    const nowMs = clock();
    const newest = versionOf(channel.row);
    let nextMs = Infinity;
    for (const member of channel.members) {
      if (member.has === newest) continue;
      // Set back, the clock must not hold tallies up.
      const waitMs = Math.min(TALLY_EVERY_MS, member.sentMs + TALLY_EVERY_MS - nowMs);
      if (waitMs <= 0) send(channel, member);
      else nextMs = Math.min(nextMs, waitMs);
    }
    if (nextMs === Infinity || channel.stopTimer !== null) return;
    channel.stopTimer = setTimer(() => {
      channel.stopTimer = null;
      flush(channel);
    }, nextMs);
  };

  const move = (row: PollRow): Channel => {
    const known = channels.get(row.id);
    if (known === undefined) {
      const fresh = { row, frame: null, members: new Set<Member>(), stopTimer: null };
      channels.set(row.id, fresh);
      return fresh;
    }
    if (versionOf(row) > versionOf(known.row)) {
      known.row = row;
      known.frame = null;
    }
    return known;
  };

  return {
    join(row, receiver, lastId) {
      const channel = move(row);
      const current = versionOf(channel.row);
      const member: Member = { receiver, has: -1, sentMs: -Infinity, behindSinceMs: null };
      channel.members.add(member);
      receivers += 1;
      if (lastId === String(current)) member.has = current;
      else send(channel, member);
      return {
        drained: () => flush(channel),
        leave() {
          if (channel.members.delete(member)) receivers -= 1;
        },
      };
    },
    onCommit(committed) {
      // Kept for polls without receivers too: who joins may bring a row that was read a moment ago.
      for (const row of committed.polls) flush(move(row));
    },
    beat() {
      const nowMs = clock();
      for (const { members } of channels.values()) {
        for (const { receiver, behindSinceMs } of members) {
          if (behindSinceMs !== null && nowMs - behindSinceMs >= STUCK_MS) receiver.destroy();
          else if (receiver.hasRoom()) receiver.write(HEARTBEAT);
        }
      }
    },
    size: () => receivers,
    close() {
      for (const { members, stopTimer } of channels.values()) {
        stopTimer?.();
        for (const { receiver } of members) receiver.end();
      }
      channels.clear();
      receivers = 0;
    },
  };
}
