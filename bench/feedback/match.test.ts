import { expect, test } from "vitest";
import { delaysOf } from "./match.ts";

const taps = [
  { option: 1, atMs: 1_000 },
  { option: 2, atMs: 1_100 },
  { option: 1, atMs: 4_000 },
];

test("each tap is timed to its own answer's sighting, by the tapper's clock", () => {
  const seen = [
    { option: 2, atMs: 1_145 },
    { option: 1, atMs: 1_035 },
    { option: 1, atMs: 4_055 },
  ];
  expect(delaysOf(taps, seen, 5)).toEqual([30, 40, 50]);
});

test("a tap that nobody saw, or a sighting without a tap, is an error and no figure", () => {
  const once = [{ option: 1, atMs: 1_030 }];
  expect(() => delaysOf(taps, once, 0)).toThrow("a tap for answer 2 was not seen");
  expect(() => delaysOf(taps.slice(0, 1), [...once, { option: 1, atMs: 1_090 }], 0)).toThrow("1 times more often");
});
