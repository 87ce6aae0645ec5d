/** Lines over time as a picture (SVG): panels one above the other, over the same seconds. */

interface Line {
  name: string;
  /** Second and value; null where nothing was measured, and the line has a gap. */
  points: readonly (readonly [number, number | null])[];
}

export interface Panel {
  title: string;
  unit: string;
  /** "log": a step upwards is ten times as much. Values of 0 and less are not shown then. */
  scale?: "log";
  lines: readonly Line[];
}

export interface Plot {
  title: string;
  panels: readonly Panel[];
  /** What happened when, told over all panels. */
  marks: readonly { second: number; text: string }[];
}

const WIDTH = 860;
const LEFT = 64;
const RIGHT = 16;
const PANEL_HEIGHT = 130;
/** Over each panel: its title, and the names of its lines. */
const PANEL_HEAD = 34;
const TOP = 30;
const MARK_ROW = 13;
const BOTTOM = 40;
const TICKS = 4;
/** The name of a line beside its colour. */
const NAME_WIDTH = 110;
const SECONDS_TICKS = 8;

/** Told apart by those who see red and green alike, on white and on black (Okabe and Ito). */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

const STYLE = `
  text { font: 11px system-ui, sans-serif; fill: #333 }
  .title { font-size: 14px; font-weight: 600 }
  .panel { font-weight: 600 }
  .grid { stroke: #999; stroke-opacity: .35; stroke-width: 1 }
  .mark { stroke: #777; stroke-dasharray: 3 3 }
  .line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
  .ground { fill: #fff }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd }
    .ground { fill: #111 }
    .c0 { stroke: #56b4e9 } .f0 { fill: #56b4e9 }
    .c1 { stroke: #e69f00 } .f1 { fill: #e69f00 }
  }`;

/** The picture's text. */
export function drawPlot({ title, panels, marks }: Plot): string {
  const last = Math.max(1, ...panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([x]) => x))));
  const xOf = (second: number) => LEFT + (second / last) * (WIDTH - LEFT - RIGHT);
  const head = TOP + marks.length * MARK_ROW;
  const height = head + panels.length * (PANEL_HEAD + PANEL_HEIGHT) + BOTTOM;
  const bottom = height - BOTTOM;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escape(title)}</title><style>${STYLE}\n</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="20">${escape(title)}</text>`,
    ...marks.map((mark, at) => drawMark(mark, TOP + (at + 1) * MARK_ROW, xOf(mark.second), bottom)),
    ...panels.map((panel, at) => drawPanel(panel, head + at * (PANEL_HEAD + PANEL_HEIGHT) + PANEL_HEAD, xOf)),
    ...ticksUpTo(last, SECONDS_TICKS).map(
      (tick) => `<text x="${round(xOf(tick))}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${WIDTH - RIGHT}" y="${bottom + 32}" text-anchor="end">seconds</text>`,
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

/** Its words to the side where there is room. */
function drawMark({ text }: { text: string }, y: number, x: number, bottom: number): string {
  const [side, anchor] = x > WIDTH / 2 ? [-4, "end"] : [4, "start"];
  return (
    `<line class="mark" x1="${round(x)}" x2="${round(x)}" y1="${y - 9}" y2="${bottom}"/>` +
    `<text x="${round(x + side)}" y="${y}" text-anchor="${anchor}">${escape(text)}</text>`
  );
}

function drawPanel(panel: Panel, top: number, xOf: (second: number) => number): string {
  const { title, unit, lines } = panel;
  const { ticks, partOf } = panel.scale === "log" ? logScale(lines) : linearScale(lines);
  const yOf = (value: number) => top + PANEL_HEIGHT - partOf(value) * PANEL_HEIGHT;
  const grid = ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(yOf(tick))}" y2="${round(yOf(tick))}"/>` +
      `<text x="${LEFT - 6}" y="${round(yOf(tick) + 4)}" text-anchor="end">${tick}</text>`,
  );
  const nameAt = (at: number) => WIDTH - RIGHT - (lines.length - at) * NAME_WIDTH;
  const names = lines.map(
    ({ name }, at) =>
      `<rect class="f${at}" x="${nameAt(at)}" y="${top - 17}" width="10" height="10" fill="${colour(at)}"/>` +
      `<text x="${nameAt(at) + 15}" y="${top - 8}">${escape(name)}</text>`,
  );
  const drawn = lines.map(
    ({ points }, at) => `<path class="line c${at}" stroke="${colour(at)}" d="${pathOf(points, xOf, yOf)}"/>`,
  );
  const heading = `<text class="panel" x="${LEFT}" y="${top - 8}">${escape(title)}, ${escape(unit)}</text>`;
  return [heading, ...names, ...grid, ...drawn].join("\n");
}

interface Scale {
  ticks: number[];
  /** Of the panel's height. */
  partOf(value: number): number;
}

const valuesOf = (lines: readonly Line[]) => lines.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));

function linearScale(lines: readonly Line[]): Scale {
  const most = Math.max(...valuesOf(lines), 0) || 1;
  return { ticks: ticksUpTo(most, TICKS), partOf: (value) => value / most };
}

/** Whole powers of ten around all values. */
function logScale(lines: readonly Line[]): Scale {
  const shown = valuesOf(lines).filter((value) => value > 0);
  const least = Math.floor(Math.log10(Math.min(...shown, 10)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...shown, 1))));
  const ticks = Array.from({ length: most - least + 1 }, (_, at) => Number((10 ** (least + at)).toPrecision(1)));
  return { ticks, partOf: (value) => (Math.log10(Math.max(value, 10 ** least)) - least) / (most - least) };
}

function pathOf(points: Line["points"], xOf: (x: number) => number, yOf: (y: number) => number): string {
  let pen = "M";
  let path = "";
  for (const [x, y] of points) {
    if (y === null) {
      pen = "M";
      continue;
    }
    path += `${pen}${round(xOf(x))} ${round(yOf(y))}`;
    pen = "L";
  }
  return path;
}

/** Round numbers from 0 on, about so many, the last not far above `most`. */
export function ticksUpTo(most: number, wanted: number): number[] {
  const rough = most / wanted;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((candidate) => candidate >= rough) ?? rough;
  const count = Math.floor(most / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)));
}

const colour = (at: number) => COLOURS[at % COLOURS.length] ?? "#000";
const round = (value: number) => Math.round(value * 10) / 10;
const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
