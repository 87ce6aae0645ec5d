/** A program of the bench in a process of its own, that is asked and answers: floors, and whoever makes a load. */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import * as v from "valibot";
import { atEnd } from "../e2e/rig/at-end.ts";
import { PROJECT } from "../e2e/rig/program.ts";
import { within } from "../e2e/rig/within.ts";

export interface Child {
  readonly pid: number;
  /** Its answer, parsed. Throws when it ends or says nothing in time. One question at a time. */
  ask<S extends v.GenericSchema>(answer: S, question: unknown, limitMs?: number): Promise<v.InferOutput<S>>;
  kill9(): Promise<void>;
}

/** Longer than any one measurement. */
const ANSWER_MS = 60_000;

const running = new Set<ChildProcess>();
atEnd(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** @param entry from the project's root, such as `bench/floor/ingest.ts`; it answers with `answerParent` */
export function startChild(entry: string, args: readonly string[] = []): Child {
  const child = fork(join(PROJECT, entry), [...args], { cwd: PROJECT, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  running.add(child);
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      running.delete(child);
      resolve(`${entry} ended (${signal ?? code})`);
    });
  });
  return {
    pid: child.pid ?? 0,
    async ask(schema, question, limitMs = ANSWER_MS) {
      const answered = new Promise<unknown>((resolve) => void child.once("message", resolve));
      const gone = exited.then((why) => Promise.reject(new Error(why)));
      child.send({ question });
      const answer = await within(limitMs, `an answer of ${entry}`, Promise.race([answered, gone]));
      return v.parse(schema, v.parse(Answer, answer).answer);
    },
    async kill9() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

const Question = v.object({ question: v.unknown() });
const Answer = v.object({ answer: v.unknown() });

/** In the child: answer every question; what `answer` throws ends it. */
export function answerParent(answer: (question: unknown) => unknown): void {
  process.on("message", (message) => {
    void Promise.resolve(answer(v.parse(Question, message).question)).then((said) =>
      process.send?.({ answer: said ?? null }),
    );
  });
  process.once("disconnect", () => process.exit(0));
}
