/** What a process costs the machine, as Linux counts it. */
import { readFileSync } from "node:fs";

export interface ProcessCost {
  /** Since its start, user and system, of all its threads. */
  cpuMs: number;
  residentBytes: number;
}

/** Linux counts in hundredths of a second for programs, whatever it counts in by itself (USER_HZ). */
const TICK_MS = 10;
const KB = 1_024;

/** Throws when there is no such process, or the system is no Linux. */
export function costOf(pid: number): ProcessCost {
  // The name in parentheses may hold anything, so the fields are counted behind it.
  const [, fields = ""] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  const numbers = fields.split(" ");
  const [, resident = ""] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  const cpuMs = (Number(numbers[11]) + Number(numbers[12])) * TICK_MS;
  if (!Number.isFinite(cpuMs) || resident === "") throw new Error(`/proc/${pid} cannot be read`);
  return { cpuMs, residentBytes: Number(resident) * KB };
}
