/**
 * Two halves that become one vote: a tag tapped and an answer touched, whichever comes first, the other within
 * `CHOOSE_MS`. There is one screen, so one thing waits at a time.
 *
 * A second tag while the first waits for its answer drops both: whichever of them the next touch were given to, it might
 * be the other voter's finger. Both are told, nothing is stored, and whoever taps next begins anew. The same tag once
 * more, or another answer touched before the tap, is the same voter who goes on: the time begins anew.
 */
import type { UidFlag } from "../../shared/domain/mapping.ts";
import { CHOOSE_MS } from "../../shared/events/stream.ts";
import { sameBytes } from "../../shared/bytes.ts";
import type { TapPlace } from "../readers/station-readers.ts";

/** Whose vote it would be. Never a UID: what waits here is a pseudonym already. */
export interface Voter {
  readonly tagKey: Uint8Array;
  readonly flags: readonly UidFlag[];
}

/** `untilMs`: from then on it is over. `poll`: the id of the question that was on the screen. */
export type Waiting =
  | { readonly kind: "tapped"; id: string; poll: string; voter: Voter; place: TapPlace; untilMs: number }
  | { readonly kind: "touched"; id: string; poll: string; option: number; untilMs: number };

export type ChooserEvent =
  | { kind: "tap"; id: string; poll: string; voter: Voter; place: TapPlace; nowMs: number }
  | { kind: "touch"; id: string; poll: string; option: number; nowMs: number }
  | { kind: "clock"; nowMs: number }
  /** Another question, or another mode: what waits belongs to what was. */
  | { kind: "drop" };

export type ChooserEffect =
  | { kind: "cast"; poll: string; option: number; voter: Voter; place: TapPlace }
  /** A tag was read well, and its answer is missing. */
  | { kind: "choose-answer"; place: TapPlace }
  | { kind: "choose-expired"; place: TapPlace }
  /** Two tags, one answer: neither is taken. */
  | { kind: "slow-down"; place: TapPlace };

type Step = readonly [Waiting | null, ...ChooserEffect[]];

/** @param waiting null: nothing does */
export function stepChooser(waiting: Waiting | null, event: ChooserEvent): Step {
  if (event.kind === "drop") return [null];
  const isOver = waiting !== null && waiting.untilMs <= event.nowMs;
  if (event.kind === "clock") return isOver ? [null, ...expired(waiting)] : [waiting];
  if (isOver) {
    const [next, ...effects] = stepChooser(null, event);
    return [next, ...expired(waiting), ...effects];
  }
  // What waits for another question than this one is as good as nothing.
  const before = waiting?.poll === event.poll ? waiting : null;
  return event.kind === "tap" ? tapped(before, event) : touched(before, event);
}

/** Whoever touched and never tapped has gone: nothing is said to nobody. */
function expired(waiting: Waiting): ChooserEffect[] {
  return waiting.kind === "tapped" ? [{ kind: "choose-expired", place: waiting.place }] : [];
}

function tapped(before: Waiting | null, event: Extract<ChooserEvent, { kind: "tap" }>): Step {
  const { id, poll, voter, place, nowMs } = event;
  if (before?.kind === "touched") return [null, { kind: "cast", poll, option: before.option, voter, place }];
  if (before !== null && !sameBytes(before.voter.tagKey, voter.tagKey)) return [null, { kind: "slow-down", place }];
  const waiting: Waiting = { kind: "tapped", id, poll, voter, place, untilMs: nowMs + CHOOSE_MS };
  return [waiting, { kind: "choose-answer", place }];
}

function touched(before: Waiting | null, event: Extract<ChooserEvent, { kind: "touch" }>): Step {
  const { id, poll, option, nowMs } = event;
  if (before?.kind === "tapped") {
    return [null, { kind: "cast", poll, option, voter: before.voter, place: before.place }];
  }
  return [{ kind: "touched", id, poll, option, untilMs: nowMs + CHOOSE_MS }];
}
