import { expect, test } from "vitest";
import { cpuSecondsOf, parseStat } from "./cpu.ts";

test("a process's own and the kernel's time are added, whatever the program calls itself", () => {
  const stat = "42 (node) x) 1 2) S 1 42 42 0 -1 4194304 100 200 0 0 150 25 7 8 20 0 11 0 100 1000000 2000";
  expect(parseStat(stat)).toBe(1.75);
  expect(() => parseStat("42 (node) S 1")).toThrow("no times");
});

test.skipIf(process.platform !== "linux")("this process has used some, and more after work", () => {
  const before = cpuSecondsOf(process.pid);
  const endMs = performance.now() + 60;
  while (performance.now() < endMs);
  expect(cpuSecondsOf(process.pid)).toBeGreaterThan(before);
});
