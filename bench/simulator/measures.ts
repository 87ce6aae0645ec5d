/** Counts and latencies of all simulated stations: by the second, since a mark, and since the start. */
import { toHex } from "../../shared/bytes.ts";
import type { FrameOf } from "../../shared/link/frames.ts";
import { quantile } from "../stats.ts";
import type { PollHeard, Sample, Totals } from "./sample.ts";

/** Of those since the mark every so many are kept: enough for a 99th percentile, and memory stays small. */
const MOST_KEPT = 200_000;

export interface Measures {
  made(count: number): void;
  acked(waitedMs: readonly number[], exceptions: number): void;
  tallied(waitedMs: number): void;
  heard(): void;
  said(): void;
  opened(): void;
  refused(): void;
  closed(code: number): void;
  fault(text: string): void;
  poll(frame: FrameOf<"poll">): void;
  mark(): void;
  /** What was since the call before. @param lastedS seconds; about one */
  second(lastedS: number, now: Pick<Sample, "atMs" | "links" | "online" | "waiting" | "cpu" | "rssMb">): Sample;
  totals(seen: Pick<Totals, "waiting" | "online">): Totals;
}

const freshSecond = () => ({ opened: 0, refused: 0, made: 0, acked: 0, heard: 0, said: 0, closes: {} });
type Counts = Pick<Sample, "opened" | "refused" | "made" | "acked" | "heard" | "said" | "closes">;

export function createMeasures(wallMs: () => number): Measures {
  let now: Counts = freshSecond();
  const all = { made: 0, acked: 0, exceptions: 0, faults: new Set<string>(), closes: {} as Record<string, number> };
  const [acks, tallies] = [createLatencies(), createLatencies()];
  let poll: { name: string; atMs: number[] } | null = null;

  return {
    made(count) {
      now.made += count;
      all.made += count;
    },
    acked(waitedMs, exceptions) {
      now.acked += waitedMs.length;
      all.acked += waitedMs.length;
      all.exceptions += exceptions;
      for (const ms of waitedMs) acks.add(ms);
    },
    tallied: tallies.add,
    heard: () => void now.heard++,
    said: () => void now.said++,
    opened: () => void now.opened++,
    refused: () => void now.refused++,
    closed(code) {
      for (const closes of [now.closes, all.closes]) closes[code] = (closes[code] ?? 0) + 1;
    },
    fault: (text) => void all.faults.add(text),
    poll([, , [state, moves], definition]) {
      const name = `${state} ${moves} ${toHex(definition.subarray(0, 24))}`;
      if (poll?.name !== name) poll = { name, atMs: [] };
      poll.atMs.push(wallMs());
    },
    mark() {
      acks.mark();
      tallies.mark();
    },
    second(lastedS, seen) {
      const { closes, ...counts } = now;
      now = freshSecond();
      const [ack, tally] = [acks.second(), tallies.second()];
      return {
        ...seen,
        closes,
        opened: counts.opened / lastedS,
        refused: counts.refused / lastedS,
        made: counts.made / lastedS,
        acked: counts.acked / lastedS,
        heard: counts.heard / lastedS,
        said: counts.said / lastedS,
        ackP50: ack.p50,
        ackP99: ack.p99,
        tallyP50: tally.p50,
        tallyP99: tally.p99,
      };
    },
    totals(seen) {
      const [ack, tally] = [acks.sinceMark(), tallies.sinceMark()];
      return {
        ...seen,
        made: all.made,
        acked: all.acked,
        exceptions: all.exceptions,
        faults: [...all.faults],
        closes: all.closes,
        ackP50: ack.p50,
        ackP99: ack.p99,
        ackMost: ack.most,
        tallyP50: tally.p50,
        tallyP99: tally.p99,
        poll: poll === null ? null : heardOf(poll.atMs),
      };
    },
  };
}

function heardOf(atMs: readonly number[]): PollHeard {
  const [firstMs, middleMs, lastMs] = [quantile(atMs, 0), quantile(atMs, 0.5), quantile(atMs, 1)];
  return { stations: atMs.length, firstMs, middleMs, lastMs };
}

interface Summary {
  p50: number | null;
  p99: number | null;
  most: number | null;
}

/** Milliseconds, by the second and since a mark. Of very many every second, fourth, eighth … one is kept. */
function createLatencies() {
  let now: number[] = [];
  let kept: number[] = [];
  let every = 1;
  let count = 0;
  let most: number | null = null;
  const add = (ms: number) => {
    now.push(ms);
    most = Math.max(most ?? 0, ms);
    if (count++ % every !== 0) return;
    if (kept.push(ms) < MOST_KEPT) return;
    kept = kept.filter((_, at) => at % 2 === 0);
    every *= 2;
  };
  return {
    add,
    second() {
      const summary = summaryOf(now, null);
      now = [];
      return summary;
    },
    sinceMark: () => summaryOf(kept, most),
    mark() {
      [kept, every, count, most] = [[], 1, 0, null];
    },
  };
}

function summaryOf(values: readonly number[], most: number | null): Summary {
  if (values.length === 0) return { p50: null, p99: null, most };
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), most };
}
