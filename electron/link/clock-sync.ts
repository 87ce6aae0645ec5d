/** What the server's clock says, measured over the link: of some round trips, the shortest tells most. */
import type { ClockRecord } from "../../shared/domain/record.ts";
import { SILENCE_MS } from "../../shared/link/limits.ts";

/** Enough for one to be undisturbed, few enough to be done before anybody notices. */
export const CLOCK_SAMPLES = 4;
/** Below this a new clock record would say nothing that matters to a voter. */
const WORTH_SAYING_MS = 250;

export interface RoundTrip {
  /** The station's clock when the question left and when the answer came, milliseconds since the log's opening. */
  sentMs: number;
  heardMs: number;
  /** Server time in between. */
  serverMs: number;
}

/** The clock record that the shortest of the round trips amounts to; `undefined` when none tells anything. */
export function measureClock(trips: readonly RoundTrip[]): ClockRecord | undefined {
  const [best] = trips.toSorted((a, b) => a.heardMs - a.sentMs - (b.heardMs - b.sentMs));
  // A computer that slept in between may think that hours went by; a link is dead long before.
  if (best === undefined || best.heardMs - best.sentMs > SILENCE_MS) return undefined;
  const halfMs = (best.heardMs - best.sentMs) / 2;
  return {
    kind: "clock",
    ms: Math.round(best.sentMs + halfMs),
    serverMs: best.serverMs,
    uncertaintyMs: Math.ceil(halfMs),
  };
}

/** Does a new measurement tell the log anything it does not know from its last clock record? */
export function worthRecording(last: ClockRecord | undefined, next: ClockRecord): boolean {
  if (last === undefined) return true;
  const predictedMs = last.serverMs + (next.ms - last.ms);
  return Math.abs(next.serverMs - predictedMs) > WORTH_SAYING_MS + last.uncertaintyMs + next.uncertaintyMs;
}
