import fc from "fast-check";
import { expect, test } from "vitest";
import { createStationBuckets } from "./token-bucket.ts";

const RATE = { perSecond: 10, burst: 30 };

/** How many of these a station is let say at one moment. */
function said(buckets: ReturnType<typeof createStationBuckets>, station: string, nowMs: number, frames: number) {
  return Array.from({ length: frames }, () => buckets.take(station, nowMs)).filter((allowed) => allowed).length;
}

test("a station may say so much at once, and then as much as comes in", () => {
  const buckets = createStationBuckets(RATE);
  expect(said(buckets, "a", 0, 100)).toBe(30);
  expect(said(buckets, "a", 500, 100)).toBe(5);
  expect(said(buckets, "a", 60_000, 100)).toBe(30);
});

test("what one station says takes nothing from another", () => {
  const buckets = createStationBuckets(RATE);
  expect(said(buckets, "a", 0, 100)).toBe(30);
  expect(said(buckets, "b", 0, 100)).toBe(30);
});

test("whenever it speaks, over any time it is let say no more than a burst and what came in", () => {
  const gaps = fc.array(fc.nat({ max: 4_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      const buckets = createStationBuckets(RATE);
      let nowMs = 0;
      let allowed = 0;
      for (const waitMs of waits) {
        nowMs += waitMs;
        allowed += said(buckets, "a", nowMs, 40);
        // Others come by, so that those who are full again are looked for.
        buckets.take(`other ${nowMs}`, nowMs);
      }
      expect(allowed).toBeLessThanOrEqual(RATE.burst + Math.floor((nowMs / 1000) * RATE.perSecond) + 1);
    }),
  );
});

test("a station is forgotten once its bucket would be full: ten thousand that came once are not kept", () => {
  const buckets = createStationBuckets(RATE);
  for (let at = 0; at < 10_000; at++) buckets.take(`station ${at}`, at * 10);
  expect(buckets.size).toBeLessThan(700);
  // One that is still short of tokens is not.
  said(buckets, "flooder", 100_000, 100);
  buckets.take("another", 102_900);
  expect(said(buckets, "flooder", 102_900, 100)).toBe(29);
});
