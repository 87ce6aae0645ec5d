/** What may happen a thousand times a second is said once in a while, with how often it happened since. */

/** Enough to be seen in a log, too little to fill a disk: 1,440 lines a day at worst. */
export const SELDOM_MS = 60_000;

/** @param say writes a line @returns says the first line at once, and then at most one per `SELDOM_MS` */
export function createSeldom(say: (line: string) => void, monotonicMs: () => number): (line: string) => void {
  let saidMs = -Infinity;
  let kept = 0;
  return (line) => {
    const nowMs = monotonicMs();
    if (nowMs - saidMs < SELDOM_MS) {
      kept++;
      return;
    }
    saidMs = nowMs;
    say(kept === 0 ? line : `${line} (and ${kept} more since the last such line)`);
    kept = 0;
  };
}
