/** A metric as Prometheus has them, described by where its numbers are read when somebody asks. */
import type { Spread } from "./spread.ts";

interface Sample {
  /** Words of short lists only: each combination is a series of its own, and none may name people, tags or polls. */
  labels: Readonly<Record<string, string>>;
  value: number;
}

interface Named {
  /** With its unit: `…_seconds`, `…_bytes`, `…_total`. */
  name: string;
  help: string;
}

export type Family =
  | (Named & {
      type: "counter" | "gauge";
      /** Names of the labels all samples have. */
      labels: readonly string[];
      /** Called at each scrape, never in between. */
      read: () => readonly Sample[];
    })
  | (Named & { type: "histogram"; spread: Spread });

export function counter(name: string, help: string, read: () => number): Family {
  return { type: "counter", name, help, labels: [], read: () => [{ labels: {}, value: read() }] };
}

export function gauge(name: string, help: string, read: () => number): Family {
  return { type: "gauge", name, help, labels: [], read: () => [{ labels: {}, value: read() }] };
}

/** One counter for each word of a list. */
export function countsBy(
  name: string,
  help: string,
  label: string,
  read: () => Readonly<Record<string, number>>,
): Family {
  return { type: "counter", name, help, labels: [label], read: () => samplesBy(label, read()) };
}

/** One gauge for each word of a list. */
export function gaugesBy(
  name: string,
  help: string,
  label: string,
  read: () => Readonly<Record<string, number>>,
): Family {
  return { type: "gauge", name, help, labels: [label], read: () => samplesBy(label, read()) };
}

function samplesBy(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([word, value]) => ({ labels: { [label]: word }, value }));
}
