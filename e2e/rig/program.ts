/** Our programs as children of a test: started, heard, stopped or killed by their id, none left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { atEnd } from "./at-end.ts";
import { SLOWNESS, until, within } from "./within.ts";

export const PROJECT = join(import.meta.dirname, "..", "..");

/** A cold start on a busy machine: alone it takes 2 s, beside three others on its two cores it has taken 20 s. */
const START_MS = 40_000 * SLOWNESS;
/** What the programs promise for SIGTERM, and a little for the machine. */
const STOP_MS = 6_000 * SLOWNESS;
/** The kernel needs no more. */
const KILL_MS = 5_000 * SLOWNESS;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  args?: readonly string[];
  /** Added to this process's environment; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Flags of Node itself, such as `--import=…`; the program's threads get them, too. */
  nodeArgs?: readonly string[];
  /**
   * A command and its flags that runs the program, such as `["strace", "-D", "-f", …]`. It must keep the program's own
   * process id (strace does with `-D`), as that id is what is stopped and killed.
   */
  through?: readonly string[];
}

export interface Program {
  readonly pid: number;
  /** Everything it wrote so far. */
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<Exit>;
  /** `SIGKILL`: no clean-up, as when the power fails. Resolves when it is gone. */
  kill9(): Promise<Exit>;
  /** `SIGTERM`, unless another is named. Throws when it is not gone within 6 s; it is then killed. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

const running = new Set<ChildProcess>();
atEnd(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Start one of the project's entry files, such as `server/main.ts`, on this Node. */
export function spawnProgram(entry: string, options: ProgramOptions = {}): Program {
  const node = [process.execPath, ...(options.nodeArgs ?? []), join(PROJECT, entry)];
  const command = [...(options.through ?? []), ...node, ...(options.args ?? [])];
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, {
    cwd: PROJECT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  running.add(child);
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`${program} could not be started`, { cause })));
    // "close", not "exit": the last words are in by then.
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  // Whoever waits hears of a failed start; with nobody waiting it must not end the test run.
  exited.catch(() => running.delete(child));

  const kill9 = () => {
    child.kill("SIGKILL");
    return within(KILL_MS, `${entry} (pid ${child.pid}) to be gone after SIGKILL`, exited);
  };
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    kill9,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      try {
        return await within(STOP_MS, `${entry} (pid ${child.pid}) to stop after ${signal}`, exited);
      } catch (error) {
        await kill9();
        throw error;
      }
    },
  };
}

/** Start a program and wait for its first line, `… listening on URL`. Throws with what it said instead. */
export async function startListening(
  entry: string,
  options: ProgramOptions,
): Promise<{ program: Program; url: string }> {
  const program = spawnProgram(entry, options);
  const said = () => `\nstdout: ${program.stdout()}\nstderr: ${program.stderr()}`;
  let gone: string | undefined;
  program.exited.then(
    ({ code, signal }) => (gone = `ended (${signal ?? code})`),
    (error: unknown) => (gone = String(error)),
  );
  try {
    const url = await until(
      `${entry} to listen`,
      () => {
        if (gone !== undefined) throw new Error(`${entry} ${gone} before it listened${said()}`);
        return /^\w+ listening on (https?:\/\/\S+)\n/.exec(program.stdout())?.[1];
      },
      START_MS,
    );
    return { program, url };
  } catch (error) {
    if (gone === undefined) await program.kill9();
    throw new Error(`${entry} did not come up${said()}`, { cause: error });
  }
}
