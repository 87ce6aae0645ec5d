/** One of our programs as a child: started, heard out for its address, stopped in good order. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Program {
  /** Where it listens; undefined when it ended before it did. */
  readonly url: Promise<string | undefined>;
  /** Once it is gone: the code to end with in turn, and what ended it where it could not say so itself. */
  readonly gone: Promise<{ code: number; signal: NodeJS.Signals | null }>;
  /** Ask it to stop; resolves when it is gone. */
  stop(): Promise<void>;
  kill(): void;
}

/** A first start makes keys and files; it takes a second, on a slow disk some more. */
const START_MS = 60_000;

/** Start a program. Its first line is `<name> listening on <url>`; all its lines are passed on. */
export function startProgram(name: string, command: string, args: readonly string[]): Program {
  // A group of its own: Ctrl-C reaches us alone, and we stop them in order.
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], detached: process.platform !== "win32" });
  const gone = new Promise<{ code: number; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("error", (error) => {
      console.error(`${name}: ${error.message}`);
      resolve({ code: 1, signal: null });
    });
    child.once("exit", (code, signal) => resolve({ code: code ?? 1, signal }));
  });
  const kill = () => void child.kill("SIGKILL");
  const url = new Promise<string | undefined>((resolve) => {
    const late = setTimeout(kill, START_MS);
    const told = (address: string | undefined) => {
      clearTimeout(late);
      resolve(address);
    };
    void gone.then(() => told(undefined));
    createInterface({ input: child.stdout }).on("line", (line) => {
      console.log(line);
      const [, address] = /listening on (https?:\/\/\S+)/.exec(line) ?? [];
      if (address !== undefined) told(address);
    });
  });
  return {
    url,
    gone,
    kill,
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}
