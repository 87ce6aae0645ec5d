import { expect, test } from "vitest";
import { checkResult, countsLine, sumCounts } from "./test-counts.ts";

test("a check counts as one test, passed or failed, and a failed one keeps its words", () => {
  expect(checkResult("lint", undefined).counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  const failed = checkResult("lint", "a.ts:1 no\n");
  expect(failed.counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(failed.failures).toEqual(["lint\na.ts:1 no"]);
});

test("the sum of nothing is zero", () => {
  expect(sumCounts([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test("the last line names what was skipped only where something was", () => {
  const counts = sumCounts([
    { passed: 5, failed: 0, skipped: 1 },
    { passed: 2, failed: 1, skipped: 0 },
  ]);
  expect(countsLine(counts)).toBe("7 passed, 1 failed, 1 skipped");
  expect(countsLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
});
