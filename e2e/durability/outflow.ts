/** What left for a peer: the bytes of all writes to one socket in one, and the call each of them left in. */
import type { Call } from "./strace.ts";

export interface Outflow {
  bytes: Buffer;
  /** Place in the trace where the call began that byte `at` left in. */
  leftAt(at: number): number;
}

const WRITES = new Set(["write", "writev", "sendto", "sendmsg"]);

/** One for each socket that was written to, in no order. */
export function outflows(calls: readonly Call[]): Outflow[] {
  const sockets = new Map<string, Call[]>();
  for (const call of calls) {
    if (!WRITES.has(call.name) || !call.target.startsWith("socket:") || call.result < 0) continue;
    sockets.set(call.target, [...(sockets.get(call.target) ?? []), call]);
  }
  return [...sockets.values()].map(outflow);
}

function outflow(writes: readonly Call[]): Outflow {
  const ends: { end: number; beganAt: number }[] = [];
  let end = 0;
  for (const { result, beganAt } of writes) ends.push({ end: (end += result), beganAt });
  return {
    // The kernel may take less than it is given; the rest is given again.
    bytes: Buffer.concat(writes.map(({ bytes, result }) => bytes.subarray(0, result))),
    leftAt: (at) => ends.find((write) => at < write.end)?.beganAt ?? Number.POSITIVE_INFINITY,
  };
}
