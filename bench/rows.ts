/** The rows of the bench, by the names that are fixed for everyone (DESIGN.md §10), and what each is to reach. */
import { median, spread } from "./stats.ts";

/** What PERFORMANCE.md asks for; null where it only wants the figure reported. */
export type Reach = { of: "value" | "ratio"; atMost: number } | { of: "value" | "ratio"; atLeast: number } | null;

interface RowKind {
  unit: string;
  reach: Reach;
}

export const ROWS = {
  "wire.ballotInBatch100": { unit: "bytes", reach: { of: "ratio", atMost: 1 } },
  "wire.ballotAlone": { unit: "bytes", reach: { of: "ratio", atMost: 1 } },
  "wire.tally50": { unit: "bytes", reach: { of: "ratio", atMost: 1 } },
  "wire.tallyDelta": { unit: "bytes", reach: { of: "ratio", atMost: 1 } },
  "disk.perBallot": { unit: "bytes", reach: { of: "value", atMost: 60 } },
  "disk.perBallotAlone": { unit: "bytes", reach: { of: "value", atMost: 200 } },
  "ingest.durable": { unit: "ballots/s", reach: { of: "ratio", atLeast: 0.8 } },
  "ingest.durableAlone": { unit: "ballots/s", reach: { of: "ratio", atLeast: 0.6 } },
  "fanout.burst": { unit: "deliveries/s", reach: { of: "ratio", atLeast: 0.8 } },
  "fanout.cpuPerDelivery": { unit: "µs", reach: { of: "ratio", atMost: 1.15 } },
  "endToEnd.p50": { unit: "ms", reach: { of: "ratio", atMost: 1.3 } },
  "endToEnd.p99": { unit: "ms", reach: null },
  "endToEnd.burst": { unit: "taps/s", reach: { of: "ratio", atLeast: 0.8 } },
  "feedback.p99": { unit: "ms", reach: { of: "value", atMost: 100 } },
  "idle.memory": { unit: "KiB", reach: { of: "ratio", atMost: 1.3 } },
  "restart.1M": { unit: "s", reach: { of: "value", atMost: 2 } },
  "rebuild.rate": { unit: "ballots/s", reach: { of: "value", atLeast: 100_000 } },
  "memory.1M": { unit: "MB", reach: { of: "value", atMost: 400 } },
} as const satisfies Record<string, RowKind>;

export type RowName = keyof typeof ROWS;
export const ROW_NAMES = [
  "wire.ballotInBatch100",
  "wire.ballotAlone",
  "wire.tally50",
  "wire.tallyDelta",
  "disk.perBallot",
  "disk.perBallotAlone",
  "ingest.durable",
  "ingest.durableAlone",
  "fanout.burst",
  "fanout.cpuPerDelivery",
  "endToEnd.p50",
  "endToEnd.p99",
  "endToEnd.burst",
  "feedback.p99",
  "idle.memory",
  "restart.1M",
  "rebuild.rate",
  "memory.1M",
] as const satisfies readonly RowName[];

/** One row's measurements: as many of ours as of the floor, in pairs of one round each. */
export interface Measured {
  name: RowName;
  values: readonly number[];
  floors: readonly number[];
}

/** What a group of rows found. Notes are lines below the table. */
export interface Measurement {
  measured: Measured[];
  notes: string[];
}

/** A row as `--json` writes it. */
export interface Row<Name extends string = RowName> {
  name: Name;
  unit: string;
  /** Medians. */
  value: number;
  floor: number;
  /** `value` / `floor`. */
  ratio: number;
  /** Of the values: (largest − smallest) / median. */
  spread: number;
}

export function rowOf({ name, values, floors }: Measured): Row {
  const [value, floor] = [median(values), median(floors)];
  return { name, unit: ROWS[name].unit, value, floor, ratio: value / floor, spread: spread(values) };
}

/** What PERFORMANCE.md wants of a row. */
export function reachOf(name: RowName): Reach {
  return ROWS[name].reach;
}

/** Is the row where it should be? Undefined where nothing is asked. */
export function isReached({ value, ratio }: Pick<Row, "value" | "ratio">, reach: Reach): boolean | undefined {
  if (reach === null) return undefined;
  const figure = reach.of === "value" ? value : ratio;
  return "atMost" in reach ? figure <= reach.atMost : figure >= reach.atLeast;
}

/** The goal in words: `ratio ≤ 1.3`. */
export function reachWords(reach: Reach): string {
  if (reach === null) return "reported";
  return `${reach.of} ${"atMost" in reach ? `≤ ${reach.atMost}` : `≥ ${reach.atLeast}`}`;
}
