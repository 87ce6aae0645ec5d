/** Vitest's JSON report. */
import * as v from "valibot";
import type { StepResult } from "./test-counts.ts";

const Report = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.optional(v.nullable(v.string())),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.optional(v.nullable(v.array(v.string()))),
        }),
      ),
    }),
  ),
});

/** Counts and failures of a report. Throws when it is not one. */
export function readVitestReport(text: string): StepResult {
  const json: unknown = JSON.parse(text);
  const report = v.parse(Report, json);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  const notRun: string[] = [];
  for (const file of report.testResults) {
    for (const one of file.assertionResults) {
      if (one.status === "passed") counts.passed++;
      else if (one.status === "failed") {
        counts.failed++;
        failures.push([one.fullName, ...(one.failureMessages ?? [])].join("\n"));
      } else {
        counts.skipped++;
        notRun.push(one.fullName);
      }
    }
    // A file that cannot even be loaded, or whose hooks fail, has no failed test to show for it.
    if (file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed")) {
      counts.failed++;
      failures.push(`${file.name}\n${file.message ?? ""}`);
    }
  }
  return { counts, failures, notRun };
}
