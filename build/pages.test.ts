import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pagesAreFresh } from "./pages.ts";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "pages-"));
  write("renderer/station/index.html", 1_000);
  write("shared/poll.ts", 1_000);
});
afterEach(() => rmSync(project, { recursive: true }));

/** A file that was changed so many seconds after 1970, and its folders long before. */
function write(path: string, seconds: number): void {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, path);
  utimesSync(file, seconds, seconds);
  for (let folder = dirname(file); folder !== project; folder = dirname(folder)) utimesSync(folder, 500, 500);
}

test("pages that were never built are not fresh", () => {
  expect(pagesAreFresh(project)).toBe(false);
});

test("pages built after the last change are fresh", () => {
  write("dist/pages/station/index.html", 2_000);
  expect(pagesAreFresh(project)).toBe(true);
});

test("a change in shared/ makes the pages stale, a change in a test does not", () => {
  write("dist/pages/station/index.html", 2_000);
  write("shared/poll.test.ts", 3_000);
  expect(pagesAreFresh(project)).toBe(true);
  write("shared/poll.ts", 3_000);
  expect(pagesAreFresh(project)).toBe(false);
});

test("a removed source makes the pages stale", () => {
  write("dist/pages/station/index.html", 2_000);
  utimesSync(join(project, "renderer"), 3_000, 3_000);
  expect(pagesAreFresh(project)).toBe(false);
});

test("a page that was added since is missed", () => {
  write("dist/pages/station/index.html", 2_000);
  write("renderer/board/index.html", 1_500);
  expect(pagesAreFresh(project)).toBe(false);
});
