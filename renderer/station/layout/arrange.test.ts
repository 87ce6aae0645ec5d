import { describe, expect, test } from "vitest";
import { arrange } from "./arrange.ts";
import type { MeasuredText } from "./fit-text.ts";

// Half an em per letter is a little wider than the page's font.
const measured = (text: string): MeasuredText => ({
  words: text.split(" ").map((word) => word.length * 0.52),
  space: 0.25,
  lineHeight: 1.15,
});

const regions = {
  portrait: { width: 1000, height: 1480, unit: 14.4 },
  landscape: { width: 1840, height: 760, unit: 14.4 },
  small: { width: 1210, height: 530, unit: 10.1 },
};

function lanes(count: number, where: keyof typeof regions, label = "Local music") {
  const { width, height, unit } = regions[where];
  return arrange({
    labels: Array.from({ length: count }, () => measured(label)),
    stamps: [measured("Already counted")],
    shareWidth: 2.3,
    votesWidth: 5,
    region: { width, height },
    unit,
    type: unit,
    mostLabelPx: 4.4 * unit,
  });
}

describe.each(["portrait", "landscape", "small"] as const)("on a %s screen", (where) => {
  test.each([2, 5, 12, 24, 50])("%d short options have finger-sized lanes on few pages", (count) => {
    const { pages, perPage, columns, rows, gapPx, labels } = lanes(count, where);
    expect(pages * perPage).toBeGreaterThanOrEqual(count);
    expect(columns * rows).toBeGreaterThanOrEqual(perPage);
    expect((regions[where].height - gapPx * (rows - 1)) / rows).toBeGreaterThanOrEqual(64);
    expect(Math.min(...labels.map((label) => label.sizePx))).toBeGreaterThanOrEqual(16);
    expect(pages).toBeLessThanOrEqual(count === 50 ? 2 : 1);
  });

  test("fifty labels of 120 characters keep a readable size, on more pages", () => {
    const { pages, labels } = lanes(50, where, "A rather long answer ".repeat(6).slice(0, 120));
    expect(pages).toBeGreaterThan(1);
    expect(Math.min(...labels.map((label) => label.sizePx))).toBeGreaterThanOrEqual(16);
  });
});

test("a few options stand under each other, so that their bars compare at a glance", () => {
  expect(lanes(5, "portrait").columns).toBe(1);
  expect(lanes(5, "landscape").columns).toBe(1);
});

test("one long label does not make the others small", () => {
  const { width, height, unit } = regions.small;
  const { labels } = arrange({
    labels: ["Tea", "Coffee", "Cake", "Juice", "Water", "A rather long answer ".repeat(6)].map(measured),
    stamps: [],
    shareWidth: 2.3,
    votesWidth: 5,
    region: { width, height },
    unit,
    type: unit,
    mostLabelPx: 4.4 * unit,
  });
  expect(labels[5]?.sizePx).toBeLessThan(labels[0]?.sizePx ?? 0);
});
