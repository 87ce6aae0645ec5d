import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { playRounds } from "./play.testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

test("the promises of model.test.ts hold in 20,000 events of chance", () => {
  expect(playRounds(sha256, 20_000, process.env["MODEL_SEED"])).toBeGreaterThan(0);
}, 1_800_000);
