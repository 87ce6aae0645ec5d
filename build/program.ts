/** One of our programs as a child: started, heard out for its address, stopped in good order. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Program {
  url: string;
  /** Ask it to stop; resolves when it is gone. */
  stop(): Promise<void>;
  kill(): void;
}

export type Started = { ok: true; program: Program } | { ok: false; code: number };

/** A first start makes keys and files; it takes a second, on a slow disk some more. */
const START_MS = 60_000;
/** The programs themselves stop within 5 s. */
const STOP_MS = 5_500;

/** Start a program and wait for its first line, `<name> listening on <url>`; its other lines are passed on. */
export function startProgram(name: string, command: string, args: readonly string[]): Promise<Started> {
  // A group of its own: Ctrl-C reaches us alone, and we stop them in order.
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], detached: process.platform !== "win32" });
  const gone = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      console.error(`${name}: ${error.message}`);
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
  const program = (url: string): Program => ({
    url,
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      child.kill("SIGTERM");
      await gone;
      clearTimeout(late);
    },
  });
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
    void gone.then((code) => {
      clearTimeout(late);
      resolve({ ok: false, code });
      return undefined;
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      console.log(line);
      const [, url] = /listening on (https?:\/\/\S+)/.exec(line) ?? [];
      if (url === undefined) return;
      clearTimeout(late);
      resolve({ ok: true, program: program(url) });
    });
  });
}
