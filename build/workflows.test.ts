/** The workflows of the hosted CI cannot run here; what can be said of them without it is said here. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as v from "valibot";
import { expect, test } from "vitest";
import { PROJECT } from "./dev-tool.ts";

const Step = v.object({ uses: v.optional(v.string()), run: v.optional(v.string()) });
const Workflow = v.object({
  permissions: v.record(v.string(), v.string()),
  jobs: v.record(
    v.string(),
    v.object({
      "timeout-minutes": v.number(),
      strategy: v.object({ matrix: v.record(v.string(), v.unknown()) }),
      steps: v.array(Step),
    }),
  ),
});

/** electron-builder reads YAML with it. */
const ofBuilder = createRequire(createRequire(import.meta.url).resolve("app-builder-lib"));
const yaml = v.parse(v.object({ load: v.function() }), ofBuilder("js-yaml"));
const text = readFileSync(join(PROJECT, ".github", "workflows", "electron.yml"), "utf8");
const workflow = v.parse(Workflow, yaml.load(text));
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

test("every action is named by the hash of what it is, with its version beside it", () => {
  const named = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(name).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
  for (const [, after] of text.matchAll(/uses: \S+(.*)/g)) expect(after).toMatch(/^ # v\d+\.\d+\.\d+$/);
});

test("it may read the project and nothing else, and no job runs for hours", () => {
  expect(workflow.permissions).toEqual({ contents: "read" });
  for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
});

test("the specs and the packages are made on Linux, Windows and macOS", () => {
  const systems = ["ubuntu-latest", "windows-latest", "macos-latest"];
  expect(workflow.jobs["specs"]?.strategy.matrix["os"]).toEqual(systems);
  expect(workflow.jobs["packages"]?.strategy.matrix["include"]).toMatchObject(systems.map((os) => ({ os })));
});

test("each script and file that it names is there", () => {
  const manifest = v.parse(
    v.object({ scripts: v.record(v.string(), v.string()) }),
    JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")),
  );
  const scripts = runs.flatMap((run) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name));
  expect(scripts).toContain("package");
  for (const name of scripts) expect(Object.keys(manifest.scripts)).toContain(name);
  const files = runs.flatMap((run) => [...run.matchAll(/(?<= )(?:build|electron)\/[\w./-]+/g)].map(([path]) => path));
  expect(files).toContain("build/packaged-smoke.ts");
  for (const path of files) expect([path, globSync(path, { cwd: PROJECT }).length]).toEqual([path, 1]);
});
