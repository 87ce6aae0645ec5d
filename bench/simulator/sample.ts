/** What a second of simulated stations amounts to (longer on a busy machine; counts are by the second), as it goes from the simulator's process to the bench's. */
import * as v from "valibot";

/** Milliseconds; null when nothing was measured in that second. */
const Quantile = v.nullable(v.number());

export const Sample = v.strictObject({
  /** Server time and the stations' (one machine), milliseconds since 1970. */
  atMs: v.number(),
  /** Sockets that are open, and stations that are let in. */
  links: v.number(),
  online: v.number(),
  /** Connections opened a second, and attempts that came to nothing. */
  opened: v.number(),
  refused: v.number(),
  /** Ballots made and acknowledged a second, and those waiting at its end. */
  made: v.number(),
  acked: v.number(),
  waiting: v.number(),
  ackP50: Quantile,
  ackP99: Quantile,
  /** From the making of a ballot until a station had the tally with it. */
  tallyP50: Quantile,
  tallyP99: Quantile,
  /** Frames that stations heard and said, a second. */
  heard: v.number(),
  said: v.number(),
  /** Ends of links, by close code. */
  closes: v.record(v.string(), v.number()),
  /** CPU of the simulator itself, a part of one core. */
  cpu: v.number(),
  rssMb: v.number(),
});
export type Sample = v.InferOutput<typeof Sample>;

/** What stations heard of the last move of any poll. */
export const PollHeard = v.strictObject({
  stations: v.number(),
  /** When the first, the middle one and the last of them heard of it, milliseconds since 1970. */
  firstMs: v.number(),
  middleMs: v.number(),
  lastMs: v.number(),
});
export type PollHeard = v.InferOutput<typeof PollHeard>;

/** Sums since the start. */
export const Totals = v.strictObject({
  made: v.number(),
  acked: v.number(),
  waiting: v.number(),
  /** Stations that are let in just now. */
  online: v.number(),
  /** Ballots acknowledged as anything but counted; those judged before a link broke are among them. */
  exceptions: v.number(),
  /** What must never happen, in words. */
  faults: v.array(v.string()),
  closes: v.record(v.string(), v.number()),
  /** Milliseconds from the making of a ballot to its ack, of all since the last `mark`. */
  ackP50: Quantile,
  ackP99: Quantile,
  ackMost: Quantile,
  tallyP50: Quantile,
  tallyP99: Quantile,
  poll: v.nullable(PollHeard),
});
export type Totals = v.InferOutput<typeof Totals>;
