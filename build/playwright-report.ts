/** Playwright's JSON report. */
import * as v from "valibot";
import type { StepResult } from "./test-counts.ts";

const Problem = v.object({ message: v.optional(v.string(), "") });
const Spec = v.object({
  title: v.string(),
  file: v.string(),
  tests: v.array(
    v.object({
      projectName: v.string(),
      status: v.string(),
      results: v.array(v.object({ errors: v.optional(v.array(Problem), []) })),
    }),
  ),
});
interface Suite {
  specs: v.InferOutput<typeof Spec>[];
  suites?: Suite[] | undefined;
}
const Suite: v.GenericSchema<unknown, Suite> = v.object({
  specs: v.array(Spec),
  suites: v.optional(v.array(v.lazy(() => Suite))),
});
const Report = v.object({ suites: v.array(Suite), errors: v.array(Problem) });

/** Counts and failures of a report. Throws when it is not one. */
export function readPlaywrightReport(text: string): StepResult {
  const json: unknown = JSON.parse(text);
  const report = v.parse(Report, json);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  const notRun: string[] = [];
  for (const spec of report.suites.flatMap(specsIn)) {
    for (const one of spec.tests) {
      const name = `[${one.projectName}] ${spec.file}: ${spec.title}`;
      if (one.status === "expected") counts.passed++;
      else if (one.status === "skipped") {
        counts.skipped++;
        notRun.push(name);
      } else {
        // Also "flaky": a test that passes only at the second try has failed.
        counts.failed++;
        const messages = one.results.flatMap(({ errors }) => errors.map(({ message }) => message));
        failures.push([name, ...messages].join("\n"));
      }
    }
  }
  // Outside every test: a spec that cannot be loaded, a forgotten test.only.
  for (const { message } of report.errors) {
    counts.failed++;
    failures.push(`browser tests\n${message}`);
  }
  return { counts, failures, notRun };
}

function specsIn(suite: Suite): v.InferOutput<typeof Spec>[] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsIn)];
}
