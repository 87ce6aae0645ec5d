/** Badges at one reader, each a new one, and when the screen said what of them. */
import { rdm6300Frame, type SerialLine } from "../e2e/rig/pty.ts";
import { until } from "../e2e/rig/within.ts";
import { listen } from "./screen-ears.ts";

interface Paced {
  /** Milliseconds from writing the badge's frame to its `stored`, its `counted`, and the tally that holds it. */
  storedMs: number[];
  countedMs: number[];
  tallyMs: number[];
}

export interface Tapper {
  /** Tap until a question that has just come takes votes. */
  settle(): Promise<void>;
  paced(taps: number, perSecond: number): Promise<Paced>;
  /** As fast as can be, with so many badges not yet counted at most; taps a second. */
  burst(taps: number, window: number): Promise<number>;
  /** Votes cast, all counted. */
  total(): number;
  close(): void;
}

/** Far more than a tap takes; a lost one must not hold up the bench. */
const ANSWER_MS = 15_000;

export async function createTapper(url: string, line: SerialLine): Promise<Tapper> {
  /** By tap: when its frame was written, and when it was seen stored, counted, and in a tally. */
  const sentMs: number[] = [];
  const storedMs: number[] = [];
  const countedMs: number[] = [];
  const tallyMs: number[] = [];
  /** Outcomes' ids → taps. One reader, so they are stored in the order in which they were tapped. */
  const taps = new Map<string, number>();
  let counted = 0;
  let badges = 0;
  let onCounted = () => {};
  const strays: string[] = [];

  const stop = await listen(url, {
    outcome(id, kind) {
      if (kind === "stored") {
        taps.set(id, storedMs.push(performance.now()) - 1);
        return;
      }
      const tap = taps.get(id);
      if (kind !== "counted" || tap === undefined) {
        strays.push(kind);
        return;
      }
      taps.delete(id);
      countedMs[tap] = performance.now();
      counted += 1;
      onCounted();
    },
    tally(total) {
      const nowMs = performance.now();
      while (tallyMs.length < total) tallyMs.push(nowMs);
    },
  });
  const frames = (count: number) =>
    Buffer.concat(
      Array.from({ length: count }, () => {
        const uid = Buffer.alloc(5);
        // Far from numbers that count up or repeat: those may be many tags', and are refused.
        uid.writeUInt32BE(0x20_00_00_00 + ++badges, 1);
        sentMs.push(performance.now());
        return rdm6300Frame(uid);
      }),
    );
  const allCounted = async () => {
    await until(
      `${sentMs.length} taps to be counted`,
      () => {
        if (strays.length > 0) throw new Error(`a tap at ${url} was answered ${strays.join(", ")}`);
        return counted === sentMs.length && tallyMs.length >= sentMs.length;
      },
      ANSWER_MS,
    );
    if (tallyMs.length !== sentMs.length)
      throw new Error(`${sentMs.length} taps, ${tallyMs.length} votes in the tally`);
  };
  const since = (from: number, seen: readonly number[]) =>
    sentMs.slice(from).map((sent, at) => (seen[from + at] ?? Number.NaN) - sent);

  return {
    total: () => sentMs.length,
    close: stop,
    async settle() {
      for (;;) {
        await line.write(frames(1));
        await until("an answer", () => storedMs.length > 0 || strays.length > 0, ANSWER_MS);
        if (storedMs.length > 0) return allCounted();
        // It was no vote.
        sentMs.length = 0;
        strays.length = 0;
      }
    },
    async paced(count, perSecond) {
      const first = sentMs.length;
      const startMs = performance.now();
      for (let tap = 0; tap < count; tap++) {
        const waitMs = Math.max(0, startMs + (tap * 1000) / perSecond - performance.now());
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        await line.write(frames(1));
      }
      await allCounted();
      return { storedMs: since(first, storedMs), countedMs: since(first, countedMs), tallyMs: since(first, tallyMs) };
    },
    async burst(count, window) {
      const goal = sentMs.length + count;
      const startMs = performance.now();
      const feed = async () => {
        while (sentMs.length < goal) {
          const room = Math.min(goal - sentMs.length, window - (sentMs.length - counted));
          if (room > 0) await line.write(frames(room));
          else await new Promise<void>((resolve) => (onCounted = resolve));
          if (strays.length > 0) break;
        }
      };
      await Promise.race([feed(), until("the burst", () => counted >= goal || strays.length > 0, ANSWER_MS)]);
      await allCounted();
      return (count * 1000) / (Math.max(...countedMs.slice(-count)) - startMs);
    },
  };
}
