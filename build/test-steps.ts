/** The steps of `npm test`: each runs one tool and says what came of it. */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode, type Outcome } from "./bounded-child.ts";
import { devTool, PROJECT } from "./dev-tool.ts";
import { electronBinary } from "./electron-binary.ts";
import { buildPages } from "./pages.ts";
import { readPlaywrightReport } from "./playwright-report.ts";
import type { SetupReport } from "./setup.ts";
import { checkResult, notRunResult, type StepResult } from "./test-counts.ts";
import { readVitestReport } from "./vitest-report.ts";

const MINUTE_MS = 60_000;
const CHECK_TIMEOUT_MS = 3 * MINUTE_MS;
// Far above what the suites take; a hang must not hold up a machine for ever.
const SUITE_TIMEOUT_MS = 15 * MINUTE_MS;
const LONG_SUITE_TIMEOUT_MS = 120 * MINUTE_MS;
/** The suites start our programs some hundred times; they need not be compiled each time. */
const COMPILE_CACHE = join(PROJECT, "node_modules", ".cache", "compile");

/** Runs a script that is silent or exits with 0 when all is well. */
export async function check(name: string, script: string, args: readonly string[] = []): Promise<StepResult> {
  const outcome = await runNode(script, args, {
    timeoutMs: CHECK_TIMEOUT_MS,
    output: "keep",
    env: { NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  return checkResult(name, outcome.code === 0 ? undefined : explain(outcome, CHECK_TIMEOUT_MS));
}

/** The pages as a user gets them. */
export async function pages(): Promise<StepResult> {
  return checkResult("pages", await buildPages());
}

/** Unit and integration tests. */
export function units(long: boolean): Promise<StepResult> {
  return withReport(async (file) => {
    const args = ["run", "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    return suite("vitest", devTool("vitest"), args, file, readVitestReport, long, {});
  });
}

/** Browser tests, once for each host that can be had on this machine. */
export async function browser(tools: SetupReport, long: boolean): Promise<StepResult> {
  if (globSync("e2e/**/*.spec.ts", { cwd: PROJECT }).length === 0) return notRunResult("browser tests (e2e/ has none)");
  const electron = electronBinary(PROJECT);
  const hosts = [
    ...(tools.chromium === undefined ? [] : ["headless"]),
    ...(electron === undefined ? [] : ["electron"]),
  ];
  const notRun = [
    ...(tools.chromium === undefined ? ["headless host (no Chromium is here)"] : []),
    ...(electron === undefined ? ["electron host (its binary is not here)"] : []),
  ];
  if (hosts.length === 0) return { ...notRunResult(""), notRun };
  const result = await withReport((file) => {
    const args = ["test", ...hosts.map((host) => `--project=${host}`)];
    const env = { POLLING_STATION_BROWSER_REPORT: file };
    return suite("playwright", devTool("@playwright/test", "playwright"), args, file, readPlaywrightReport, long, env);
  });
  return { ...result, notRun: [...notRun, ...result.notRun] };
}

async function suite(
  name: string,
  script: string,
  args: readonly string[],
  reportFile: string,
  read: (text: string) => StepResult,
  long: boolean,
  env: Record<string, string>,
): Promise<StepResult> {
  const timeoutMs = long ? LONG_SUITE_TIMEOUT_MS : SUITE_TIMEOUT_MS;
  const longEnv = { POLLING_STATION_LONG: long ? "1" : "0", NODE_COMPILE_CACHE: COMPILE_CACHE };
  const outcome = await runNode(script, args, { timeoutMs, output: "show", env: { ...env, ...longEnv } });
  const result = existsSync(reportFile) ? read(readFileSync(reportFile, "utf8")) : undefined;
  if (result !== undefined && !outcome.timedOut && (outcome.code === 0 || result.counts.failed > 0)) return result;
  // No report, out of time, or something outside every test (an unhandled rejection): the suite itself has failed.
  const failed = checkResult(name, explain(outcome, timeoutMs));
  if (result === undefined) return failed;
  return {
    counts: { ...result.counts, failed: result.counts.failed + 1 },
    failures: [...result.failures, ...failed.failures],
    notRun: result.notRun,
  };
}

async function withReport(step: (reportFile: string) => Promise<StepResult>): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), "polling-station-test-"));
  try {
    return await step(join(folder, "report.json"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function explain(outcome: Outcome, timeoutMs: number): string {
  const end = outcome.timedOut ? `not done within ${timeoutMs / 1000} s` : `exit code ${outcome.code}`;
  return outcome.output.trim() === "" ? end : `${outcome.output.trim()}\n(${end})`;
}
