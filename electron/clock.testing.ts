/** For tests only: a clock that stands until it is told to go on. */
import type { Clock } from "./clock.ts";

export interface ManualClock extends Clock {
  /** Time passes; what falls due in it runs, in order. */
  goOn(byMs: number): void;
  /** The computer sleeps: its timers stand still. */
  sleep(forMs: number): void;
  /** Somebody sets the computer's calendar. */
  setWall(byMs: number): void;
  /** Timers and tickers that are set. */
  set(): number;
}

export function createManualClock(): ManualClock {
  let nowMs = 0;
  let sleptMs = 0;
  let setMs = 0;
  let timers: { atMs: number; everyMs: number | null; run: () => void }[] = [];
  const cancelOf = (timer: (typeof timers)[number]) => () => void (timers = timers.filter((other) => other !== timer));
  const add = (run: () => void, delayMs: number, everyMs: number | null) => {
    const timer = { atMs: nowMs + delayMs, everyMs, run };
    timers.push(timer);
    return cancelOf(timer);
  };
  return {
    monotonicMs: () => nowMs,
    // As coarse as on the coarsest system.
    uptimeMs: () => Math.floor((500_000 + nowMs + sleptMs) / 1_000) * 1_000,
    wallMs: () => 1_800_000_000_000 + nowMs + sleptMs + setMs,
    setTimer: (run, delayMs) => add(run, delayMs, null),
    setTicker: (run, everyMs) => add(run, everyMs, everyMs),
    sleep: (forMs) => void (sleptMs += forMs),
    setWall: (byMs) => void (setMs += byMs),
    set: () => timers.length,
    goOn(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        nowMs = next.atMs;
        if (next.everyMs === null) cancelOf(next)();
        else next.atMs += next.everyMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}
