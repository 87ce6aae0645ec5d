/** Which outcomes are good news, how long each stays on the screen, and which may follow which. */
import type { Outcome, OutcomeKind } from "../../shared/events/stream.ts";

export interface ShownOutcome extends Outcome {
  readonly untilMs: number;
}

export interface Outcomes {
  /** Newest last. */
  readonly shown: readonly ShownOutcome[];
  /** Ids that had their time, so that a late "counted" does not light a lane its voter has long left. */
  readonly gone: readonly string[];
}

export const NO_OUTCOMES: Outcomes = { shown: [], gone: [] };

// Long enough to read two words and look up; refusals are a sentence; a lost vote must not be missed.
const SUCCESS_MS = 2_500;
const REFUSAL_MS = 4_000;
const NOT_STORED_MS = 8_000;
// More than 50 lanes, and more badges than people can hold up within the longest time.
const SHOWN_AT_MOST = 64;
// A burst while the network is away, drained at once: 256 ids of 64 characters are nothing to keep.
const GONE_AT_MOST = 256;

/** `calm`: nothing was done, and nothing had to be. `prompt`: the voter's turn. */
export type Tone = "success" | "calm" | "prompt" | "again" | "refusal" | "failure";

const TONES: Readonly<Record<OutcomeKind, Tone>> = {
  stored: "success",
  "safe-here": "success",
  counted: "success",
  changed: "success",
  "already-counted": "calm",
  closed: "refusal",
  paused: "refusal",
  late: "refusal",
  "unknown-tag": "refusal",
  "not-entitled": "refusal",
  "random-uid": "refusal",
  "not-admitted": "refusal",
  revoked: "refusal",
  "event-over": "refusal",
  "not-counted": "refusal",
  "no-open-poll": "refusal",
  "new-question": "again",
  "no-option": "refusal",
  unassigned: "refusal",
  "read-again": "again",
  "choose-answer": "prompt",
  "choose-expired": "again",
  "shared-uid": "refusal",
  "slow-down": "again",
  "test-tap": "calm",
  "operator-tap": "calm",
  "not-stored": "failure",
};

export function toneOf(kind: OutcomeKind): Tone {
  return TONES[kind];
}

/** `stored` and `safe-here` wait for the server's word; every other kind is the last word on its tap. */
function isFinal(kind: OutcomeKind): boolean {
  return kind !== "stored" && kind !== "safe-here";
}

function shownForMs(kind: OutcomeKind): number {
  if (kind === "not-stored") return NOT_STORED_MS;
  return toneOf(kind) === "success" ? SUCCESS_MS : REFUSAL_MS;
}

/** Shows an outcome, or upgrades the one with the same id. Returns the same object when it is no news. */
export function showOutcome(outcomes: Outcomes, outcome: Outcome, nowMs: number): Outcomes {
  const before = outcomes.shown.find((shown) => shown.id === outcome.id);
  if (before !== undefined && (before.kind === outcome.kind || isFinal(before.kind))) return outcomes;
  if (outcomes.gone.includes(outcome.id) && toneOf(outcome.kind) === "success") return outcomes;
  const next: ShownOutcome = { ...outcome, untilMs: nowMs + shownForMs(outcome.kind) };
  // An upgrade keeps its place: it must not cover a later tap at the same lane.
  if (before !== undefined) {
    return { ...outcomes, shown: outcomes.shown.map((each) => (each === before ? next : each)) };
  }
  const rest = dropOutcomes(outcomes, (older) => isOutdone(older, outcome));
  return { ...rest, shown: [...rest.shown, next].slice(-SHOWN_AT_MOST) };
}

/** "Hold your badge again" is over when the lane has a newer answer; a vote that was lost must still be told. */
function isOutdone(older: Outcome, newer: Outcome): boolean {
  const tone = toneOf(older.kind);
  return older.option !== null && older.option === newer.option && tone !== "success" && tone !== "failure";
}

/** Takes away what had its time. Returns the same object when nothing had. */
export function expireOutcomes(outcomes: Outcomes, nowMs: number): Outcomes {
  return dropOutcomes(outcomes, (shown) => shown.untilMs <= nowMs);
}

export function dropOutcomes(outcomes: Outcomes, isOver: (shown: ShownOutcome) => boolean): Outcomes {
  const over = outcomes.shown.filter(isOver);
  if (over.length === 0) return outcomes;
  return {
    shown: outcomes.shown.filter((shown) => !over.includes(shown)),
    gone: [...outcomes.gone, ...over.map((shown) => shown.id)].slice(-GONE_AT_MOST),
  };
}

/** When the next outcome has had its time, or null when none is shown. */
export function nextExpiryMs(outcomes: Outcomes): number | null {
  if (outcomes.shown.length === 0) return null;
  return Math.min(...outcomes.shown.map((shown) => shown.untilMs));
}
