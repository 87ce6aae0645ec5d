/** So that fifty readers lost together are told in a few lists, and one lost alone at once. */
export interface Pace {
  /** Something changed. */
  touch(): void;
  stop(): void;
}

/** Runs at once after a quiet time, else when `everyMs` have gone by since the last run: never more often, and never too few. */
export function createPace(
  run: () => void,
  everyMs: number,
  setTimer: (run: () => void, delayMs: number) => () => void,
): Pace {
  let cancel: (() => void) | null = null;
  let again = false;
  let stopped = false;
  const go = () => {
    cancel = setTimer(() => {
      cancel = null;
      if (!again) return;
      again = false;
      go();
    }, everyMs);
    run();
  };
  return {
    touch() {
      if (stopped) return;
      if (cancel === null) go();
      else again = true;
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
