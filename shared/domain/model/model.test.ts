import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { playRounds } from "./play.testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

test(
  "whatever happens at an event, in 1,000 of chance: verdicts, tallies and certificates are the naive recount's, no " +
    "ballot whose success was shown is missing, and certified totals never move",
  () => {
    expect(playRounds(sha256, 1000, process.env["MODEL_SEED"])).toBeGreaterThan(0);
  },
  300_000,
);
