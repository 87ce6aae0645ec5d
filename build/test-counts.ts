/** How many tests passed, failed and were left out. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What one step of `npm test` brought. */
export interface StepResult {
  counts: Counts;
  /** A line or more for each failure, beginning with the test's name. */
  failures: readonly string[];
  /** Names of what was left out. */
  notRun: readonly string[];
}

/** A check that is either fine or not (types, lint, …) is one test. `complaint` is what it said when it is not. */
export function checkResult(name: string, complaint: string | undefined): StepResult {
  return complaint === undefined
    ? { counts: { passed: 1, failed: 0, skipped: 0 }, failures: [], notRun: [] }
    : { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [`${name}\n${complaint.trim()}`], notRun: [] };
}

/** A step that could not take place on this machine: named, and neither passed nor skipped. */
export function notRunResult(what: string): StepResult {
  return { counts: { passed: 0, failed: 0, skipped: 0 }, failures: [], notRun: [what] };
}

/** All counts added up. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

/** `N passed, N failed`, and `, N skipped` where there are any. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
