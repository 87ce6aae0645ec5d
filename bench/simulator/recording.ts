/** A scenario as it goes, second by second: what stations measured, and beside it what the server's process used. */
import { cpuSecondsOf } from "../cpu.ts";
import { residentOf } from "../growth/resident.ts";
import type { Sample } from "./sample.ts";
import type { Simulator } from "./simulator.ts";

/** One second. */
export interface Moment extends Sample {
  /** Since the recording began. */
  second: number;
  /** Of the server: a part of one core, all threads; null while it is away. */
  serverCpu: number | null;
  serverMb: number | null;
}

export interface Recording {
  moments: readonly Moment[];
  /** Something happens now. */
  note(text: string): void;
  notes: readonly { second: number; text: string }[];
}

/** @param pid of the server's process that runs now */
export function record(simulator: Simulator, pid: () => number): Recording {
  const moments: Moment[] = [];
  const notes: { second: number; text: string }[] = [];
  const beganMs = performance.now();
  const seconds = () => (performance.now() - beganMs) / 1_000;
  let before = { pid: pid(), cpu: cpuOf(pid()), at: seconds() };
  simulator.onSample((sample) => {
    const now = { pid: pid(), cpu: cpuOf(pid()), at: seconds() };
    const known = now.pid === before.pid && now.cpu !== undefined && before.cpu !== undefined;
    const serverCpu = known ? ((now.cpu ?? 0) - (before.cpu ?? 0)) / (now.at - before.at) : null;
    before = now;
    moments.push({ ...sample, second: now.at, serverCpu, serverMb: residentOf(now.pid)?.nowMb ?? null });
  });
  return { moments, notes, note: (text) => void notes.push({ second: seconds(), text }) };
}

/** Undefined while the server is away. */
function cpuOf(pid: number): number | undefined {
  try {
    return cpuSecondsOf(pid);
  } catch {
    return undefined;
  }
}
