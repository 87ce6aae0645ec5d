/** Votes whose answer is touched on the screen: the chooser with its clock, and votes without a tag where a poll takes them. */
import type { Target } from "../../shared/domain/mapping.ts";
import { isOver } from "../../shared/domain/poll.ts";
import type { ScreenTouch, Touch } from "../../shared/events/stream.ts";
import type { KnownPoll } from "../picture/picture.ts";
import type { Signal } from "../readers/driver.ts";
import type { TapPlace } from "../readers/station-readers.ts";
import { stepChooser, type ChooserEffect, type ChooserEvent, type Voter, type Waiting } from "./chooser.ts";
import type { Outcomes } from "./outcomes.ts";
import { TAGLESS_RATE, TOUCH_RATE, createRate } from "./touch-rate.ts";
import type { Vote } from "./vote.ts";

/** What the log knows the screen as, when a vote came without a tag. */
const SCREEN_AS_READER = "touch";

export interface TouchSurroundings {
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  poll: () => KnownPoll | undefined;
  /** Is there a reader whose voters touch their answer? */
  chooses: () => boolean;
  /** Random: nobody's. */
  newTagKey: () => Uint8Array;
  /** What would become of a vote for this now, as far as the tag does not matter. */
  judge: (target: Target) => Vote;
  cast: (voter: Voter, place: TapPlace) => Promise<void>;
  outcomes: Pick<Outcomes, "refused">;
  signal: (reader: string, signal: Signal) => void;
  onTouch: (touch: ScreenTouch) => void;
}

/** What was done with a touch; `closed`: nobody votes by touch here now. */
export type TouchAnswer = "taken" | "closed" | "too-many";

export interface TouchVotes {
  /** A tag whose answer is touched; all that can be said against it was looked for. */
  tapped(voter: Voter, place: TapPlace): void;
  touched(touch: Touch): TouchAnswer;
  /** The question may be another, or no longer open. */
  look(): void;
  /** The mode is another: what waits belongs to what was. */
  drop(): void;
  stop(): void;
}

export function createTouchVotes(around: TouchSurroundings): TouchVotes {
  const { monotonicMs, outcomes } = around;
  const mayTouch = createRate(TOUCH_RATE, monotonicMs);
  const mayVote = createRate(TAGLESS_RATE, monotonicMs);
  let waiting: Waiting | null = null;
  let cancelClock = () => {};
  let lastId = 0;

  const take = (event: ChooserEvent) => {
    const before = waiting;
    const [next, ...effects] = stepChooser(before, event);
    waiting = next;
    if (next !== before) {
      cancelClock();
      if (next !== null) cancelClock = around.setTimer(onTime, Math.max(0, next.untilMs - monotonicMs()));
      around.onTouch(touchView(next, monotonicMs()));
    }
    for (const effect of effects) run(effect);
  };
  const run = (effect: ChooserEffect) => {
    const { kind, place } = effect;
    if (kind === "cast") {
      const target: Target = { kind: "option", poll: effect.poll, option: effect.option };
      return void around.cast(effect.voter, { ...place, target });
    }
    if (kind === "slow-down") around.signal(place.reader, "bad");
    // All readers of this kind wait for the one screen: which of them it was says nothing.
    return outcomes.refused(kind, null, null);
  };
  const look = () => {
    const poll = around.poll();
    // Paused, it may be open again before the second half comes; the judge knows then.
    const fits = waiting === null || (poll?.definition.id === waiting.poll && !isOver(poll.course.state));
    take(fits ? { kind: "clock", nowMs: monotonicMs() } : { kind: "drop" });
  };
  const onTime = () => {
    const before = waiting;
    look();
    // A timer may be early by the part of a millisecond that it does not know.
    if (before !== null && waiting === before) cancelClock = around.setTimer(onTime, 1);
  };
  const withoutTag = (target: Target, option: number) => {
    if (!mayVote()) return outcomes.refused("slow-down", option, null);
    return void around.cast({ tagKey: around.newTagKey(), flags: [] }, { reader: SCREEN_AS_READER, name: "", target });
  };

  return {
    tapped(voter, place) {
      const poll = around.poll()?.definition.id;
      if (poll !== undefined) take({ kind: "tap", id: `${++lastId}`, poll, voter, place, nowMs: monotonicMs() });
    },
    touched({ poll, option }) {
      if (!mayTouch()) return "too-many";
      const known = around.poll();
      const isTagless = known?.definition.tagless === true;
      const nowMs = monotonicMs();
      take({ kind: "clock", nowMs });
      if (!isTagless && !around.chooses() && waiting === null) return "closed";
      // The page showed another question when the finger came down.
      if (known !== undefined && known.definition.id !== poll) outcomes.refused("new-question", null, null);
      else {
        const target: Target = { kind: "option", poll, option };
        const meant = around.judge(target);
        if (waiting?.kind === "tapped") take({ kind: "touch", id: `${++lastId}`, poll, option, nowMs });
        else if (meant.kind === "refusal") outcomes.refused(meant.why, meant.option, null);
        else if (isTagless) withoutTag(target, option);
        else take({ kind: "touch", id: `${++lastId}`, poll, option, nowMs });
      }
      return "taken";
    },
    look,
    drop: () => take({ kind: "drop" }),
    stop: () => cancelClock(),
  };
}

function touchView(waiting: Waiting | null, nowMs: number): ScreenTouch {
  if (waiting === null) return null;
  const { id } = waiting;
  const forMs = Math.max(0, Math.round(waiting.untilMs - nowMs));
  return waiting.kind === "tapped"
    ? { kind: "tapped", id, forMs }
    : { kind: "touched", id, option: waiting.option, forMs };
}
