/** QEMU's machine protocol: a JSON object a line, an answer to each. Source: docs/interop/qmp-spec.txt of QEMU. */
import { connect } from "node:net";
import { createInterface } from "node:readline";

export interface Qmp {
  /** Throws with QEMU's words when it refuses. */
  ask(execute: string, given?: Readonly<Record<string, string>>): Promise<void>;
  close(): void;
}

const ANSWER_MS = 10_000;

export async function connectQmp(path: string): Promise<Qmp> {
  const socket = connect(path);
  const waiting: ((answer: Record<string, unknown>) => void)[] = [];
  createInterface({ input: socket }).on("line", (line) => {
    const said: unknown = JSON.parse(line);
    // Greeting and events are none.
    if (isObject(said) && ("return" in said || "error" in said)) waiting.shift()?.(said);
  });
  const ask: Qmp["ask"] = async (execute, given) => {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    waiting.push(resolve);
    const timer = setTimeout(() => reject(new Error(`QEMU does not answer ${execute}`)), ANSWER_MS);
    socket.once("error", reject);
    socket.write(`${JSON.stringify({ execute, arguments: given ?? {} })}\n`);
    const answer = await promise.finally(() => clearTimeout(timer));
    if ("error" in answer) throw new Error(`${execute}: ${JSON.stringify(answer["error"])}`);
  };
  await ask("qmp_capabilities");
  return { ask, close: () => socket.destroy() };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
