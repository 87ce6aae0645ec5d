import { expect, test } from "vitest";
import { readVitestReport } from "./vitest-report.ts";

const report = (...testResults: unknown[]): string => JSON.stringify({ success: false, testResults });

test("passed, failed and skipped tests are counted, failures keep their message, skipped ones their name", () => {
  const file = {
    name: "/a.test.ts",
    status: "failed",
    message: "",
    assertionResults: [
      { fullName: "one", status: "passed", failureMessages: [] },
      { fullName: "two", status: "failed", failureMessages: ["expected 1 to be 2"] },
      { fullName: "three", status: "skipped" },
      { fullName: "four", status: "todo" },
    ],
  };
  expect(readVitestReport(report(file))).toEqual({
    counts: { passed: 1, failed: 1, skipped: 2 },
    failures: ["two\nexpected 1 to be 2"],
    notRun: ["three", "four"],
  });
});

test("a file that cannot be loaded is a failure, although it has no test", () => {
  const file = { name: "/b.test.ts", status: "failed", message: "Cannot find module", assertionResults: [] };
  expect(readVitestReport(report(file))).toEqual({
    counts: { passed: 0, failed: 1, skipped: 0 },
    failures: ["/b.test.ts\nCannot find module"],
    notRun: [],
  });
});

test("something that is no report is refused, not counted as nothing", () => {
  expect(() => readVitestReport("{}")).toThrow(/testResults/);
  expect(() => readVitestReport("")).toThrow(/JSON/);
});
