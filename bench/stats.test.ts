import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, quantile, spread } from "./stats.ts";

const values = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 });

describe("median", () => {
  test("it is the middle value, whatever the order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  test("of an even number of values it lies between the two in the middle", () => {
    expect(median([1, 10, 4, 2])).toBe(3);
  });

  test("one wild value does not move it beyond its neighbours", () => {
    expect(median([10, 11, 100_000])).toBe(11);
  });

  test("nothing measured is an error, not a number", () => {
    expect(() => median([])).toThrow("no values");
    expect(() => quantile([], 0.5)).toThrow("no values");
  });
});

describe("spread", () => {
  test("it is the whole width as a part of the median", () => {
    expect(spread([8, 10, 13])).toBe(0.5);
    expect(spread([4, 4, 4])).toBe(0);
  });

  test("zeros have none", () => {
    expect(spread([0, 0])).toBe(0);
  });
});

describe("quantile", () => {
  test("the 99th of 1 to 100 is 99, the 50th is 50", () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile(hundred, 0.5)).toBe(50);
  });

  test("it is one of the values, and at least the asked part of them is not above it", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, part) => {
        const value = quantile(all, part);
        expect(all).toContain(value);
        expect(all.filter((other) => other <= value).length).toBeGreaterThanOrEqual(all.length * part - 1e-9);
      }),
    );
  });
});
