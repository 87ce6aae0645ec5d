/** The kiosk's picture as a pure machine: what the station says, the line to it and the clock, in; picture, out. */
import type {
  Outcome,
  OutcomeKind,
  ScreenBranch,
  ScreenDamage,
  ScreenDisk,
  ScreenEvent,
  ScreenLink,
  ScreenPoll,
  ScreenReader,
  ScreenSetUp,
  ScreenTally,
  ScreenTouch,
} from "../../shared/events/stream.ts";
import { dropOutcomes, expireOutcomes, NO_OUTCOMES, showOutcome, toneOf } from "./outcomes.ts";
import type { Outcomes } from "./outcomes.ts";

/** All that the station has told; there from its first snapshot on. */
export interface Picture {
  readonly title: string;
  readonly demo: boolean;
  readonly poll: ScreenPoll | null;
  /** Null while the result may not be shown. Always of this poll, with a count for each option. */
  readonly tally: ScreenTally | null;
  readonly link: ScreenLink;
  readonly disk: ScreenDisk;
  /** A damaged file is kept for the organiser. */
  readonly damage: ScreenDamage;
  readonly branch: ScreenBranch;
  /** The event is over: nobody can vote any more. */
  readonly over: boolean;
  readonly readers: readonly ScreenReader[];
  /** No tap and no touch is a vote now. */
  readonly testing: boolean;
  readonly setUp: ScreenSetUp;
  /** What waits for its other half: a tag for an answer, or an answer for a tag. */
  readonly touch: ScreenTouch;
  readonly outcomes: Outcomes;
}

export interface KioskState {
  /** The event stream from the station. */
  readonly line: "connecting" | "up" | "lost";
  readonly picture: Picture | null;
}

export const KIOSK_AT_START: KioskState = { line: "connecting", picture: null };

export type KioskEvent =
  | { readonly kind: "line"; readonly line: KioskState["line"] }
  | { readonly kind: "news"; readonly news: ScreenEvent; readonly nowMs: number }
  | { readonly kind: "clock"; readonly nowMs: number };

/** An outcome just appeared or was upgraded: sound it and say it. */
export interface KioskEffect {
  readonly kind: "tell";
  readonly outcome: Outcome;
  readonly upgrade: boolean;
}

type Step = readonly [KioskState, ...KioskEffect[]];

/** Returns the same state object when the event changes nothing, so that nothing is drawn. */
export function step(state: KioskState, event: KioskEvent): Step {
  const { picture } = state;
  switch (event.kind) {
    case "line":
      return [event.line === state.line ? state : { ...state, line: event.line }];
    case "clock": {
      if (picture === null) return [state];
      const outcomes = expireOutcomes(picture.outcomes, event.nowMs);
      return [outcomes === picture.outcomes ? state : { ...state, picture: { ...picture, outcomes } }];
    }
    case "news":
      if (event.news.kind === "outcome")
        return picture === null ? [state] : tell(state, picture, event.news.outcome, event.nowMs);
      return [stepPicture(state, event.news)];
  }
}

function tell(state: KioskState, picture: Picture, outcome: Outcome, nowMs: number): Step {
  // While the disk fails nothing on this screen may look or sound like success.
  if (picture.disk.state === "failing" && toneOf(outcome.kind) === "success") return [state];
  const outcomes = showOutcome(picture.outcomes, outcome, nowMs);
  if (outcomes === picture.outcomes) return [state];
  const upgrade = picture.outcomes.shown.some((shown) => shown.id === outcome.id);
  return [
    { ...state, picture: { ...picture, outcomes } },
    { kind: "tell", outcome, upgrade },
  ];
}

function stepPicture(state: KioskState, news: Exclude<ScreenEvent, { kind: "outcome" }>): KioskState {
  if (news.kind === "snapshot") {
    const { kind: _, ...told } = news;
    return { ...state, picture: { ...told, tally: fitting(news.poll, news.tally), outcomes: NO_OUTCOMES } };
  }
  // A resumed stream starts without a snapshot, but then this page has one already.
  if (state.picture === null) return state;
  const picture = changed(state.picture, news);
  return picture === state.picture ? state : { ...state, picture };
}

type Change = Exclude<ScreenEvent, { kind: "outcome" | "snapshot" }>;

function changed(picture: Picture, news: Change): Picture {
  switch (news.kind) {
    case "title":
      return { ...picture, title: news.title };
    case "poll":
      return turnTo(picture, news.poll, fitting(news.poll, news.tally));
    case "tally": {
      const tally = fitting(picture.poll, news.tally);
      // The station's newest word stands: a server put back to a backup counts from an earlier place.
      return tally === null ? picture : { ...picture, tally };
    }
    case "link":
      return { ...picture, link: news.link };
    case "disk":
      return { ...picture, disk: news.disk, outcomes: whileDisk(news.disk, picture.outcomes) };
    case "damage":
      return { ...picture, damage: news.damage };
    case "branch":
      return { ...picture, branch: news.branch };
    case "over":
      return { ...picture, over: news.over };
    case "readers":
      return { ...picture, readers: news.readers };
    case "testing":
      return { ...picture, testing: news.testing };
    case "set-up":
      return { ...picture, setUp: news.setUp };
    case "touch": {
      // "Now touch your answer" has had its time with what it is said of.
      const isWaiting = news.touch?.kind === "tapped";
      const outcomes = isWaiting ? picture.outcomes : dropOutcomes(picture.outcomes, isPrompt);
      return { ...picture, touch: news.touch, outcomes };
    }
  }
}

function isPrompt({ kind }: Outcome): boolean {
  return kind === "choose-answer";
}

function turnTo(picture: Picture, poll: ScreenPoll | null, tally: ScreenTally | null): Picture {
  const same = poll?.id === picture.poll?.id;
  const outcomes = same ? picture.outcomes : dropOutcomes(picture.outcomes, isOfPoll);
  return { ...picture, poll, outcomes, tally };
}

const OF_ANY_POLL: readonly OutcomeKind[] = [
  "not-stored",
  "read-again",
  "unassigned",
  "revoked",
  "event-over",
  "operator-tap",
];

/** Outcomes at lanes belong to the poll they were cast in; of the others only what is wrong with any poll stays. */
function isOfPoll({ option, kind }: Outcome): boolean {
  return option !== null || !OF_ANY_POLL.includes(kind);
}

function fitting(poll: ScreenPoll | null, tally: ScreenTally | null): ScreenTally | null {
  if (poll === null || tally === null) return null;
  return tally.poll === poll.id && tally.counts.length === poll.options.length ? tally : null;
}

function whileDisk(disk: ScreenDisk, outcomes: Outcomes): Outcomes {
  return disk.state === "good" ? outcomes : dropOutcomes(outcomes, (shown) => toneOf(shown.kind) === "success");
}
