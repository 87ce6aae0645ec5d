/** What a process has used of the processors, all its threads together, as Linux tells it (proc(5), `/proc/PID/stat`). */
import { readFileSync } from "node:fs";

/** The kernel shows times to programs in hundredths of a second, whatever it counts in itself. */
const TICKS_PER_SECOND = 100;

/** Seconds, its own and the kernel's for it. Throws where there is no `/proc`, or no such process. */
export function cpuSecondsOf(pid: number): number {
  return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Fields 14 and 15; the second is the program's name in brackets, and may hold anything. */
export function parseStat(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  if (!Number.isFinite(seconds)) throw new Error(`no times of a process in ${stat}`);
  return seconds;
}
