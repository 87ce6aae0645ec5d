import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";
import { readWhole, writeWhole } from "./whole-file.ts";

const root = mkdtempSync(join(tmpdir(), "files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a folder is made with all that is missing above it, for its owner only", () => {
  const folder = join(root, "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  for (const made of [folder, join(root, "a")]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

test.skipIf(!existsSync("/proc"))("where nothing can be made, it says so instead of trying for ever", () => {
  expect(() => makeFolder("/proc/x")).toThrow("ENOENT");
  expect(() => makeFolder("/proc/x/y/z")).toThrow("ENOENT");
});

test("a file in the way is an error", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow("not a directory");
  expect(() => makeFolder(join(file, "below"))).toThrow(/EEXIST|ENOTDIR/);
});

test("a whole file is read as it was written, replaced in one step, and nobody else's to read", () => {
  const path = join(root, "whole");
  expect(readWhole(path)).toBeUndefined();
  writeWhole(path, "one ü");
  writeWhole(path, "two");
  expect(readWhole(path)).toBe("two");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.new`)).toBe(false);
  expect(() => readWhole(root)).toThrow("EISDIR");
});
