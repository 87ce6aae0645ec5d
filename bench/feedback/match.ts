/** Which tap a sighting answers. */
import type { Sighting } from "./probe.ts";

export interface Tap {
  option: number;
  /** Milliseconds since 1970, by the clock of who tapped. */
  atMs: number;
}

/**
 * Milliseconds from each tap to its sighting, in the order of taps: the first tap of an answer is the first seen there,
 * and so on. Throws when an answer was seen more or less often than it was tapped, as then nothing fits anything.
 * @param pageAheadMs how far the page's clock is ahead of the tapper's
 */
export function delaysOf(taps: readonly Tap[], seen: readonly Sighting[], pageAheadMs: number): number[] {
  const waiting = Map.groupBy(seen, ({ option }) => option);
  const delays = taps.map(({ option, atMs }) => {
    const sighting = waiting.get(option)?.shift();
    if (sighting === undefined) throw new Error(`a tap for answer ${option} was not seen on the page`);
    return sighting.atMs - pageAheadMs - atMs;
  });
  for (const [option, left] of waiting)
    if (left.length > 0)
      throw new Error(`answer ${option} was seen ${left.length} times more often than it was tapped`);
  return delays;
}
