import { expect, test } from "vitest";
import { fill } from "./fill.ts";

test("a place without a value stays visible", () => expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}"));

test("what fills a place is not looked at for places", () =>
  expect(fill("{a} {b}", { a: "{b}", b: "{a}" })).toBe("{b} {a}"));
