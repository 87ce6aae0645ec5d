/** A stop as it is promised: within 5 s, with exit code 0. */
import { expect } from "vitest";
import type { Program } from "../rig/program.ts";

const PROMISED_MS = 5_000;

/** @param program that runs */
export async function expectGoodStop(program: Program, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  const beganMs = performance.now();
  const exit = await program.stop(signal);
  const tookMs = performance.now() - beganMs;
  expect({ ...exit, stderr: program.stderr() }).toEqual({ code: 0, signal: null, stderr: "" });
  expect(tookMs).toBeLessThan(PROMISED_MS);
}
