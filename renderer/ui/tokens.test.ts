import { describe, expect, test } from "vitest";
import css from "./tokens.css?raw";

type Rgb = [number, number, number];

const themes = new Map(
  [...css.matchAll(/data-theme="(\w+)"\] \{([^}]*)\}/g)].map(([, name = "", body = ""]) => [
    name,
    new Map([...body.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, token = "", value = ""]) => [token, value])),
  ]),
);
const hues = [1, 2, 3, 4, 5, 6].map((n) => `hue-${n}`);

function rgb(hex: string): Rgb {
  const at = (from: number): number => parseInt(hex.slice(from, from + 2), 16);
  return [at(1), at(3), at(5)];
}

// CSS `color-mix(in srgb, a share, b)`.
function mix(a: Rgb, share: number, b: Rgb): Rgb {
  const part = (i: 0 | 1 | 2): number => a[i] * share + b[i] * (1 - share);
  return [part(0), part(1), part(2)];
}

// WCAG 2.2 relative luminance and contrast ratio.
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((byte) => {
    const c = byte / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

describe.each([...themes.keys()])("in the %s theme", (name) => {
  const colour = (token: string): Rgb => rgb(themes.get(name)?.get(token) ?? "missing");
  const tint = parseFloat(themes.get(name)?.get("tint") ?? "") / 100;

  test.each(["ink", "ink-soft", "good", "calm", "stop", "press"])(
    "%s is readable as text on paper and lane",
    (token) => {
      expect(contrast(colour(token), colour("paper"))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour(token), colour("lane"))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["good", "calm", "stop", "press", ...hues])("text on a %s ground is readable", (token) => {
    expect(contrast(colour("on-strong"), colour(token))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(hues)("%s: the bar's edge stands out and the label stays readable on bar and pattern", (token) => {
    const bar = mix(colour(token), tint, colour("lane"));
    // The pattern is drawn in the hue over the bar; see `.fill` in lanes.css.
    const pattern = mix(colour(token), 0.22, bar);
    expect(contrast(colour(token), colour("lane"))).toBeGreaterThanOrEqual(3);
    expect(contrast(colour(token), bar)).toBeGreaterThanOrEqual(3);
    expect(contrast(colour("ink"), bar)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour("ink"), pattern)).toBeGreaterThanOrEqual(4.5);
  });
});

test("there are three themes and each names every colour", () => {
  const tokens = [...(themes.get("light")?.keys() ?? [])];
  expect([...themes.keys()]).toEqual(["light", "dark", "contrast"]);
  for (const theme of themes.values()) expect([...theme.keys()]).toEqual(tokens);
});
