import { expect, test } from "vitest";
import { fuzz } from "../../shared/fuzz/fuzz.testing.ts";
import { newsTarget } from "./stream-fuzz-target.testing.ts";

const INPUTS = 3_000;

test("whatever a page is sent, it draws it or calls it garbage", async () => {
  const clocks = { nowMs: () => performance.now(), heldBytes: () => 0 };
  expect(await fuzz(newsTarget(), { inputs: INPUTS, seed: 1, ...clocks })).toMatchObject({ inputs: INPUTS });
});
