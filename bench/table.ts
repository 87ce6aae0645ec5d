/** Rows as a table in Markdown, so that it can go into docs/performance.md as it is. */
import { isReached, reachOf, reachWords, type Reach, type Row } from "./rows.ts";

const HEAD = ["row", "unit", "ours", "floor", "ratio", "spread", "reach", "reached"];

/** Our rows beside their floors. */
export function tableOf(rows: readonly Row[]): string {
  return markdown([HEAD, ...rows.map((row) => cellsOf(row, reachOf(row.name)))]);
}

/** Rows beside somebody else's figure. @param reachOfRow what ours is to be beside it */
export function peerTableOf(rows: readonly Row<string>[], reachOfRow: (row: Row<string>) => Reach): string {
  const head = HEAD.map((title) => (title === "floor" ? "peer" : title));
  return markdown([head, ...rows.map((row) => cellsOf(row, reachOfRow(row)))]);
}

function markdown(cells: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function cellsOf(row: Row<string>, reach: Reach): string[] {
  const reached = isReached(row, reach);
  return [
    row.name,
    row.unit,
    figure(row.value),
    figure(row.floor),
    figure(row.ratio),
    `${Math.round(row.spread * 100)} %`,
    reachWords(reach),
    reached === undefined ? "" : reached ? "yes" : "no",
  ];
}

/** Three digits that mean something; whole numbers as they are. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** Figures of several rounds, in their order. */
export const list = (values: readonly number[]) => values.map(figure).join(" ");
