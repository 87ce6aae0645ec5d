/** Holds the kiosk's state between the stream and React: steps at once, tells React once per animation frame. */
import { nextExpiryMs } from "./outcomes.ts";
import { KIOSK_AT_START, step } from "./step.ts";
import type { KioskEffect, KioskEvent, KioskState } from "./step.ts";

export interface KioskStore {
  readonly send: (event: KioskEvent) => void;
  readonly subscribe: (onChange: () => void) => () => void;
  readonly read: () => KioskState;
}

export interface KioskStoreEnds {
  readonly onEffect: (effect: KioskEffect) => void;
  readonly requestFrame: (draw: () => void) => unknown;
  /** Monotonic, the same that times the events. */
  readonly nowMs: () => number;
}

export function createKioskStore(ends: KioskStoreEnds): KioskStore {
  let state = KIOSK_AT_START;
  // What React sees: it lags `state` by at most a frame, so twenty tallies a second cost one drawing each at most.
  let drawn = state;
  let frameAsked = false;
  let expiry: ReturnType<typeof setTimeout> | undefined;
  const subscribers = new Set<() => void>();

  const draw = (): void => {
    frameAsked = false;
    drawn = state;
    for (const tell of subscribers) tell();
  };

  const send = (event: KioskEvent): void => {
    const [next, ...effects] = step(state, event);
    // Sound does not wait for the frame: a voter hears within the same task.
    for (const effect of effects) ends.onEffect(effect);
    if (next === state) return;
    state = next;
    clearTimeout(expiry);
    const expiresMs = state.picture === null ? null : nextExpiryMs(state.picture.outcomes);
    if (expiresMs !== null) {
      expiry = setTimeout(
        () => send({ kind: "clock", nowMs: ends.nowMs() }),
        Math.max(0, expiresMs - ends.nowMs()) + 1,
      );
    }
    if (!frameAsked) {
      frameAsked = true;
      ends.requestFrame(draw);
    }
  };

  return {
    send,
    subscribe: (onChange) => {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    read: () => drawn,
  };
}
