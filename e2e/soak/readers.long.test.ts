/**
 * Fifty readers at one station for a long time: each tap a ballot exactly once, and the station neither grows nor slows.
 * Alone, and shorter: `SOAK_MINUTES=1 POLLING_STATION_LONG=1 npx vitest run e2e/soak`.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, expect, test } from "vitest";
import { costOf, type ProcessCost } from "../rig/process-cost.ts";
import { HAS_SOCAT, openSerialLine, rdm6300Frame, type SerialLine } from "../rig/pty.ts";
import { listenToScreen } from "../rig/screen-events.ts";
import { openScratch } from "../rig/scratch.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { stationDrained } from "../rig/station-health.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 10);
const READERS = 50;
const TAPS_PER_S = 20;
/** Samples of what the station costs: 40 of the whole. */
const TAPS_PER_SAMPLE = Math.ceil((MINUTES * 60 * TAPS_PER_S) / 40);
/** A tag lies there for a quarter of a second, and the reader repeats it: one tap all the same. */
const REPEATS = 4;
const REPEAT_EVERY_MS = 65;
/**
 * What is left after a thorough cleaning, from the first quarter, which warms the program up, to the end: some compiled
 * code, and of a ballot nothing. (48,000 ballots left 9 bytes each; a record takes more than the bound.)
 */
const MAX_COMPILED_BYTES = 2 ** 20;
const MAX_LEFT_BYTES_PER_BALLOT = 100;
/**
 * What is resident says less: V8 lets garbage lie for up to 110 MB before it cleans up by itself (here after 9,000 ballots
 * and after 41,000, each time down to 170 MB). Beyond that something grows that V8 does not know of.
 */
const MAX_RESIDENT_GROWTH_BYTES = 128 * 2 ** 20;
const MAX_CPU_RATIO = 1.5;

const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

