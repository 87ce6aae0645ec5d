/** Rows as a table in Markdown, so that it can go into docs/performance.md as it is. */
import { isReached, reachWords, type Row } from "./rows.ts";

const HEAD = ["row", "unit", "ours", "floor", "ratio", "spread", "reach", "reached"];

export function tableOf(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function cellsOf(row: Row): string[] {
  const reached = isReached(row);
  return [
    row.name,
    row.unit,
    figure(row.value),
    figure(row.floor),
    figure(row.ratio),
    `${Math.round(row.spread * 100)} %`,
    reachWords(row.name),
    reached === undefined ? "" : reached ? "yes" : "no",
  ];
}

/** Three digits that mean something; whole numbers as they are. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
