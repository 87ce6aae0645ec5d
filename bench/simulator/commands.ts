/** What the bench asks of the simulator's process, each with a number that its answer repeats. */
import * as v from "valibot";
import { Sample, Totals } from "./sample.ts";

export const Command = v.variant("do", [
  /** Connect these stations, at most so many in their handshake at once. Answered when all are online. */
  v.strictObject({ do: v.literal("connect"), from: v.number(), count: v.number(), atOnce: v.number() }),
  /** Sockets without any protocol, to a plain server. Answered when all are open. */
  v.strictObject({ do: v.literal("connect-plain"), count: v.number(), atOnce: v.number() }),
  /** Every connected station makes so many ballots at once, so often a second; 0 to stop. Poll is hexadecimal, as ballots name it. */
  v.strictObject({
    do: v.literal("vote"),
    poll: v.string(),
    options: v.number(),
    perSecond: v.number(),
    atOnce: v.number(),
  }),
  /** Cut the connections of this many stations; they come back with back-off. */
  v.strictObject({ do: v.literal("cut"), count: v.number() }),
  /** Every connected station sends so many frames a second, whatever the answer, and comes back at once when it is closed. */
  v.strictObject({ do: v.literal("flood"), perSecond: v.number() }),
  /** Every connected station reads nothing any more, and sends a heartbeat. @param want a chunk of the roll that it asks for again and again */
  v.strictObject({ do: v.literal("deafen"), want: v.nullable(v.string()) }),
  /** Forget latencies, and measure from here. */
  v.strictObject({ do: v.literal("mark") }),
  v.strictObject({ do: v.literal("totals") }),
]);
export type Command = v.InferOutput<typeof Command>;

export const Asked = v.strictObject({ number: v.number(), command: Command });

export const Told = v.variant("kind", [
  v.strictObject({ kind: v.literal("sample"), sample: Sample }),
  v.strictObject({ kind: v.literal("answer"), number: v.number(), totals: Totals }),
  v.strictObject({ kind: v.literal("failed"), number: v.number(), reason: v.string() }),
]);
export type Told = v.InferOutput<typeof Told>;
