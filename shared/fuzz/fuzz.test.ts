import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatTargets } from "./format-targets.testing.ts";
import { fuzz, type Target } from "./fuzz.testing.ts";

const PAGE = readFileSync(new URL("../../docs/link-protocol.md", import.meta.url), "utf8");
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
/** The same each time; `FUZZ_SEED=17 npx vitest run fuzz` tries others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const INPUTS = 3_000;
const clocks = { nowMs: () => performance.now(), heldBytes: () => process.memoryUsage.rss() };

test.each(formatTargets(PAGE, sha256))(
  "whatever the bytes, they are read as they are written, or refused: $name",
  async (target) => {
    expect(await fuzz(target, { inputs: INPUTS, seed, ...clocks })).toMatchObject({ inputs: INPUTS });
  },
);

const faulty = (attempt: (at: number) => string): Target => {
  let at = 0;
  return {
    name: "a parser",
    outcomes: ["read"],
    next: () => ({ shown: () => "these bytes", attempt: () => attempt(++at) }),
  };
};

test("a fuzzer names the seed and the input of what broke a promise", async () => {
  const broken = faulty((at) => {
    if (at === 7) throw new Error("out of range");
    return "read";
  });
  await expect(fuzz(broken, { inputs: 9, seed: 3, ...clocks })).rejects.toThrow(
    /seed 3, input 6: these bytes\n.*out of range/,
  );
});

test("a fuzzer that never gets anything accepted is found out, and so is an input that takes for ever", async () => {
  await expect(
    fuzz(
      faulty(() => "refused"),
      { inputs: 9, seed: 1, ...clocks },
    ),
  ).rejects.toThrow("never read");
  let nowMs = 0;
  const slow = { ...clocks, nowMs: () => (nowMs += 60_000) };
  await expect(
    fuzz(
      faulty(() => "read"),
      { inputs: 9, seed: 1, ...slow },
    ),
  ).rejects.toThrow("these bytes hangs");
  let bytes = 0;
  const greedy = { ...clocks, heldBytes: () => (bytes += 2 ** 30) };
  await expect(
    fuzz(
      faulty(() => "read"),
      { inputs: 9, seed: 1, ...greedy },
    ),
  ).rejects.toThrow("memory grew");
});
