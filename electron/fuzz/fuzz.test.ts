import { afterAll, expect, test } from "vitest";
import { fuzz } from "../../shared/fuzz/fuzz.testing.ts";
import { stationTargets } from "./all-targets.testing.ts";

/** The same each time; `FUZZ_SEED=17 npx vitest run fuzz` tries others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const INPUTS = 2_000;
const clocks = { nowMs: () => performance.now(), heldBytes: () => process.memoryUsage.rss() };
const { targets, clear } = await stationTargets();
afterAll(clear);

test.each(targets)("whatever it is, it is taken or refused by name: $name", async (target) => {
  expect(await fuzz(target, { inputs: INPUTS, seed, ...clocks })).toMatchObject({ inputs: INPUTS });
});
