import { expect, test } from "vitest";
import { parseStatus } from "./resident.ts";

test("memory is told in MB of a million bytes, the kernel's kB being 1,024 of them", () => {
  const status = "Name:\tnode\nVmPeak:\t 1000000 kB\nVmHWM:\t  250000 kB\nVmRSS:\t  125000 kB\nRssAnon:\t 100000 kB\n";
  expect(parseStatus(status)).toEqual({ nowMb: 128, peakMb: 256 });
});

test("a process that has ended, and not been waited for, has none", () => {
  expect(parseStatus("Name:\tnode\nState:\tZ (zombie)\nThreads:\t1\n")).toBeUndefined();
});
