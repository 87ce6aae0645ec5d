/** The rows of the bench, by the names that are fixed for everyone (DESIGN.md §10), and what each is to reach. */
import { median, spread } from "./stats.ts";

/** What PERFORMANCE.md asks for; null where it only wants the figure reported. */
type Reach = { of: "value" | "ratio"; atMost: number } | { of: "value" | "ratio"; atLeast: number } | null;

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
  "endToEnd.p50": { unit: "ms", reach: { of: "ratio", atMost: 1.3 } },
  "endToEnd.p99": { unit: "ms", reach: null },
  "endToEnd.burst": { unit: "taps/s", reach: { of: "ratio", atLeast: 0.8 } },
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
  "endToEnd.p50",
  "endToEnd.p99",
  "endToEnd.burst",
  "restart.1M",
  "rebuild.rate",
  "memory.1M",
] as const satisfies readonly RowName[];

/** Named in DESIGN.md §10, and not here yet. */
export const NOT_BUILT = [
  "ingest.durable",
  "fanout.burst",
  "fanout.cpuPerDelivery",
  "idle.memory",
  "feedback.p99",
] as const;

/** One row's measurements: as many of ours as of the floor, in pairs of one round each. */
export interface Measured {
  name: RowName;
  values: readonly number[];
  floors: readonly number[];
}

/** A row as `--json` writes it. */
export interface Row {
  name: RowName;
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

/** Is the row where it should be? Undefined where nothing is asked. */
export function isReached(row: Row): boolean | undefined {
  const reach: Reach = ROWS[row.name].reach;
  if (reach === null) return undefined;
  const figure = reach.of === "value" ? row.value : row.ratio;
  return "atMost" in reach ? figure <= reach.atMost : figure >= reach.atLeast;
}

/** The goal in words: `ratio ≤ 1.3`. */
export function reachWords(name: RowName): string {
  const reach: Reach = ROWS[name].reach;
  if (reach === null) return "reported";
  return `${reach.of} ${"atMost" in reach ? `≤ ${reach.atMost}` : `≥ ${reach.atLeast}`}`;
}
