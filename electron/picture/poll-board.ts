/** The polls as last told, which of them is on the screen and since when, kept for the next start. */
import { sameBytes, toHex } from "../../shared/bytes.ts";
import { isOver } from "../../shared/domain/poll.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import type { ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { pollView, tallyView } from "../screen/views.ts";
import { decodePicture, encodePicture } from "./kept-picture.ts";
import {
  currentPoll,
  hasOf,
  stepPicture,
  withoutCursors,
  type FeedFrame,
  type KnownPoll,
  type Picture,
} from "./picture.ts";

/** Long enough to look at the bars, short enough that the next voter has not made up their mind by them. */
const REVEAL_MS = 8_000;

/** What to tell the server at the next connection: whose cursors these are, and how far each poll had come. */
export interface FeedPlace {
  epoch: FrameOf<"proof">[3];
  polls: FrameOf<"proof">[4];
}

/**
 * The whole picture is written each time, and a busy feed changes it twenty times a second. What a crash takes with it,
 * the server tells again.
 */
const KEEP_EVERY_MS = 250;
/**
 * A poll that was opened must be there after the next power cut, with or without a network. On connecting, a server tells
 * many polls one after another; they are written down together.
 */
const KEEP_POLL_MS = 20;

export interface PollBoardSurroundings {
  kept: Uint8Array | undefined;
  /** `soon`: it should be on disk within moments. */
  keep: (bytes: Uint8Array, soon: boolean) => void;
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  sha256: Sha256;
  onPoll: (poll: ScreenPoll | null, tally: ScreenTally | null) => void;
  onTally: (tally: ScreenTally) => void;
  onTitle: (title: string) => void;
  /** The close of a poll was heard; from before this call on, nobody can vote in it. */
  onClosed: (poll: Uint8Array) => void;
}

export interface PollBoard {
  title(): string;
  /** The counts that the screen may show now. */
  tally(): ScreenTally | null;
  /** Keeps what there is to keep. */
  stop(): void;
  current(): KnownPoll | undefined;
  /** How long the current question has been there; Infinity when it replaced none. */
  shownForMs(): number;
  has(): FeedPlace;
  /** The last frame of a poll as the server sent and signed it; undefined for a poll we do not keep. */
  kept(poll: Uint8Array): FrameOf<"poll"> | undefined;
  /**
   * Polls that are closed and not certified: the server waits for our word that no ballot follows. Also those certified
   * without totals for us: a server put back to a backup certifies them anew.
   */
  closed(): Uint8Array[];
  /** The life of the server that tells from now on; cursors of another are worth nothing. */
  setEpoch(epoch: Uint8Array): void;
  setTitle(title: string): void;
  /** Somebody voted here: where results are shown after that, they are now, for a while. */
  voted(): void;
  /** False when the frame fits nothing known: the feed must begin anew. */
  onFeed(frame: FeedFrame): boolean;
}

export function createPollBoard(around: PollBoardSurroundings): PollBoard {
  let { title, epoch, picture } = decodePicture(around.kept, around.sha256);
  let current = currentPoll(picture);
  let replacedAtMs = Number.NEGATIVE_INFINITY;
  let keeping: { cancel: () => void; soon: boolean } | null = null;
  const keepNow = () => {
    const soon = keeping?.soon ?? false;
    keeping = null;
    around.keep(encodePicture({ title, epoch, picture }), soon);
  };
  const keep = (soon = false) => {
    if (keeping !== null && (keeping.soon || !soon)) return;
    keeping?.cancel();
    keeping = { cancel: around.setTimer(keepNow, soon ? KEEP_POLL_MS : KEEP_EVERY_MS), soon };
  };

  let hideAgain: (() => void) | null = null;
  const tally = () => tallyView(current, hideAgain !== null);
  const showAll = () => around.onPoll(pollView(current), tally());

  return {
    title: () => title,
    tally,
    stop() {
      hideAgain?.();
      if (keeping === null) return;
      keeping.cancel();
      keepNow();
    },
    voted() {
      if (current?.definition.results !== "after-vote") return;
      hideAgain?.();
      hideAgain = around.setTimer(() => {
        hideAgain = null;
        showAll();
      }, REVEAL_MS);
      showAll();
    },
    current: () => current,
    shownForMs: () => around.monotonicMs() - replacedAtMs,
    has: () => ({ epoch, polls: hasOf(picture) }),
    kept: (poll) => picture.get(toHex(poll))?.word,
    closed: () =>
      [...picture.values()]
        .filter(({ course: { state, totals } }) => state === "closed" || (state === "certified" && totals === null))
        .map(({ hash }) => hash),
    setEpoch(fresh) {
      if (epoch !== null && sameBytes(epoch, fresh)) return;
      epoch = fresh;
      picture = withoutCursors(picture);
      current = currentPoll(picture);
      keep();
    },
    setTitle(fresh) {
      if (fresh === title) return;
      title = fresh;
      keep();
      around.onTitle(title);
    },
    onFeed(frame) {
      const next = stepPicture(picture, frame, around.sha256);
      if (next === undefined) {
        // Whatever does not fit is asked for again, all of it: cursors of no epoch count for nothing.
        epoch = null;
        return false;
      }
      const before = current;
      const closed = closedBy(frame, picture, next);
      picture = next;
      current = currentPoll(picture);
      if (before !== undefined && current?.definition.id !== before.definition.id) {
        replacedAtMs = around.monotonicMs();
        hideAgain?.();
        hideAgain = null;
      }
      keep(frame[0] === FRAME.poll);
      if (closed !== undefined) around.onClosed(closed);
      if (current === before) return true;
      const counts = tally();
      const sameState =
        current?.definition.id === before?.definition.id && current?.course.state === before?.course.state;
      if (!sameState) showAll();
      else if (counts !== null) around.onTally(counts);
      return true;
    },
  };
}

/** The poll that this frame closed, if it did. One that is told as certified needs our word no more. */
function closedBy(frame: FeedFrame, before: Picture, after: Picture): Uint8Array | undefined {
  if (frame[0] !== FRAME.poll) return undefined;
  for (const [key, { word, course, hash }] of after) {
    if (word !== frame) continue;
    const known = before.get(key);
    return course.state === "closed" && (known === undefined || !isOver(known.course.state)) ? hash : undefined;
  }
  return undefined;
}
