/** Copies of a program's data directory, as backups, cloned disks and snapshots are. */
import { cpSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { openScratch } from "../rig/scratch.ts";
import { until } from "../rig/within.ts";

interface OnDisk {
  readonly data: string;
  readonly pid: number;
}

/** Of a program that is not running. */
export function copyOf({ data }: Pick<OnDisk, "data">): string {
  const copy = openScratch("copy");
  cpSync(data, copy, { recursive: true });
  return copy;
}

/**
 * Of a program that runs, and goes on as if nothing had been. It is stopped for a moment (as a virtual machine is for a
 * snapshot), so that the copy is of one moment.
 */
export async function snapshotOf(program: OnDisk): Promise<string> {
  process.kill(program.pid, "SIGSTOP");
  try {
    await until(`process ${program.pid} to stand still`, () => standsStill(program.pid));
    return copyOf(program);
  } finally {
    process.kill(program.pid, "SIGCONT");
  }
}

/** Put a data directory back to a copy; its program must not be running. The copy stays. */
export function putBack({ data }: Pick<OnDisk, "data">, copy: string): void {
  rmSync(data, { recursive: true });
  cpSync(copy, data, { recursive: true });
}

/** Snapshots are taken by way of Linux's list of threads; suites that need it say by name that they were not run. */
export const CAN_SNAPSHOT = process.platform === "linux";
export const NO_SNAPSHOT = CAN_SNAPSHOT ? "" : " (not run: it reads Linux's list of threads)";

/** Every thread of it: the one that writes the disk is not the first. */
function standsStill(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    // The name before it, in brackets, may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  });
}
