import { expect, test } from "vitest";
import { oneLine } from "./one-line.ts";

test.each([
  ["two\r\nlines\u2028or three", "two\\u{d}\\u{a}lines\\u{2028}or three"],
  ["\u001b[31mred", "\\u{1b}[31mred"],
  ["evil\u202egnp.exe", "evil\\u{202e}gnp.exe"],
  ["half \ud800", "half \\u{d800}"],
  ["ürgüp 1", "ürgüp 1"],
])("%j is told as %j", (text, told) => {
  expect(oneLine(text)).toBe(told);
});

test("what is long is cut", () => {
  expect(oneLine("x".repeat(500))).toBe(`${"x".repeat(120)}…`);
  expect(oneLine("x".repeat(500), 3)).toBe("xxx…");
  // What is written out counts as it is shown: a wall of invisible characters is no long line.
  expect(oneLine("\u200b".repeat(40), 20)).toBe("\\u{200b}\\u{200b}…");
  expect(oneLine("\u200b".repeat(2), 16)).toBe("\\u{200b}\\u{200b}");
});
