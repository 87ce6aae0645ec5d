/**
 * From a badge at a reader to what its voter sees: a real serial line, the real station and its page in a real Chromium,
 * 10 taps a second among 50 answers. Until painted, not until heard of.
 */
import { chromium } from "@playwright/test";
import { findBrowser } from "../build/browser.ts";
import { buildPages, pagesAreFresh } from "../build/pages.ts";
import { openFloor, openOurs, type Round } from "./feedback/kiosk.ts";
import type { Measurement } from "./rows.ts";
import { quantile } from "./stats.ts";
import { figure, list } from "./table.ts";

const ROUNDS = 3;
const PER_SECOND = 10;
/** So that the 99th part of a hundred is three taps. The floor is a line to compare with, and takes half as long. */
const TAPS = 300;
const FLOOR_TAPS = 150;

export async function measureFeedback(): Promise<Measurement> {
  const why = pagesAreFresh() ? undefined : await buildPages();
  if (why !== undefined) throw new Error(`the pages were not built: ${why}`);
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    // Chromium refuses its sandbox to root, which is what containers run as.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const [ours, floor] = [await openOurs(browser), await openFloor(browser)];
    try {
      await ours.warmUp(PER_SECOND);
      await floor.warmUp(PER_SECOND);
      const [rounds, floors]: [Round[], Round[]] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        floors.push(await floor.tap(FLOOR_TAPS, PER_SECOND));
        rounds.push(await ours.tap(TAPS, PER_SECOND));
      }
      return told(rounds, floors, browser.version());
    } finally {
      await ours.close();
      await floor.close();
    }
  } finally {
    await browser.close();
  }
}

function told(rounds: readonly Round[], floors: readonly Round[], version: string): Measurement {
  const part = (all: readonly Round[], of: number) => all.map(({ delaysMs }) => quantile(delaysMs, of));
  const frames = (all: readonly Round[]) => {
    const longest = all.flatMap(({ longestFrameMs }) => (longestFrameMs === null ? [] : [longestFrameMs]));
    if (longest.length === 0) return "unknown";
    return Math.max(...longest) === 0 ? "none" : `${figure(Math.max(...longest))} ms`;
  };
  return {
    measured: [{ name: "feedback.p99", values: part(rounds, 0.99), floors: part(floors, 0.99) }],
    notes: [
      `feedback: Chromium ${version}, ${TAPS} taps a round among 50 answers, each seen. By rounds:`,
      `  p99 ${list(part(rounds, 0.99))} ms, floor ${list(part(floors, 0.99))}; p50 ${list(part(rounds, 0.5))}, floor ${list(part(floors, 0.5))}`,
      `  longest ${list(part(rounds, 1))} ms, floor ${list(part(floors, 1))}; longest frame above 50 ms: ${frames(rounds)}, floor ${frames(floors)}`,
      `  the page's clock is ahead of the tapper's by ${list(rounds.map(({ pageAheadMs }) => pageAheadMs))} ms, which is taken off`,
    ],
  };
}
