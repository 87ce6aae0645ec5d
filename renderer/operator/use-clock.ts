import { useEffect, useState } from "react";
import type { Told } from "./step.ts";

/** The station's clock, milliseconds since 1970: what it said last, and the time since. Moves on once a second. */
export function useStationClock(told: Told): number {
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    const ticker = setInterval(() => setNowMs(performance.now()), 1_000);
    return () => clearInterval(ticker);
  }, []);
  // News may be younger than the last second: time does not go back.
  return told.state.nowMs + Math.max(0, nowMs - told.atMs);
}
