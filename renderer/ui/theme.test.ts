import { expect, test } from "vitest";
import { chooseTextScale, chooseTheme } from "./theme.ts";

test("the address decides, then the wish for contrast, then the wish for dark", () => {
  expect(chooseTheme("light", { dark: true, contrast: true })).toBe("light");
  expect(chooseTheme("pink", { dark: true, contrast: true })).toBe("contrast");
  expect(chooseTheme(null, { dark: true, contrast: false })).toBe("dark");
  expect(chooseTheme(null, { dark: false, contrast: false })).toBe("light");
});

test("four text sizes, each larger, and nonsense is the first", () => {
  const scales = ["1", "2", "3", "4"].map(chooseTextScale);
  expect(scales).toEqual(scales.toSorted((a, b) => a - b));
  expect(new Set(scales).size).toBe(4);
  expect(chooseTextScale("9")).toBe(1);
  expect(chooseTextScale("")).toBe(1);
});
