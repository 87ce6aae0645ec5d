import { expect, test } from "vitest";
import { fuzz, lineOf } from "../../shared/fuzz/fuzz.testing.ts";
import { newsTarget } from "./stream-fuzz-target.testing.ts";

const MAX_MS = 900_000;

test(
  "the promise of stream-fuzz.test.ts holds for a million messages",
  async () => {
    const clocks = { nowMs: () => performance.now(), heldBytes: () => 0, maxMs: MAX_MS };
    const report = await fuzz(newsTarget(), { inputs: 1_000_000, seed: Date.now() % 2 ** 31, ...clocks });
    console.log(lineOf(report));
    expect(report.inputs).toBeGreaterThan(0);
  },
  2 * MAX_MS,
);
