/** Faults of the disk put into a running program from outside: strace makes its system calls fail, until it lets go. */
import { spawn, type ChildProcess } from "node:child_process";
import { atEnd } from "../rig/at-end.ts";
import { until, within } from "../rig/within.ts";

export interface Fault {
  /** The system calls, as strace names them. */
  calls: readonly string[];
  /** What they do instead, as in `-e inject=…:HERE`: `error=EIO`, `error=ENOSPC:when=1`, `delay_exit=2000000`. */
  as: string;
}

export const SYNCS = ["fsync", "fdatasync"] as const;
const WRITES = ["pwrite64", "ftruncate", "fallocate"] as const;
/** How a program finds out that a folder takes nothing. */
const LOOKS = ["access", "faccessat", "faccessat2"] as const;

/** Faults as the kernel reports them to whoever has the file open. */
export const FAULTS = {
  "a full disk": { calls: WRITES, as: "error=ENOSPC" },
  "a disk that fails to write": { calls: WRITES, as: "error=EIO" },
  "a sync that fails once": { calls: SYNCS, as: "error=EIO:when=1" },
  "syncs that fail on and on": { calls: SYNCS, as: "error=EIO" },
  "a disk that has become read-only": { calls: [...WRITES, ...LOOKS], as: "error=EROFS" },
} as const satisfies Record<string, Fault>;

export const SLOW_SYNC: Fault = { calls: SYNCS, as: "delay_exit=2000000" };

const ATTACH_MS = 15_000;
const running = new Set<ChildProcess>();
atEnd(() => {
  for (const strace of running) strace.kill("SIGKILL");
});

interface Aim {
  /** Only calls on these files; default: all. */
  paths?: readonly string[];
  /** Where to write down the calls, and those of these names besides. */
  trace?: { file: string; calls: readonly string[] };
}

/**
 * Make a running program's calls fail; resolves when they do.
 * @returns resolves when they work again, or the program is gone
 */
export async function putFault(
  pid: number,
  { calls, as }: Fault,
  { paths = [], trace = { file: "/dev/null", calls: [] } }: Aim = {},
): Promise<() => Promise<void>> {
  const traced = [...calls, ...trace.calls];
  const what = [
    "-e",
    `trace=${traced.join()}`,
    "-e",
    `inject=${calls.join()}:${as}`,
    ...paths.flatMap((path) => ["-P", path]),
  ];
  const args = ["-f", "-y", "-s", "0", ...what, "-o", trace.file, "-p", String(pid)];
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  running.add(strace);
  let said = "";
  strace.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const gone = new Promise<void>((resolve) => void strace.once("close", () => resolve()));
  await until("strace to hold the program", () => / attached/.test(said), ATTACH_MS).catch((cause: unknown) => {
    throw new Error(`strace said: ${said}`, { cause });
  });
  return async () => {
    strace.kill("SIGINT");
    await within(ATTACH_MS, "strace to let go", gone);
    running.delete(strace);
  };
}
