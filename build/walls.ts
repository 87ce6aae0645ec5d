/** `npm run check:walls`: plants one bad import per wall and demands that each layer that guards it catches it. */
import { globSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runNode } from "./bounded-child.ts";
import { devTool, PROJECT } from "./dev-tool.ts";
import { requireNode } from "./node-version.ts";
import type { Plant } from "./plant.ts";
import { RULE_PLANTS } from "./rule-plants.ts";
import { judge, lintFindings, typeFindings } from "./wall-findings.ts";
import { TARGET, WALL_PLANTS } from "./wall-plants.ts";

const TOOL_TIMEOUT_MS = 60_000;
const ROOMS = ["shared", "electron", "server", "renderer", "e2e", "bench", "build"];
const PLANTED = "planted-wall-";
const COMPILED = join(PROJECT, "node_modules", ".cache", "tsc");

requireNode();
const plants = [...WALL_PLANTS, ...RULE_PLANTS].map((plant, at) => ({ plant, file: fileOf(plant, at) }));
let wrong: number;
process.on("exit", clear); // also when a signal or an error ends us: bounded-child turns signals into exits
try {
  clear();
  sow(plants);
  const linted = await lint();
  clear();
  // A foreign package brings Node's types with it, and with them in sight the compiler would catch nothing.
  sow(plants.filter(({ plant }) => plant.caughtBy.length === 0 || plant.caughtBy.includes("types")));
  wrong = report(linted, await compile());
} finally {
  clear();
}
process.exitCode = wrong === 0 ? 0 : 1;

function fileOf(plant: Plant, at: number): string {
  return `${plant.folder}/${PLANTED}${at + 1}${plant.suffix ?? ".ts"}`;
}

function sow(chosen: typeof plants): void {
  for (const room of ROOMS) plantFile(`${room}/${TARGET}`, "export type Planted = 1;\nexport const planted = 1;\n");
  for (const { plant, file } of chosen) {
    const partner = file.replace(/\.ts$/, "-partner.ts");
    plantFile(file, plant.source.replace("%partner%", nameOf(partner)));
    if (plant.partner !== undefined) plantFile(partner, plant.partner.replace("%plant%", nameOf(file)));
  }
}

function plantFile(file: string, source: string): void {
  mkdirSync(dirname(join(PROJECT, file)), { recursive: true });
  writeFileSync(join(PROJECT, file), source);
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** Removes everything planted, now or by a run that was killed, and what the compiler made of it. */
function clear(): void {
  for (const root of [...ROOMS.map((room) => join(PROJECT, room)), COMPILED]) {
    for (const path of globSync(`**/${PLANTED}*`, { cwd: root }))
      rmSync(join(root, path), { recursive: true, force: true });
  }
  try {
    // Planted in before anybody built a shell; a folder that is not empty stays.
    rmdirSync(join(PROJECT, "electron", "shell"));
  } catch {
    // Not empty or not there: both are as they should be.
  }
}

async function lint(): Promise<string> {
  const files = plants.map(({ file }) => file);
  const args = ["--type-aware", "--format", "json", ...files];
  return (await runNode(devTool("oxlint"), args, { timeoutMs: TOOL_TIMEOUT_MS, output: "keep" })).output;
}

async function compile(): Promise<string> {
  const args = ["-b", "--pretty", "false"];
  return (await runNode(devTool("typescript", "tsc"), args, { timeoutMs: TOOL_TIMEOUT_MS, output: "keep" })).output;
}

/** Prints a line for each wall; answers how many do not hold. */
function report(linted: string, compiled: string): number {
  const by = { lint: lintFindings(linted), types: typeFindings(compiled, PROJECT) };
  let failures = 0;
  for (const { plant, file } of plants) {
    const complaint = judge(plant, file, by);
    if (complaint !== undefined) failures++;
    const how = plant.caughtBy.length === 0 ? "open" : plant.caughtBy.join(" + ");
    console.log(complaint === undefined ? `holds  ${plant.wall} (${how})` : `FALLS  ${plant.wall}: ${complaint}`);
  }
  console.log(`${plants.length - failures} of ${plants.length} walls hold`);
  return failures;
}
