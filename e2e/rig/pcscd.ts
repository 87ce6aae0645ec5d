/** A real pcscd with sixteen virtual readers: the rig of electron/readers/pcsc, which walls keep us from importing, as a child. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atEnd } from "./at-end.ts";
import { PROJECT } from "./program.ts";
import { within } from "./within.ts";

export interface PcscdProgram {
  /** pcscd's names for the readers. */
  readonly names: readonly string[];
  start(): Promise<void>;
  /** By SIGKILL. */
  kill9(): Promise<void>;
  /** @param manner `pulled`: it goes in the middle of the first command */
  insert(reader: number, uid: string, manner?: "pulled"): Promise<void>;
  remove(reader: number): Promise<void>;
  stop(): Promise<void>;
}

const ENTRY = join(PROJECT, "electron", "readers", "pcsc", "rig-program.testing.ts");
/** Another test file may have it: pcscd runs only once on a machine. */
const TURN_WITHIN_MS = 120_000;
const ANSWER_WITHIN_MS = 15_000;

/** The rig, or why it cannot be had here. pcscd is not started yet. */
export async function openPcscd(): Promise<{ ok: true; pcscd: PcscdProgram } | { ok: false; why: string }> {
  const child = spawn(process.execPath, [ENTRY], { stdio: ["pipe", "pipe", "inherit"] });
  atEnd(() => child.kill("SIGTERM"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (limitMs: number) => (await within(limitMs, "the rig's answer", lines.next())).value ?? "";
  const first = await line(TURN_WITHIN_MS);
  const names = /^ready (.+)$/.exec(first)?.[1]?.split("|");
  if (names === undefined) return { ok: false, why: first.replace(/^not run: /, "") };
  let asked: Promise<void> = Promise.resolve();
  const ask = (...words: readonly (string | number)[]) => {
    asked = asked.then(async () => {
      child.stdin.write(`${words.join(" ")}\n`);
      const answer = await line(ANSWER_WITHIN_MS);
      if (answer !== "ok") throw new Error(`the rig said ${answer}`);
    });
    return asked;
  };
  return {
    ok: true,
    pcscd: {
      names,
      start: () => ask("start"),
      kill9: () => ask("kill"),
      insert: (reader, uid, manner) => ask("insert", reader, uid, ...(manner === undefined ? [] : [manner])),
      remove: (reader) => ask("remove", reader),
      async stop() {
        const ended = once(child, "exit");
        child.stdin.write("stop\n");
        await within(ANSWER_WITHIN_MS, "the rig to end", ended);
      },
    },
  };
}
