/** Chooses pages, columns, rows and sizes for the lanes, so that nothing scrolls, overflows or gets too small to read. */
import { fitText } from "./fit-text.ts";
import type { Box, MeasuredText } from "./fit-text.ts";

export interface ToArrange {
  readonly labels: readonly MeasuredText[];
  /** Every stamp a lane may have to show, so that an outcome never moves the label. */
  readonly stamps: readonly MeasuredText[];
  /** The widest percentage and count of votes, at 1 px. */
  readonly shareWidth: number;
  readonly votesWidth: number;
  readonly region: Box;
  /** One per cent of the screen's mean side: spaces. */
  readonly unit: number;
  /** The same times the chosen text size: letters. */
  readonly type: number;
  /** No label may be larger than this: the question stays the largest. */
  readonly mostLabelPx: number;
}

export interface Arrangement {
  readonly pages: number;
  readonly perPage: number;
  readonly columns: number;
  readonly rows: number;
  readonly gapPx: number;
  readonly lane: LaneSizes;
  /** For each label: its size, and the lines after which it must be cut (none is cut unless it fits at no size). */
  readonly labels: readonly { readonly sizePx: number; readonly lines: number }[];
}

interface LaneSizes {
  readonly padPx: number;
  readonly gapPx: number;
  readonly chipPx: number;
  readonly countPx: number;
  readonly sharePx: number;
  readonly stampPx: number;
  /** 0: no room for the number of votes beside the percentage. */
  readonly votesPx: number;
}

interface Candidate {
  readonly arrangement: Arrangement;
  readonly score: number;
  readonly allFit: boolean;
}

// A finger's target, whether or not the lane can be pressed today.
const LEAST_LANE_PX = 64;
const LEAST_LABEL_PX = 16;
const LEAST_CHIP_PX = 44;
const LEAST_STAMP_PX = 14;
const MOST_COLUMNS = 6;
// Fewer columns read better and compare better, so they may be a little worse by the measure below.
const GOOD_ENOUGH = 0.9;

export function arrange(input: ToArrange): Arrangement {
  const count = input.labels.length;
  let fallback: Candidate | null = null;
  // One page if it can be: a voter should see every answer. Four lanes to a page are the least worth turning.
  for (let pages = 1; pages === 1 || count / pages >= 4; pages++) {
    const candidates = candidatesFor(input, pages);
    const fitting = candidates.filter((each) => each.allFit);
    const best = Math.max(...fitting.map((each) => each.score));
    const chosen = fitting.find((each) => each.score >= best * GOOD_ENOUGH);
    if (chosen !== undefined) return chosen.arrangement;
    for (const each of candidates) if (fallback === null || each.score >= fallback.score) fallback = each;
  }
  return (fallback ?? candidate(input, 1, 1)).arrangement;
}

function candidatesFor(input: ToArrange, pages: number): Candidate[] {
  const perPage = Math.ceil(input.labels.length / pages);
  const columns = Array.from({ length: Math.min(MOST_COLUMNS, perPage) }, (_, i) => i + 1);
  return columns.map((each) => candidate(input, pages, each));
}

function candidate(input: ToArrange, pages: number, columns: number): Candidate {
  const { unit, type, region } = input;
  const perPage = Math.ceil(input.labels.length / pages);
  const rows = Math.ceil(perPage / columns);
  const gapPx = Math.round(between(0.6 * unit, (0.12 * region.height) / rows, 1.6 * unit));
  const width = (region.width - gapPx * (columns - 1)) / columns;
  const height = (region.height - gapPx * (rows - 1)) / rows;
  const lane = laneSizes(input, height);
  const box: Box = {
    width: width - lane.chipPx - lane.countPx - 2 * lane.gapPx - 2 * lane.padPx,
    height: height - 0.8 * unit,
  };
  const least = Math.max(LEAST_LABEL_PX, 1.4 * type);
  const most = Math.max(least, Math.min(input.mostLabelPx, 0.42 * height));
  // Air above and below, unless the label is so long that it needs all the room.
  const airy: Box = { width: box.width, height: 0.74 * height };
  const sizes = input.labels.map((label) => fitText(label, airy, least, most) ?? fitText(label, box, least, most));
  const uniform = lowerQuintile(sizes.map((size) => size ?? least));
  const labels = input.labels.map((label, i) => {
    const sizePx = Math.min(sizes[i] ?? least, uniform);
    return { sizePx, lines: Math.max(1, Math.floor(box.height / (sizePx * label.lineHeight))) };
  });
  const roomy = height >= LEAST_LANE_PX && box.width >= 7 * type;
  const score = Math.min(1, uniform / (3.2 * unit)) * Math.sqrt(Math.min(1, Math.max(0, height) / (8 * unit)));
  return {
    // Full pages first: 28 and 22 rather than 25 and 25 with a lane alone in its row.
    arrangement: { pages, perPage: pages > 1 ? columns * rows : perPage, columns, rows, gapPx, lane, labels },
    score: roomy ? score : score / 100,
    allFit: roomy && sizes.every((size) => size !== null),
  };
}

function laneSizes(input: ToArrange, height: number): LaneSizes {
  const { unit, type } = input;
  const padPx = between(0.6 * unit, 0.13 * height, 2.6 * unit);
  const gapPx = between(0.7 * unit, 0.13 * height, 2.4 * unit);
  const chipPx = Math.max(LEAST_CHIP_PX, Math.min(0.74 * height, 11 * unit));
  const sharePx = between(2 * type, 0.32 * height, 4.8 * type);
  const votesPx = between(Math.max(LEAST_STAMP_PX, 1.25 * type), 0.46 * sharePx, 2.1 * type);
  const hasVotes = sharePx * 1.05 + votesPx * 1.25 <= height - 0.8 * unit;
  const stampPx = between(Math.max(LEAST_STAMP_PX, 1.25 * type), 0.2 * height, 2.8 * type);
  const widestStampWord = Math.max(0, ...input.stamps.flatMap((stamp) => stamp.words));
  const countPx = Math.max(
    input.shareWidth * sharePx,
    hasVotes ? input.votesWidth * votesPx : 0,
    // The stamp's own padding is 0.55 of its letters on either side; see lanes.css.
    widestStampWord * 1.04 * stampPx + 1.1 * stampPx,
  );
  return { padPx, gapPx, chipPx, countPx: Math.ceil(countPx), sharePx, stampPx, votesPx: hasVotes ? votesPx : 0 };
}

// Most labels share one size; the longest fifth may be smaller instead of making all of them small.
function lowerQuintile(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 5)] ?? 0;
}

function between(least: number, wanted: number, most: number): number {
  return Math.max(least, Math.min(wanted, most));
}
