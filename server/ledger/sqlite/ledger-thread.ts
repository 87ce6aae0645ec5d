/**
 * Keeps the ledger's thread running: puts questions to it, gives out its answers, and starts another when it dies. Until
 * that one is ready every question is answered `failed`, so that nobody waits for a thread that is gone.
 */
import type { Worker } from "node:worker_threads";
import type { LedgerFault } from "./ledger-fault.ts";
import type { Answer, FromThread, Question, ToThread } from "./ledger-messages.ts";
import type { StandingRows } from "./sqlite-projection.ts";

/** Long enough not to spin on a thread that dies at once, short enough that stations only notice a late ack. */
const FIRST_RESTART_MS = 1000;
/** A disk that is being repaired is looked at about twice a minute. */
const MAX_RESTART_MS = 30_000;

const CLOSED = "the ledger is closed";

export interface LedgerThread {
  /** Answered in the order asked; never rejects. */
  ask(question: Question, transfer?: ArrayBuffer[]): Promise<Answer>;
}

export type StartedThread =
  { ok: true; thread: LedgerThread; standing: StandingRows } | { ok: false; why: LedgerFault; reason: string };

/** `onCommitted` gets what each commit changed before its answers are given out, and everything after a restart. */
export function startLedgerThread(
  startWorker: () => Worker,
  onCommitted: (committed: StandingRows) => void,
): Promise<StartedThread> {
  const asked = new Map<number, (answer: Answer) => void>();
  let nextId = 1;
  let state: { kind: "up"; worker: Worker } | { kind: "down"; reason: string } = { kind: "down", reason: CLOSED };
  let closed = false;
  let restartMs = FIRST_RESTART_MS;

  function ask(question: Question, transfer: ArrayBuffer[] = []): Promise<Answer> {
    if (closed) return Promise.resolve({ kind: "failed", reason: CLOSED });
    if (question.kind === "close") closed = true;
    if (state.kind === "down") return Promise.resolve({ kind: "failed", reason: state.reason });
    const { worker } = state;
    const id = nextId++;
    return new Promise((resolve) => {
      asked.set(id, resolve);
      const message: ToThread = { id, question };
      worker.postMessage(message, transfer);
    });
  }

  /** The thread is gone. What it was asked may or may not have been written: only the next one can tell. */
  function fall(reason: string): void {
    state = { kind: "down", reason };
    for (const answer of asked.values()) answer({ kind: "failed", reason });
    asked.clear();
    if (closed) return;
    setTimeout(() => {
      if (!closed) run(({ standing }) => onCommitted(standing), fall);
    }, restartMs).unref();
    restartMs = Math.min(restartMs * 2, MAX_RESTART_MS);
  }

  function run(
    onReady: (ready: { standing: StandingRows }) => void,
    onRefused: (reason: string, why: LedgerFault) => void,
  ) {
    const worker = startWorker();
    let cause = "it ended";
    let refused = false;
    worker.on("message", (message: FromThread) => {
      switch (message.kind) {
        case "ready":
          state = { kind: "up", worker };
          return onReady(message);
        case "not-opened":
          refused = true;
          return onRefused(message.reason, message.why);
        case "answers":
          restartMs = FIRST_RESTART_MS;
          if (message.committed !== null) onCommitted(message.committed);
          for (const { id, answer } of message.answers) {
            asked.get(id)?.(answer);
            asked.delete(id);
          }
      }
    });
    worker.on("error", (error: unknown) => (cause = error instanceof Error ? error.message : String(error)));
    worker.on("exit", () => {
      if (!refused) fall(closed ? CLOSED : `the ledger's thread failed: ${cause}. It is being started again.`);
    });
  }

  return new Promise((resolve) => {
    run(
      ({ standing }) => resolve({ ok: true, thread: { ask }, standing }),
      (reason, why) => {
        closed = true;
        resolve({ ok: false, why, reason });
      },
    );
  });
}
