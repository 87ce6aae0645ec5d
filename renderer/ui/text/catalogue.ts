import type { OutcomeKind, ScreenBranch } from "../../../shared/events/stream.ts";
import type { PluralForms } from "./plural.ts";

/** Every word a screen shows or speaks, in one language. `{name}` marks a place to fill. */
export interface Catalogue {
  /** `stamp` stands in the count's place at the lane: one or two short words. `detail` is the whole sentence. */
  outcomes: Record<OutcomeKind, { stamp: string; detail: string }>;
  /** `several`: open, and one may choose up to `{n}` answers. */
  how: {
    open: string;
    several: PluralForms;
    /** The answer is touched, with a badge before or after. */
    choose: string;
    chooseSeveral: PluralForms;
    /** A touch is a vote, without a badge. */
    touch: string;
    paused: string;
    closed: string;
    certified: string;
  };
  /** Said while half of a vote waits for the other: for the finger, or for the badge. */
  turn: { touch: string; tap: string };
  /** The band that stands above everything while the station is in test mode. */
  testBand: { title: string; detail: string };
  /** The way to the operator's panel: `button` on a new station, `hold` while somebody holds the corner. */
  door: { button: string; hold: string };
  /** Beside the question when it is asked again: `{n}` is 2 or more. */
  round: string;
  /** Beside the counts: may they still change? */
  marks: { provisional: string; final: string };
  status: {
    live: string;
    votes: PluralForms;
    noVotes: string;
    safeHere: PluralForms;
    offline: string;
    connecting: string;
    paused: string;
    closed: string;
    /** The poll is open, and its result is for later. */
    hidden: string;
    refused: string;
    revoked: string;
  };
  pages: {
    starting: PageWords;
    waiting: PageWords;
    enrolling: PageWords;
    refused: PageWords;
    revoked: PageWords;
    over: PageWords;
    firstRun: PageWords;
  };
  strips: {
    lineLost: string;
    disk: string;
    damage: string;
    readerLost: string;
    readersMore: PluralForms;
    refused: string;
    revoked: string;
    over: string;
    branch: Record<NonNullable<ScreenBranch>, string>;
  };
  share: { less: string; more: string; none: string };
  spoken: {
    lane: string;
    laneHidden: string;
    outcome: string;
    result: string;
    /** A question that is asked again. */
    round: string;
    options: string;
    votes: PluralForms;
  };
  pager: { range: string; earlier: string; later: string };
  demo: {
    title: string;
    fold: string;
    unfold: string;
    badge: string;
    fresh: string;
    readers: string;
    reader: string;
    /** The reader that stands for no answer. */
    choose: string;
    hint: string;
    failed: string;
  };
}

export interface PageWords {
  title: string;
  detail: string;
}
