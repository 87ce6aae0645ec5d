/**
 * Tries at the PIN, as a machine: five are free, then each wrong one doubles the wait. A try counts as wrong from its start
 * until it turns out right, so that tries made at once share what is left, and one that the program's end cut short counts.
 *
 * Time is the monotonic clock's, so that nobody shortens a wait by setting the calendar. No clock outlasts a restart: what was
 * not waited to its end by then begins anew.
 */
import { FREE_PIN_TRIES } from "../../shared/events/operator.ts";

/** After the fifth wrong one (VxSuite's figures); with the cap a four-digit PIN holds for weeks of trying by hand. */
export const FIRST_WAIT_MS = 15_000;
export const MOST_WAIT_MS = 3_600_000;

/** What has to outlast a restart. */
export interface KeptTries {
  /** Wrong ones since the last right one. */
  wrong: number;
  /** Was the wait for them waited to its end? */
  waited: boolean;
}

export interface Tries extends KeptTries {
  /** By the monotonic clock; no longer of interest once `waited`. */
  untilMs: number;
}

export type TriesEvent =
  | { kind: "try"; nowMs: number }
  /** The try begun last was right. */
  | { kind: "right" }
  | { kind: "clock"; nowMs: number };

export type TriesEffect =
  /** To be on disk before the try is looked at. */
  { kind: "keep"; tries: KeptTries } | { kind: "check" } | { kind: "locked"; waitMs: number };

export const NO_TRIES: KeptTries = { wrong: 0, waited: true };

/** The wait after so many wrong tries, in milliseconds. */
export function waitAfter(wrong: number): number {
  if (wrong < FREE_PIN_TRIES) return 0;
  return Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(wrong - FREE_PIN_TRIES, 16));
}

/** As it was kept, at a start. */
export function beginTries({ wrong, waited }: KeptTries, nowMs: number): Tries {
  return { wrong, waited, untilMs: waited ? nowMs : nowMs + waitAfter(wrong) };
}

export function stepTries(tries: Tries, event: TriesEvent): [Tries, ...TriesEffect[]] {
  switch (event.kind) {
    case "try": {
      const waitMs = waitLeft(tries, event.nowMs);
      if (waitMs > 0) return [tries, { kind: "locked", waitMs }];
      const wrong = tries.wrong + 1;
      const after = waitAfter(wrong);
      const kept: KeptTries = { wrong, waited: after === 0 };
      return [{ ...kept, untilMs: event.nowMs + after }, { kind: "keep", tries: kept }, { kind: "check" }];
    }
    case "right":
      return [
        { ...NO_TRIES, untilMs: tries.untilMs },
        { kind: "keep", tries: NO_TRIES },
      ];
    case "clock": {
      if (tries.waited || waitLeft(tries, event.nowMs) > 0) return [tries];
      const kept: KeptTries = { wrong: tries.wrong, waited: true };
      return [
        { ...tries, ...kept },
        { kind: "keep", tries: kept },
      ];
    }
  }
}

/** Milliseconds until the next try may be made; 0: now. */
export function waitLeft({ waited, untilMs }: Tries, nowMs: number): number {
  return waited ? 0 : Math.max(0, Math.ceil(untilMs - nowMs));
}

/** Tries until the next wait; after the first wait one at a time. */
export function triesLeft({ wrong }: KeptTries): number {
  return Math.max(1, FREE_PIN_TRIES - wrong);
}
