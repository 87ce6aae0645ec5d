import { afterAll, expect, test } from "vitest";
import { fuzz, lineOf } from "../../shared/fuzz/fuzz.testing.ts";
import { stationTargets } from "./all-targets.testing.ts";

/** Another each time; `FUZZ_SEED` has an earlier one again, `FUZZ_INPUTS` fewer or more. */
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const inputs = Number(process.env["FUZZ_INPUTS"] ?? 1_000_000);
/** A slow machine tries fewer, and says so. */
const MAX_MS = 900_000;
const clocks = { nowMs: () => performance.now(), heldBytes: () => process.memoryUsage.rss(), maxMs: MAX_MS };
const { targets, clear } = await stationTargets();
afterAll(clear);

test.each(targets)(
  "the promises of fuzz.test.ts hold for a million inputs: $name",
  async (target) => {
    const report = await fuzz(target, { inputs, seed, ...clocks });
    console.log(lineOf(report));
    expect(report.inputs).toBeGreaterThan(0);
  },
  2 * MAX_MS,
);