test.skipIf(!HAS_SOCAT)(
  `${READERS} serial readers, ${TAPS_PER_S} taps a second for ${MINUTES} min: every tap once, the station flat${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  async () => {
    const server = await startServerProgram();
    stops.push(() => server.stop());
    const lines = await Promise.all(Array.from({ length: READERS }, openSerialLine));
    stops.push(() => Promise.all(lines.map((line) => line.unplug())));
    const readers = lines.map(({ path }, at) => `serial:${path}?protocol=rdm6300&slot=${at + 1}`);
    const leftFile = join(openScratch("soak"), "left");
    const station = await startStationProgram({
      server: server.url,
      readers,
      nodeArgs: ["--expose-gc", `--import=${join(import.meta.dirname, "plant-collect.ts")}`],
      env: { POLLING_STATION_SOAK_LEFT: leftFile },
    });
    stops.push(() => station.stop());
    await allPresent(station);
    await server.organiser.admit(station.url);
    const options = readers.map((_, at) => `Answer ${at + 1}`);
    const poll = await server.organiser.createPoll({ question: "Which of fifty?", options, counts: "last" });
    await server.organiser.open(poll.id);
    const counts = options.map(() => 0);
    await takesVotes(station, lines, counts);

    const first = await tapFor((MINUTES * 60_000) / 4, station, lines, counts);
    const warm = { ballots: tags, bytes: await leftIn(station, leftFile) };
    const samples = [...first, ...(await tapFor((MINUTES * 60_000 * 3) / 4, station, lines, counts))];
    await stationDrained(station.url, 60_000);
    const grown = { ballots: tags - warm.ballots, bytes: (await leftIn(station, leftFile)) - warm.bytes };
    report(samples, counts, grown);
    await server.organiser.tallyToBe(poll.id, counts, 60_000);
    expect(grown.bytes).toBeLessThan(MAX_COMPILED_BYTES + MAX_LEFT_BYTES_PER_BALLOT * grown.ballots);
    expect(growthOf(samples)).toBeLessThan(MAX_RESIDENT_GROWTH_BYTES);
    expect(cpuRatioOf(samples)).toBeLessThan(MAX_CPU_RATIO);
  },
  (MINUTES + 5) * 60_000,
);

const Present = v.object({ readers: v.object({ present: v.number() }) });

async function allPresent(station: StationProgram): Promise<void> {
  await until("every reader to be there", async () => {
    const health: unknown = await (await fetch(new URL("/healthz", station.url))).json();
    return v.parse(Present, health).readers.present === READERS;
  });
}

const Left = v.pipe(v.string(), v.parseJson(), v.object({ isMainThread: v.boolean(), bytes: v.number() }));

/** What the station holds after it cleaned up, of its two threads together, in bytes. */
async function leftIn(station: StationProgram, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(station.pid, "SIGUSR2");
  const lines = await until("both threads to clean up", () => {
    const whole = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    return whole.length === 2 && whole;
  });
  const left = lines.map((line) => v.parse(Left, line));
  expect(left.filter(({ isMainThread }) => isMainThread)).toHaveLength(1);
  return left.reduce((sum, { bytes }) => sum + bytes, 0);
}

let tags = 0;
/** No two tags alike, also by the 32 bits that are compared. */
function newTag(): Uint8Array {
  tags += 1;
  return Uint8Array.of(0x3c, 0x01, (tags >> 16) & 0xff, (tags >> 8) & 0xff, tags & 0xff);
}

/** After a new question taps wait for a moment: the first that counts is counted. */
async function takesVotes(station: StationProgram, lines: readonly SerialLine[], counts: number[]): Promise<void> {
  const ears = listenToScreen(station.url);
  let stored = 0;
  ears.onOutcome(({ kind }) => {
    if (kind === "stored") stored += 1;
  });
  await until("the first vote", async () => {
    await lines[0]?.write(rdm6300Frame(newTag()));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return stored > 0;
  });
  ears.close();
  counts[0] = stored;
}

interface Sample extends ProcessCost {
  atMs: number;
}

/** Taps at even distances, at one reader after the other in an order that never has one twice within a second. */
async function tapFor(
  durationMs: number,
  station: StationProgram,
  lines: readonly SerialLine[],
  counts: number[],
): Promise<Sample[]> {
  const beganMs = performance.now();
  const samples: Sample[] = [];
  const writes: Promise<void>[] = [];
  const total = Math.round((durationMs / 1_000) * TAPS_PER_S);
  for (let made = 0; made < total; made++) {
    await atTime(beganMs + (made * 1_000) / TAPS_PER_S);
    // 21 and 50 have no common divisor: every reader has its turn before one has it again.
    const which = (made * 21) % lines.length;
    const line = lines[which];
    if (line === undefined) throw new Error("a line is missing");
    counts[which] = (counts[which] ?? 0) + 1;
    writes.push(tap(line, newTag()));
    if (made % TAPS_PER_SAMPLE === 0) {
      samples.push({ ...costOf(station.pid), atMs: performance.now() });
      await Promise.all(writes.splice(0));
    }
  }
  await Promise.all(writes);
  samples.push({ ...costOf(station.pid), atMs: performance.now() });
  return samples;
}

async function tap(line: SerialLine, tag: Uint8Array): Promise<void> {
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    if (repeat > 0) await new Promise((resolve) => setTimeout(resolve, REPEAT_EVERY_MS));
    await line.write(rdm6300Frame(tag));
  }
}

/** Behind, it catches up instead of tapping less. */
async function atTime(dueMs: number): Promise<void> {
  const waitMs = dueMs - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
}

const quarter = (samples: readonly Sample[], which: number) => {
  const size = samples.length / 4;
  return samples.slice(Math.floor(which * size), Math.ceil((which + 1) * size));
};
/** The least in a quarter: what is left after the collector came, whenever it does. */
const residentIn = (samples: readonly Sample[], which: number) => {
  return Math.min(...quarter(samples, which).map(({ residentBytes }) => residentBytes));
};

/** Of one core, 0–1 and beyond. */
function cpuIn(samples: readonly Sample[], which: number): number {
  const part = quarter(samples, which);
  const [first, last] = [part[0], part.at(-1)];
  if (first === undefined || last === undefined) throw new Error("no samples");
  return (last.cpuMs - first.cpuMs) / (last.atMs - first.atMs);
}

const growthOf = (samples: readonly Sample[]) => residentIn(samples, 3) - residentIn(samples, 1);
const cpuRatioOf = (samples: readonly Sample[]) => cpuIn(samples, 3) / cpuIn(samples, 1);

function report(
  samples: readonly Sample[],
  counts: readonly number[],
  grown: { ballots: number; bytes: number },
): void {
  const quarters = [0, 1, 2, 3].map((which) => {
    const mb = (residentIn(samples, which) / 2 ** 20).toFixed(0);
    return `${(cpuIn(samples, which) * 100).toFixed(1)} % of a core, ${mb} MB`;
  });
  const taps = counts.reduce((sum, count) => sum + count, 0);
  console.log(
    `soak: ${READERS} readers, ${taps} taps in ${MINUTES} min; the station by quarters: ${quarters.join("; ")}; ` +
      `after the first quarter, cleaned up, it kept ${grown.bytes} bytes of ${grown.ballots} ballots`,
  );
}
