import { expect, test } from "vitest";
import { readPlaywrightReport } from "./playwright-report.ts";

const spec = (title: string, status: string, ...messages: string[]): unknown => ({
  title,
  file: "vote.spec.ts",
  tests: [{ projectName: "headless", status, results: [{ errors: messages.map((message) => ({ message })) }] }],
});

test("specs are counted however deep they lie, failures name their host", () => {
  const inner = { specs: [spec("two", "unexpected", "expected 1"), spec("three", "skipped")] };
  const report = { errors: [], suites: [{ specs: [spec("one", "expected")], suites: [inner] }] };
  expect(readPlaywrightReport(JSON.stringify(report))).toEqual({
    counts: { passed: 1, failed: 1, skipped: 1 },
    failures: ["[headless] vote.spec.ts: two\nexpected 1"],
    notRun: ["[headless] vote.spec.ts: three"],
  });
});

test("a flaky test has failed", () => {
  const report = { errors: [], suites: [{ specs: [spec("one", "flaky")] }] };
  expect(readPlaywrightReport(JSON.stringify(report)).counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("an error outside every test is a failure", () => {
  const report = { errors: [{ message: "focused item found" }], suites: [] };
  const { counts, failures } = readPlaywrightReport(JSON.stringify(report));
  expect(counts.failed).toBe(1);
  expect(failures).toEqual(["browser tests\nfocused item found"]);
});
