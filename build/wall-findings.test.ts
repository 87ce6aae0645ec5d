import { expect, test } from "vitest";
import type { Plant } from "./plant.ts";
import { judge, lintFindings, typeFindings } from "./wall-findings.ts";

const plant: Plant = { wall: "a → b", folder: "a", source: "", caughtBy: ["lint", "types"] };
const finding = (file: string, what: string): Map<string, Set<string>> => new Map([[file, new Set([what])]]);
const WALL = "eslint(no-restricted-imports)";

test("the linter's findings are kept by file", () => {
  const diagnostics = [
    { filename: "a/x.ts", code: WALL },
    { filename: "a/x.ts", code: "import(no-cycle)" },
  ];
  expect(lintFindings(JSON.stringify({ diagnostics }))).toEqual(
    new Map([["a/x.ts", new Set([WALL, "import(no-cycle)"])]]),
  );
});

test("a file outside the room is held against every file that imports it", () => {
  const output = [
    "a/x.ts(1,8): error TS6307: File '/p/b/y.ts' is not listed within the file list of project '/p/a/tsconfig.json'.",
    "  The file is in the program because:",
    "    Imported via \"../b/y.ts\" from file '/p/a/x.ts'",
    "    Imported via \"../b/y.ts\" from file '/p/a/z.ts'",
    "a/n.ts(3,1): error TS2580: Cannot find name 'process'.",
  ].join("\n");
  expect(typeFindings(output, "/p")).toEqual(
    new Map([...finding("a/x.ts", "TS6307"), ...finding("a/z.ts", "TS6307"), ...finding("a/n.ts", "TS2580")]),
  );
});

test("a wall holds only when every layer named caught it", () => {
  const lint = finding("a/x.ts", WALL);
  const types = finding("a/x.ts", "TS6307");
  expect(judge(plant, "a/x.ts", { lint, types })).toBeUndefined();
  expect(judge(plant, "a/x.ts", { lint, types: new Map() })).toContain("types did not catch it");
  expect(judge(plant, "a/x.ts", { lint: finding("a/x.ts", "import(no-cycle)"), types })).toContain("lint did not");
});

test("a door that is stopped is a fault too", () => {
  const door: Plant = { ...plant, caughtBy: [] };
  expect(judge(door, "a/x.ts", { lint: new Map(), types: new Map() })).toBeUndefined();
  expect(judge(door, "a/x.ts", { lint: finding("a/x.ts", WALL), types: new Map() })).toContain("stopped by lint");
});
