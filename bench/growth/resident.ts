/** Memory of a running process, as Linux tells it (proc(5), `/proc/PID/status`). */
import { readFileSync } from "node:fs";

export interface Resident {
  /** Now (`VmRSS`) and the most there ever was (`VmHWM`), in MB of 1,000,000 bytes. */
  nowMb: number;
  peakMb: number;
}

/** Undefined where there is no `/proc`. */
export function residentOf(pid: number): Resident | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Undefined for a process that has no memory any more. */
export function parseStatus(status: string): Resident | undefined {
  const [now, peak] = [fieldMb(status, "VmRSS"), fieldMb(status, "VmHWM")];
  return now === undefined || peak === undefined ? undefined : { nowMb: now, peakMb: peak };
}

/** The kernel's "kB" are 1,024 bytes. */
function fieldMb(status: string, field: string): number | undefined {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return kib === undefined ? undefined : (Number(kib) * 1024) / 1e6;
}
