import { expect, test } from "vitest";
import { createSpread } from "./spread.ts";

test("each time is counted up to the bounds it keeps, and all are in the last", () => {
  const spread = createSpread([0.01, 0.1, 1]);
  for (const seconds of [0.01, 0.02, 0.5, 0.5, 7]) spread.note(seconds);
  expect(spread.cumulative()).toEqual([1, 2, 4, 5]);
  expect(spread.sum()).toBeCloseTo(8.03);
});
