import fc from "fast-check";
import { expect, test } from "vitest";
import { barLengths } from "./bars.ts";

test("no votes, no bars", () => expect(barLengths([0, 0, 0])).toEqual([0, 0, 0]));

test("all votes on one option fill its lane", () => expect(barLengths([7, 0])).toEqual([1, 0]));

test("bars start at zero, stay inside their lane and keep the proportions of the votes", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(counts, (votes) => {
      const bars = barLengths(votes);
      const most = Math.max(...votes);
      bars.forEach((bar, i) => {
        expect(bar).toBeGreaterThanOrEqual(0);
        expect(bar).toBeLessThanOrEqual(1 + 1e-9);
        expect(bar * most).toBeCloseTo(Math.max(...bars) * (votes[i] ?? 0), 3);
      });
    }),
  );
});

test("one more vote for the leader lengthens its bar", () => {
  expect(barLengths([11, 5])[0]).toBeGreaterThan(barLengths([10, 5])[0] ?? 1);
});
