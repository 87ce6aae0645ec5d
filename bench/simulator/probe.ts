/**
 * How long a ballot takes until every station has a tally with it: one option is voted for by the probe alone, one ballot
 * after another, so that its count says which of them a tally holds.
 */
export interface Probe {
  /** One more ballot leaves now. */
  cast(): void;
  /** Ballots cast so far. */
  count(): number;
  /** A station that knew of `seen` ballots has a count now; what it knows of then. */
  hear(seen: number, counted: number): number;
}

/** @param told is given the milliseconds from each ballot's casting until a station heard of it */
export function createProbe(nowMs: () => number, told: (ms: number) => void): Probe {
  const castMs: number[] = [];
  return {
    cast: () => void castMs.push(nowMs()),
    count: () => castMs.length,
    hear(seen, counted) {
      const heardMs = nowMs();
      for (const sentMs of castMs.slice(seen, counted)) told(heardMs - sentMs);
      return Math.max(seen, counted);
    },
  };
}
