import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { dirname, delimiter, join } from "node:path";
import { PROJECT } from "./dev-tool.ts";

export interface Outcome {
  /** The exit code, or 128 + the signal's number as a shell would say it, or 127 when it could not be started. */
  code: number;
  /** stdout and stderr as they came; empty when the output went to the terminal. */
  output: string;
  timedOut: boolean;
}

export interface Bounds {
  timeoutMs: number;
  /** `show`: to this terminal; `keep`: into `output`. */
  output: "show" | "keep";
  env?: Record<string, string>;
}

const running = new Set<ChildProcess>();

/** Runs a program in the project's folder to its end or until its time is up; never rejects. */
export async function runBounded(command: string, args: readonly string[], bounds: Bounds): Promise<Outcome> {
  const stream = bounds.output === "show" ? "inherit" : "pipe";
  const child = spawn(command, args, {
    cwd: PROJECT,
    detached: process.platform !== "win32",
    env: { ...process.env, PATH: pathWithOurNode(), ...bounds.env },
    stdio: ["ignore", stream, stream],
  });
  if (running.size === 0) listen();
  running.add(child);
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output += text));

  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child);
  }, bounds.timeoutMs);

  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(127);
    });
    child.once("close", (exit, signal) => resolve(exit ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  clearTimeout(timer);
  running.delete(child);
  if (running.size === 0) stopListening();
  return { code, output, timedOut };
}

/** As {@link runBounded}, for a script that runs on this very Node. */
export function runNode(script: string, args: readonly string[], bounds: Bounds): Promise<Outcome> {
  return runBounded(process.execPath, [script, ...args], bounds);
}

// Whoever stops us stops what we started: each child leads a group of its own, with all it started in it.
function listen(): void {
  process.on("exit", killAll);
  process.on("SIGINT", exitFor).on("SIGTERM", exitFor).on("SIGHUP", exitFor);
}

function stopListening(): void {
  process.off("exit", killAll);
  process.off("SIGINT", exitFor).off("SIGTERM", exitFor).off("SIGHUP", exitFor);
}

function exitFor(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

function killAll(): void {
  for (const child of running) killGroup(child);
}

/** Tools that start `node` themselves must get this one, not the system's. */
function pathWithOurNode(): string {
  const ours = [dirname(process.execPath), join(PROJECT, "node_modules", ".bin")];
  return [...ours, process.env["PATH"] ?? ""].join(delimiter);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // Already gone, which is what was wanted.
  }
}
