import { uptime } from "node:os";

/** The machine's clocks and timers, passed to whatever needs time so that tests can pass others. */
export interface Clock {
  /** Never jumps, any origin, milliseconds. On some systems (Linux) it stands still while the computer sleeps. */
  monotonicMs(): number;
  /** Since the computer was started, sleep included, milliseconds; on some systems only to the second. */
  uptimeMs(): number;
  /** Since 1970, by the machine's calendar, which may jump. */
  wallMs(): number;
  /** Run once after a delay; returns the way to cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
  /** Run again and again; returns the way to cancel. */
  setTicker(run: () => void, everyMs: number): () => void;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
  wallMs: () => Date.now(),
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  setTicker(run, everyMs) {
    const timer = setInterval(run, everyMs);
    return () => clearInterval(timer);
  },
};
