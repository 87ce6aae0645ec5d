/** The polls as last told, which of them is on the screen and since when, kept for the next start. */
import type { Sha256 } from "../../shared/domain/record.ts";
import type { ScreenPoll, ScreenTally } from "../../shared/events/stream.ts";
import type { FrameOf } from "../../shared/link/frames.ts";
import { pollView, tallyView } from "../screen/views.ts";
import { decodePicture, encodePicture } from "./kept-picture.ts";
import { currentPoll, hasOf, stepPicture, type FeedFrame, type KnownPoll } from "./picture.ts";

/** Long enough to look at the bars, short enough that the next voter has not made up their mind by them. */
const REVEAL_MS = 8_000;

export interface PollBoardSurroundings {
  kept: Uint8Array | undefined;
  keep: (bytes: Uint8Array) => void;
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  sha256: Sha256;
  onPoll: (poll: ScreenPoll | null, tally: ScreenTally | null) => void;
  onTally: (tally: ScreenTally) => void;
  onTitle: (title: string) => void;
}

export interface PollBoard {
  title(): string;
  /** The counts that the screen may show now. */
  tally(): ScreenTally | null;
  stop(): void;
  current(): KnownPoll | undefined;
  /** How long the current question has been there; Infinity when it replaced none. */
  shownForMs(): number;
  has(): FrameOf<"proof">[3];
  setTitle(title: string): void;
  /** Somebody voted here: where results are shown after that, they are now, for a while. */
  voted(): void;
  /** False when the frame fits nothing known: the feed must begin anew. */
  onFeed(frame: FeedFrame): boolean;
}

export function createPollBoard(around: PollBoardSurroundings): PollBoard {
  let { title, picture } = decodePicture(around.kept);
  let current = currentPoll(picture);
  let replacedAtMs = Number.NEGATIVE_INFINITY;
  const keep = () => around.keep(encodePicture(title, picture));

  let hideAgain: (() => void) | null = null;
  const tally = () => tallyView(current, hideAgain !== null);
  const showAll = () => around.onPoll(pollView(current), tally());

  return {
    title: () => title,
    tally,
    stop: () => hideAgain?.(),
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
    has: () => hasOf(picture),
    setTitle(fresh) {
      if (fresh === title) return;
      title = fresh;
      keep();
      around.onTitle(title);
    },
    onFeed(frame) {
      const next = stepPicture(picture, frame, around.sha256);
      if (next === undefined) {
        // Whatever does not fit is asked for again, all of it.
        picture = new Map([...picture].map(([key, poll]) => [key, { ...poll, stateCursor: 0, tallyCursor: 0 }]));
        return false;
      }
      const before = current;
      picture = next;
      current = currentPoll(picture);
      if (before !== undefined && current?.definition.id !== before.definition.id) {
        replacedAtMs = around.monotonicMs();
        hideAgain?.();
        hideAgain = null;
      }
      keep();
      if (current === before) return true;
      const counts = tally();
      const sameState = current?.definition.id === before?.definition.id && current?.state === before?.state;
      if (!sameState) showAll();
      else if (counts !== null) around.onTally(counts);
      return true;
    },
  };
}
