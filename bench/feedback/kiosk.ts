/** A kiosk that is watched: readers on real lines, a station, and its page in a real browser. */
import { join } from "node:path";
import type { Browser, JSHandle, Page } from "@playwright/test";
import { startListening } from "../../e2e/rig/program.ts";
import { openSerialLine, rdm6300Frame, type SerialLine } from "../../e2e/rig/pty.ts";
import { openScratch } from "../../e2e/rig/scratch.ts";
import { startServerProgram } from "../../e2e/rig/server-program.ts";
import { startStationProgram } from "../../e2e/rig/station-program.ts";
import { until } from "../../e2e/rig/within.ts";
import { delaysOf, type Tap } from "./match.ts";
import { watchOutcomes, type Probe } from "./probe.ts";

/**
 * Each has a reader of its own, and they are tapped in turn: at 10 taps a second an answer has its turn after 5 s, when
 * the outcome before has long gone (after 2.5 s), also on a machine that is behind.
 */
const OPTIONS = 50;
/** A kiosk's screen, upright. */
const VIEWPORT = { width: 1080, height: 1920 };
const QUESTION = "Which of them?";
/** Longer than any outcome stays on the screen. */
const GONE_MS = 15_000;
/** One of them is not disturbed by anything else. */
const CLOCK_LOOKS = 40;

export interface Round {
  delaysMs: number[];
  longestFrameMs: number | null;
  pageAheadMs: number;
}

export interface Kiosk {
  /** Tap until a question that has just come takes votes, and all has been drawn once. */
  warmUp(perSecond: number): Promise<void>;
  /** Each badge a new one. */
  tap(taps: number, perSecond: number): Promise<Round>;
  close(): Promise<void>;
}

export async function openOurs(browser: Browser): Promise<Kiosk> {
  const server = await startServerProgram();
  const lines = await openLines();
  const readers = lines.map(({ line, option }) => `serial:${line.path}?protocol=rdm6300&slot=${option}`);
  const station = await startStationProgram({ server: server.url, readers });
  const { organiser } = server;
  const options = Array.from({ length: OPTIONS }, (_, at) => `Answer ${at + 1}`);
  const { id } = await organiser.createPoll({ question: QUESTION, options, counts: "first" });
  await organiser.open(id);
  await organiser.admit(station.url);
  const page = await openPage(browser, station.url);
  await page.getByRole("heading", { name: QUESTION }).waitFor();
  return watch(page, lines, async () => {
    await station.kill9();
    await server.kill9();
  });
}

export async function openFloor(browser: Browser): Promise<Kiosk> {
  const lines = await openLines();
  const { program, url } = await startListening("bench/floor/screen.ts", {
    args: [
      join(openScratch("bench-screen"), "screen.sqlite"),
      ...lines.map(({ line, option }) => `${line.path}:${option}`),
    ],
  });
  return watch(await openPage(browser, url), lines, () => program.kill9());
}

interface ReaderLine {
  line: SerialLine;
  option: number;
}

async function openLines(): Promise<ReaderLine[]> {
  const lines: ReaderLine[] = [];
  for (let option = 1; option <= OPTIONS; option++) lines.push({ line: await openSerialLine(), option });
  return lines;
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
  await page.goto(url);
  return page;
}

const nowMs = () => performance.timeOrigin + performance.now();

async function watch(page: Page, lines: readonly ReaderLine[], stop: () => Promise<unknown>): Promise<Kiosk> {
  const probe = await page.evaluateHandle(watchOutcomes);
  const tapPaced = createTapping(lines);
  const nothingShown = () =>
    until("the last outcome to go", async () => (await page.locator("[data-outcome]").count()) === 0, GONE_MS);
  return {
    async warmUp(perSecond) {
      await tapPaced(lines.length, perSecond);
      await nothingShown();
      await tapPaced(lines.length, perSecond);
    },
    async tap(count, perSecond) {
      await nothingShown();
      await probe.evaluate((watched) => {
        watched.seen.length = 0;
        if (watched.longestFrameMs !== null) watched.longestFrameMs = 0;
      });
      const taps = await tapPaced(count, perSecond);
      await until(
        `${count} taps to be seen on the page`,
        async () => (await probe.evaluate(({ seen }) => seen.length)) >= count,
        GONE_MS,
      );
      await nothingShown();
      const pageAheadMs = await aheadOf(probe);
      const { seen, longestFrameMs } = await probe.jsonValue();
      return { delaysMs: delaysOf(taps, seen, pageAheadMs), longestFrameMs, pageAheadMs };
    },
    async close() {
      await page.context().close();
      await stop();
      await Promise.all(lines.map(({ line }) => line.unplug()));
    },
  };
}

/** A new badge at the next reader, so many times a second. */
function createTapping(lines: readonly ReaderLine[]) {
  let badges = 0;
  const tapOnce = async (): Promise<Tap> => {
    const reader = lines[badges % lines.length];
    if (reader === undefined) throw new Error("there is no reader");
    const uid = Buffer.alloc(5);
    // Far from numbers that count up or repeat: those may be many tags', and are refused.
    uid.writeUInt32BE(0x20_00_00_00 + ++badges, 1);
    const atMs = nowMs();
    await reader.line.write(rdm6300Frame(uid));
    return { option: reader.option, atMs };
  };
  return async (count: number, perSecond: number): Promise<Tap[]> => {
    const startMs = performance.now();
    const taps: Tap[] = [];
    for (let tap = 0; tap < count; tap++) {
      const waitMs = startMs + (tap * 1000) / perSecond - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
      taps.push(await tapOnce());
    }
    return taps;
  };
}

/** How far the page's clock is ahead of ours: half of the shortest round trip is all that stays unknown. */
async function aheadOf(probe: JSHandle<Probe>): Promise<number> {
  let best = { tripMs: Infinity, aheadMs: 0 };
  for (let look = 0; look < CLOCK_LOOKS; look++) {
    const askedMs = nowMs();
    const thereMs = await probe.evaluate(() => performance.timeOrigin + performance.now());
    const tripMs = nowMs() - askedMs;
    if (tripMs < best.tripMs) best = { tripMs, aheadMs: thereMs - askedMs - tripMs / 2 };
  }
  return best.aheadMs;
}
