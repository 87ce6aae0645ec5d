/**
 * Keeps the log's thread running: puts questions to it, gives out its answers, and starts another when it ends. Until that one
 * has opened the file every question is answered `not-stored`, so that nobody waits for a thread that is gone.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import type { LogAnswer, LogRequest, LogWorkerStart } from "./log-messages.ts";

/** Soon: the thread ends when it has put things right, and people are tapping. */
const FIRST_RESTART_MS = 250;
/** A disk that is being repaired is looked at often enough that nobody waits long after it is. */
const MAX_RESTART_MS = 5_000;
/** A thread whose file is closed is gone within milliseconds. */
const LAST_MS = 500;

export type Opened = Extract<LogAnswer, { kind: "opened" }>;
export type Unusable = Extract<LogAnswer, { kind: "unusable" }>;

interface LogThread {
  /** Answered as long as it takes; never rejects. */
  ask(make: (id: number) => LogRequest): Promise<LogAnswer>;
  /** Nobody waits for an answer, and there is none while no thread runs. */
  tell(request: LogRequest): void;
  /** The thread ends, and no other is started. */
  end(): Promise<void>;
}

export type StartedThread = { ok: true; thread: LogThread; opened: Opened } | { ok: false; unusable: Unusable };

/** @param onReopened another thread has opened the file: what was found there holds from now on */
export async function startLogThread(
  path: string,
  workerUrl: URL,
  onReopened: (opened: Opened) => void,
): Promise<StartedThread> {
  const waiting = new Map<number, (answer: LogAnswer) => void>();
  let lastId = 0;
  let worker: Worker | null = null;
  let down: Sentence = say("log-closed");
  let closed = false;
  let restartMs = FIRST_RESTART_MS;

  const fall = (reason: Sentence) => {
    worker = null;
    down = reason;
    for (const [id, resolve] of waiting) resolve({ kind: "not-stored", id, reason });
    waiting.clear();
  };
  const restartLater = () => {
    if (closed) return;
    setTimeout(() => void restart(), restartMs).unref();
    restartMs = Math.min(restartMs * 2, MAX_RESTART_MS);
  };
  const restart = async () => {
    if (closed) return;
    try {
      const first = await open();
      if (first.kind === "opened") return onReopened(first);
      down = first.reason;
    } catch (error) {
      down = say("log-thread-failed", { message: String(error) });
    }
    restartLater();
  };
  const open = async (): Promise<Opened | Unusable> => {
    const data: LogWorkerStart = { path };
    const fresh = new Worker(workerUrl, { workerData: data, name: "station-log" });
    const first = await firstAnswer(fresh);
    if (first.kind === "unusable") {
      await fresh.terminate();
      return first;
    }
    if (closed) {
      await fresh.terminate();
      return first;
    }
    worker = fresh;
    let reason = say("log-thread-ended");
    fresh.on("message", (answer: LogAnswer) => {
      if (answer.kind === "lost") return fall(answer.reason);
      if (!("id" in answer)) return;
      if (answer.kind !== "not-stored") restartMs = FIRST_RESTART_MS;
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    });
    fresh.on("error", (error: Error) => (reason = say("log-thread-failed", { message: error.message })));
    fresh.on("exit", () => {
      if (closed) return fall(say("log-closed"));
      // Otherwise it said itself why it ends.
      if (worker === fresh) fall(reason);
      restartLater();
    });
    return first;
  };

  const first = await open();
  if (first.kind === "unusable") return { ok: false, unusable: first };
  const thread: LogThread = {
    ask(make) {
      const id = ++lastId;
      const to = worker;
      if (to === null) return Promise.resolve({ kind: "not-stored", id, reason: down });
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        to.postMessage(make(id));
      });
    },
    tell: (request) => worker?.postMessage(request),
    async end() {
      closed = true;
      if (worker !== null) await ended(worker);
      fall(say("log-closed"));
    },
  };
  return { ok: true, thread, opened: first };
}

/** Its port is closed and its file, too: it ends by itself. Cut off at once, V8 has crashed (nodejs/node#64500). */
async function ended(worker: Worker): Promise<void> {
  const late = new AbortController();
  const gone = once(worker, "exit", { signal: late.signal }).catch(() => worker.terminate());
  const timer = setTimeout(() => late.abort(), LAST_MS);
  await gone;
  clearTimeout(timer);
}

async function firstAnswer(worker: Worker): Promise<Opened | Unusable> {
  const answer = await new Promise<LogAnswer>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the log's thread ended before it said anything")));
  });
  if (answer.kind === "opened" || answer.kind === "unusable") return answer;
  throw new Error(`the log's thread began with ${answer.kind}`);
}
