import fc from "fast-check";
import { expect, test } from "vitest";
import { countLines, fitText } from "./fit-text.ts";

const text = (...words: number[]) => ({ words, space: 0.25, lineHeight: 1.2 });

test("words share a line while they fit", () => {
  expect(countLines(text(2, 2, 2), 100, 10)).toBe(1);
  expect(countLines(text(2, 2, 2), 50, 10)).toBe(2);
  expect(countLines(text(2, 2, 2), 30, 10)).toBe(3);
});

test("a word wider than the line goes on over several", () => expect(countLines(text(2, 10), 50, 10)).toBe(4));

test("a text that fits at no size says so", () =>
  expect(fitText(text(9, 9, 9), { width: 50, height: 20 }, 16, 40)).toBeNull());

test("the size found fits its box and lies between the bounds", () => {
  const words = fc.array(fc.double({ min: 0.3, max: 8, noNaN: true }), { minLength: 1, maxLength: 30 });
  const side = fc.integer({ min: 20, max: 900 });
  fc.assert(
    fc.property(words, side, side, (widths, width, height) => {
      const sizePx = fitText(text(...widths), { width, height }, 12, 60);
      if (sizePx === null) return;
      expect(sizePx).toBeGreaterThanOrEqual(12);
      expect(sizePx).toBeLessThanOrEqual(60);
      expect(countLines(text(...widths), width, sizePx) * sizePx * 1.2).toBeLessThanOrEqual(height);
    }),
  );
});

test("a word is not torn in two while a smaller size keeps it whole", () => {
  expect(fitText(text(5), { width: 100, height: 500 }, 10, 60)).toBe(19);
});
