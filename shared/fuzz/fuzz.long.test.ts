import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatTargets } from "./format-targets.testing.ts";
import { fuzz, lineOf } from "./fuzz.testing.ts";

const PAGE = readFileSync(new URL("../../docs/link-protocol.md", import.meta.url), "utf8");
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
/** Another each time; `FUZZ_SEED` has an earlier one again, `FUZZ_INPUTS` fewer or more. */
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const inputs = Number(process.env["FUZZ_INPUTS"] ?? 1_000_000);
/** A slow machine tries fewer, and says so. */
const MAX_MS = 900_000;
const clocks = { nowMs: () => performance.now(), heldBytes: () => process.memoryUsage.rss(), maxMs: MAX_MS };

test.each(formatTargets(PAGE, sha256))(
  "the promises of fuzz.test.ts hold for a million inputs: $name",
  async (target) => {
    const report = await fuzz(target, { inputs, seed, ...clocks });
    console.log(lineOf(report));
    expect(report.inputs).toBeGreaterThan(0);
  },
  2 * MAX_MS,
);
