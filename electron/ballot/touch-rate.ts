/** How often something may be done: a few times at once, then one after each pause. */

export interface Rate {
  readonly burst: number;
  readonly everyMs: number;
}

/**
 * Votes without a tag, of one kiosk. Nobody reads a question and answers it in less than two seconds, and a family may
 * answer one after the other; a child that hammers at the screen is told to wait.
 */
export const TAGLESS_RATE: Rate = { burst: 3, everyMs: 2_000 };

/** Touches of any kind: ten fingers, and more than that is a program. */
export const TOUCH_RATE: Rate = { burst: 20, everyMs: 50 };

/** @returns whether it may be done now; when it may, it counts as done */
export function createRate({ burst, everyMs }: Rate, monotonicMs: () => number): () => boolean {
  let left = burst;
  let atMs = monotonicMs();
  return () => {
    const nowMs = monotonicMs();
    left = Math.min(burst, left + (nowMs - atMs) / everyMs);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
