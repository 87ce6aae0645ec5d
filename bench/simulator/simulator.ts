/** The simulator as a child of the bench. */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import * as v from "valibot";
import { atEnd } from "../../e2e/rig/at-end.ts";
import { within } from "../../e2e/rig/within.ts";
import { Told, type Command } from "./commands.ts";
import type { Sample, Totals } from "./sample.ts";

/** Ten thousand handshakes take 20 s, on a machine busy with other things ten times that. */
const ANSWER_MS = 300_000;

const running = new Set<ChildProcess>();
atEnd(() => {
  for (const child of running) child.kill("SIGKILL");
});

export interface Simulator {
  /** Resolves when it is done, with all that was measured so far. */
  ask(command: Command): Promise<Totals>;
  /** Told of every second; one listener. */
  onSample(listener: (sample: Sample) => void): void;
  close(): void;
}

export function startSimulator(server: string, seed: string): Simulator {
  const child = fork(join(import.meta.dirname, "child.ts"), [server, seed], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const asked = new Map<number, PromiseWithResolvers<Totals>>();
  let number = 0;
  let onSample: (sample: Sample) => void = () => {};
  const settle = (told: Exclude<Told, { kind: "sample" }>) => {
    const waiting = asked.get(told.number);
    asked.delete(told.number);
    if (told.kind === "answer") waiting?.resolve(told.totals);
    else waiting?.reject(new Error(`the simulator: ${told.reason}`));
  };
  child.on("message", (message) => {
    const told = v.parse(Told, message);
    if (told.kind === "sample") onSample(told.sample);
    else settle(told);
  });
  child.once("exit", (code, signal) => {
    for (const waiting of asked.values()) waiting.reject(new Error(`the simulator ended (${signal ?? code})`));
  });
  return {
    ask(command) {
      const waiting = Promise.withResolvers<Totals>();
      asked.set(++number, waiting);
      child.send({ number, command });
      return within(ANSWER_MS, `the simulator to ${command.do}`, waiting.promise);
    },
    onSample: (listener) => void (onSample = listener),
    close: () => void child.kill("SIGKILL"),
  };
}
