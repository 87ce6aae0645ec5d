/** A program under strace: how it is started, and its trace when it has ended. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramOptions } from "../rig/program.ts";
import { openScratch } from "../rig/scratch.ts";
import { STRACE_FLAGS, parseStrace, type Call } from "./strace.ts";

const TRACED = "trace=fdatasync,fsync,write,writev,sendto,sendmsg,pwrite64";

/** Is strace here, and may it trace? Suites that need it say by name that they were not run. */
export const CAN_TRACE =
  spawnSync("strace", [...STRACE_FLAGS, "-e", TRACED, "-o", "/dev/null", process.execPath, "--version"], {
    stdio: "ignore",
  }).status === 0;

export const NO_TRACE = CAN_TRACE ? "" : " (not run: strace is missing, or tracing is not permitted here)";

export interface Tracing {
  options: Pick<ProgramOptions, "through" | "nodeArgs">;
  /** Call it when the program has ended. */
  calls(): Call[];
}

/** @param planted with `synchronous = OFF` instead of `FULL` */
export function openTracing(planted: boolean): Tracing {
  const file = join(openScratch("trace"), "trace");
  return {
    options: {
      through: ["strace", ...STRACE_FLAGS, "-e", TRACED, "-o", file],
      nodeArgs: planted ? [`--import=${join(import.meta.dirname, "plant-synchronous-off.ts")}`] : [],
    },
    calls: () => parseStrace(readFileSync(file, "utf8")),
  };
}
