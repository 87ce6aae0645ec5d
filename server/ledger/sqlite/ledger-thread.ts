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

/** A thread of the ledger died, or another took its place. */
export type ThreadNews = "ended" | "restarted";

/** `onCommitted` gets what each commit changed before its answers are given out, and everything after a restart. */
export function startLedgerThread(
  startWorker: (atLeast: number) => Worker,
  onCommitted: (committed: StandingRows) => void,
  onThread: (news: ThreadNews) => void = () => {},
): Promise<StartedThread> {
  const asked = new Map<number, (answer: Answer) => void>();
  let nextId = 1;
  let state: { kind: "up"; worker: Worker } | { kind: "down"; reason: string } = { kind: "down", reason: CLOSED };
  let closed = false;
  let restartMs = FIRST_RESTART_MS;
  /** Position of the last entry that was ever committed: a thread that does not find it has opened another file. */
  let cursor = 0;

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
    onThread("ended");
    setTimeout(() => {
      if (!closed) run(onAgain, fall);
    }, restartMs).unref();
    restartMs = Math.min(restartMs * 2, MAX_RESTART_MS);
  }

  function onAgain({ standing }: { standing: StandingRows }): void {
    onThread("restarted");
    onCommitted(standing);
  }

  function run(
    onReady: (ready: { standing: StandingRows }) => void,
    onRefused: (reason: string, why: LedgerFault) => void,
  ) {
    const worker = startWorker(cursor);
    let cause = "it ended";
    /** Why it ends, when it says so itself. */
    let ended: string | null = null;
    let refused = false;
    worker.on("message", (message: FromThread) => {
      switch (message.kind) {
        case "ready":
          state = { kind: "up", worker };
          cursor = message.standing.cursor;
          return onReady(message);
        case "ended":
          ended = message.reason;
          return;
        case "not-opened":
          refused = true;
          return onRefused(message.reason, message.why);
        case "answers":
          restartMs = FIRST_RESTART_MS;
          cursor = message.committed?.cursor ?? cursor;
          if (message.committed !== null) onCommitted(message.committed);
          for (const { id, answer } of message.answers) {
            asked.get(id)?.(answer);
            asked.delete(id);
          }
      }
    });
    worker.on("error", (error: unknown) => (cause = error instanceof Error ? error.message : String(error)));
    worker.on("exit", () => {
      if (!refused)
        fall(closed ? CLOSED : (ended ?? `the ledger's thread failed: ${cause}. It is being started again.`));
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
