import { expect, test } from "vitest";
import { fitNotice } from "./fit-notice.ts";

const sentence = (words: number) => ({
  words: Array.from({ length: words }, () => 2.5),
  space: 0.25,
  lineHeight: 1.14,
});
const room = { width: 1000, height: 70 };

test("a notice with room is as large as the instruction", () => {
  expect(fitNotice(sentence(6), 0.6, room, 12)).toBe(30);
});

test("a longer sentence is smaller, and never below the least size", () => {
  const sizes = [8, 20, 28, 60].map((words) => fitNotice(sentence(words), 0.6, room, 12));
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  expect(new Set(sizes).size).toBeGreaterThan(1);
  expect(sizes.at(-1)).toBeCloseTo(20.4);
});

test("half the room and a long reader's name leave less", () => {
  const half = { ...room, width: 500 };
  expect(fitNotice(sentence(8), 0.6, half, 12)).toBeLessThan(fitNotice(sentence(8), 0.6, room, 12));
  expect(fitNotice(sentence(14), 12, room, 12)).toBeLessThan(fitNotice(sentence(14), 0, room, 12));
});
