/** How long something took, over all times it was done: plain numbers, so that noting one costs nothing to speak of. */

export interface Spread {
  /** Upper bounds in seconds, rising. */
  readonly bounds: readonly number[];
  note(seconds: number): void;
  /** How many took up to each bound; the last is how many there were at all. */
  cumulative(): number[];
  sum(): number;
}

/** A commit on a good disk takes 1 to 5 ms; who waits longer than 10 s was given up. */
export const COMMIT_BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export function createSpread(bounds: readonly number[]): Spread {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    bounds,
    note(seconds) {
      let at = 0;
      while (at < bounds.length && seconds > (bounds[at] ?? 0)) at++;
      counts[at] = (counts[at] ?? 0) + 1;
      sum += seconds;
    },
    cumulative() {
      let soFar = 0;
      return Array.from(counts, (count) => (soFar += count));
    },
    sum: () => sum,
  };
}
