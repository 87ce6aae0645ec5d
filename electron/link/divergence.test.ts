import fc from "fast-check";
import { expect, test } from "vitest";
import { beginSearch, narrow, placeToCompare } from "./divergence.ts";

/** Ask as long as there is something to ask. */
function find(ours: number, theirs: number, common: number): { same: number; asked: number[] } {
  let search = beginSearch(ours, theirs);
  const asked: number[] = [];
  for (;;) {
    const number = placeToCompare(search, asked.length === 0);
    if (number === undefined) return { same: search.same, asked };
    asked.push(number);
    search = narrow(search, number, number <= common);
  }
}

test("finds the last number both have, asking only about places that both can have, and few of them", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), fc.nat({ max: 1_000_000 }), fc.nat(), (ours, theirs, seed) => {
      const most = Math.min(ours, theirs);
      const common = seed % (most + 1);
      const { same, asked } = find(ours, theirs, common);
      expect(same).toBe(common);
      expect(asked.every((number) => number >= 1 && number <= most)).toBe(true);
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(most + 1)));
    }),
  );
});

test("that one of them only went on is known after one question", () => {
  expect(find(100, 5_000, 100).asked).toEqual([100]);
  expect(find(0, 5_000, 0).asked).toEqual([]);
});
