/**
 * The way from a running kiosk to its operator's panel: one finger held still in the screen's first corner, or the Home
 * key held down, for three seconds. Voters who touch again and again never do that, and a wedge reader never types it;
 * whoever finds it is asked for the PIN.
 */

export const HOLD_MS = 3_000;
/** Who holds on for so long is shown that something is coming. */
export const SHOW_AFTER_MS = 800;
/** The corner's sides: room for a thumb, and not for a lane. */
export const CORNER_PX = 120;
/** A held finger trembles; more is a swipe. */
const STILL_PX = 24;
export const DOOR_KEY = "Home";

export type Hold = null | { by: "finger"; x: number; y: number; fromMs: number } | { by: "key"; fromMs: number };

export type HoldEvent =
  /** `x` from the side where reading begins. */
  | { kind: "finger-down"; x: number; y: number; nowMs: number }
  | { kind: "finger-move"; x: number; y: number }
  | { kind: "key-down"; key: string; nowMs: number }
  /** A finger or a key was lifted, or the page lost sight of it. */
  | { kind: "end" }
  | { kind: "clock"; nowMs: number };

export function stepHold(hold: Hold, event: HoldEvent): readonly [Hold, ..."open"[]] {
  switch (event.kind) {
    case "finger-down": {
      // A second finger is a palm, or a child.
      const isAlone = hold === null && event.x <= CORNER_PX && event.y <= CORNER_PX;
      return [isAlone ? { by: "finger", x: event.x, y: event.y, fromMs: event.nowMs } : null];
    }
    case "finger-move": {
      if (hold?.by !== "finger") return [hold];
      const isStill = Math.hypot(event.x - hold.x, event.y - hold.y) <= STILL_PX;
      return [isStill ? hold : null];
    }
    case "key-down":
      // A held key repeats; any other one ends it.
      if (event.key !== DOOR_KEY) return [null];
      return [hold?.by === "key" ? hold : { by: "key", fromMs: event.nowMs }];
    case "end":
      return [null];
    case "clock":
      return hold !== null && event.nowMs - hold.fromMs >= HOLD_MS ? [null, "open"] : [hold];
  }
}
