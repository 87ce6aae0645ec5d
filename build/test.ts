/** `npm test`: everything that is checked, in one go; all of it runs even when something fails early. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { devTool, PROJECT } from "./dev-tool.ts";
import { electronBinary } from "./electron-binary.ts";
import { requireNode } from "./node-version.ts";
import { setUp } from "./setup.ts";
import { checkResult, countsLine, sumCounts, type StepResult } from "./test-counts.ts";
import { browser, check, pages, units } from "./test-steps.ts";

const RECAP_LINES = 12;

requireNode();
const long = process.argv.includes("--long");
const build = (name: string): string => join(PROJECT, "build", name);

headline("set-up");
const tools = await setUp();
for (const [tool, path] of Object.entries(tools)) if (path !== undefined) console.log(`${tool}: ${path}`);

const results: StepResult[] = [];
await step("types", () => check("types", devTool("typescript", "tsc"), ["-b", "--pretty", "false"]));
await step("lint", () => check("lint", devTool("oxlint"), ["--type-aware"]));
await step("format", () => check("format", devTool("prettier"), ["--check", "--log-level", "warn", "."]));
await step("unused", () => check("unused", devTool("knip"), ["--no-progress"]));
await step("walls", () => check("walls", build("walls.ts")));
// Before the first test: many start a station, and a station without its page does not start.
await step("pages", pages);
const unitTests = await step("unit and integration", () => units(long));
if (electronBinary(PROJECT) !== undefined && existsSync(build("shell.ts"))) {
  await step("electron shell", () => check("electron shell", build("shell.ts")));
}
const browserTests = await step("browser", () => browser(tools, long));

recap();

function headline(title: string): void {
  console.log(`\n== ${title} ==`);
}

async function step(title: string, run: () => Promise<StepResult>): Promise<StepResult> {
  headline(title);
  const startedAt = performance.now();
  // A report that cannot be read is a failed step; the others still run.
  const result = await run().catch((error: unknown) => checkResult(title, String(error)));
  results.push(result);
  if (title !== "unit and integration" && title !== "browser") for (const text of result.failures) console.log(text);
  for (const name of result.notRun) console.log(`not run: ${name}`);
  console.log(`${countsLine(result.counts)} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return result;
}

/** Failures once more at the end, where one looks for them; the totals alone on the last line. */
function recap(): void {
  const failures = results.flatMap((result) => result.failures);
  if (failures.length > 0) headline("failed");
  for (const text of failures) console.log(firstLines(stripVTControlCharacters(text)));
  const total = sumCounts(results.map(({ counts }) => counts));
  const tests = sumCounts([unitTests.counts, browserTests.counts]);
  const none = tests.passed + tests.failed === 0;
  if (none) console.log("no test was run, so nothing was shown to work");
  console.log("");
  console.log(countsLine(total));
  process.exitCode = total.failed > 0 || none ? 1 : 0;
}

/** As much of a failure as fits a list of them; frames inside other people's code say nothing there. */
function firstLines(text: string): string {
  const lines = text.split("\n").filter((line) => !/^\s+at .*node_modules/.test(line));
  const shown = lines.slice(0, RECAP_LINES).map((line, at) => (at === 0 ? `✗ ${line}` : `    ${line}`));
  return lines.length > RECAP_LINES ? [...shown, "    …"].join("\n") : shown.join("\n");
}
