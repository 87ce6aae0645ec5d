import { expect, test } from "vitest";
import { drawPlot, ticksUpTo, type Plot } from "./plot.ts";

const plot = (points: readonly (readonly [number, number | null])[]): Plot => ({
  title: "Links & memory",
  panels: [{ title: "links", unit: "number", lines: [{ name: "open", points }] }],
  marks: [{ second: 5, text: "kill -9 <server>" }],
});

test("a line goes through its points, over the whole width and up to its highest tick", () => {
  const path = /<path [^>]*d="([^"]*)"/.exec(
    drawPlot(
      plot([
        [0, 0],
        [5, 50],
        [10, 100],
      ]),
    ),
  )?.[1];
  expect(path).toBe("M64 207L454 142L844 77");
});

test("where nothing was measured the line has a gap", () => {
  expect(
    drawPlot(
      plot([
        [0, 1],
        [1, 1],
        [2, null],
        [3, 1],
      ]),
    ),
  ).toMatch(/d="M[\d. ]+L[\d. ]+M[\d. ]+"/);
});

test("titles, units and what happened are written, and no text can break the picture", () => {
  const drawn = drawPlot(plot([[0, 1]]));
  for (const text of ["Links &amp; memory", "links, number", "seconds", "kill -9 &lt;server>"])
    expect(drawn).toContain(text);
});

test("a line of nothing but zeros is still a picture", () => {
  expect(
    drawPlot(
      plot([
        [0, 0],
        [9, 0],
      ]),
    ),
  ).not.toContain("NaN");
});

test.each([
  [10_000, [0, 5000, 10000]],
  [3.1, [0, 1, 2, 3]],
  [0.35, [0, 0.1, 0.2, 0.3]],
  [120, [0, 50, 100]],
])("ticks up to %s are round numbers", (most, ticks) => {
  expect(ticksUpTo(most, 4)).toEqual(ticks);
});

test("on a scale of powers of ten each is a step, and a line that touches none of them lies in between", () => {
  const drawn = drawPlot({
    title: "latency",
    marks: [],
    panels: [
      {
        title: "ack",
        unit: "ms",
        scale: "log",
        lines: [
          {
            name: "p50",
            points: [
              [0, 1],
              [1, 10],
              [2, 100],
            ],
          },
        ],
      },
    ],
  });
  expect(/ d="([^"]*)"/.exec(drawn)?.[1]).toBe("M64 194L454 129L844 64");
  for (const tick of [1, 10, 100]) expect(drawn).toContain(`text-anchor="end">${tick}</text>`);
});
