/**
 * The server's time, for acts and for stations alike: a poll's window and the ballots in it must be measured by one clock. It
 * follows the computer's, but never goes back, whatever is done to that one: votes cast after a poll was opened are after
 * its opening.
 */

export interface ServerClock {
  /** Milliseconds since 1970; never less than before. */
  now(): number;
  /** What was written down before this start is over. */
  notBefore(ms: number): void;
}

/** @param monotonicMs never jumps; any origin */
export function createServerClock(wallMs: () => number, monotonicMs: () => number): ServerClock {
  let last = { ms: 0, monotonicMs: monotonicMs() };
  return {
    now() {
      const monotonic = monotonicMs();
      // Put back, the computer's clock would stand still here until it had caught up; time goes on instead.
      const ms = Math.max(Math.floor(last.ms + (monotonic - last.monotonicMs)), wallMs());
      // The fraction is kept where it began: else asking often would slow it down.
      if (ms > last.ms + (monotonic - last.monotonicMs)) last = { ms, monotonicMs: monotonic };
      return ms;
    },
    notBefore(ms) {
      if (ms > last.ms + (monotonicMs() - last.monotonicMs)) last = { ms, monotonicMs: monotonicMs() };
    },
  };
}
