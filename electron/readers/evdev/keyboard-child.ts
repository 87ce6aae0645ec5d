/** A program that hears a keyboard for us: started, listened to, and ended with us. */
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Trouble } from "../serial/trouble.ts";
import { childTrouble } from "./trouble.ts";

/** Its last words are two lines; a child that says more is not listened to. */
const MAX_LAST_WORDS = 1_000;

/** Where a program is; undefined where there is none. */
export type FindTool = (name: string) => string | undefined;

export function findProgram(name: string, path = process.env["PATH"] ?? ""): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export interface KeyboardChild {
  /** Ends it; resolves when it is over. */
  end(): Promise<void>;
}

/**
 * A station that is killed must not leave a child behind that holds the keyboard: with setpriv (of util-linux, on every
 * Debian) the kernel ends it, without it ends when it writes its next key.
 * @param keyboard the path that `command` hears, for what is told
 * @param onEnd why it ended, once
 */
export function startKeyboardChild(
  command: readonly [string, ...string[]],
  keyboard: string,
  findTool: FindTool,
  onOutput: (bytes: Uint8Array) => void,
  onEnd: (trouble: Trouble) => void,
): KeyboardChild {
  const setpriv = findTool("setpriv");
  const [program, ...rest] = setpriv === undefined ? command : ([setpriv, "--pdeathsig", "KILL", ...command] as const);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let lastWords = "";
  let isOver = false;
  const finish = (trouble: Trouble) => {
    if (isOver) return;
    isOver = true;
    resolve();
    onEnd(trouble);
  };
  const child = startChild(program, rest);
  if (child instanceof Error) {
    // In a turn of its own, as every other end: whoever started it has nothing to end yet.
    setImmediate(() => finish({ kind: "other", message: child.message }));
    return { end: () => ended };
  }
  child.stdout?.on("data", (bytes: Buffer) => onOutput(bytes));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(0, MAX_LAST_WORDS);
  });
  // Without listeners a broken pipe would end the process.
  for (const stream of [child.stdout, child.stderr]) stream?.on("error", () => {});
  child.on("error", (error) => {
    if (child.pid === undefined) finish({ kind: "other", message: error.message });
  });
  child.on("close", () => finish(childTrouble(keyboard, lastWords)));
  return {
    end() {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

/** Out of memory `spawn` throws, instead of telling the child's listeners as it does of every other trouble. */
function startChild(program: string, rest: readonly string[]): ChildProcess | Error {
  try {
    // Out of files there are no pipes, whatever the types of `spawn` say.
    return spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
