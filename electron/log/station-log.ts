/** The station's logs as the rest of it sees them: promises around the thread that owns the file. */
import { Worker } from "node:worker_threads";
import { StationUnusable } from "../files/station-unusable.ts";
import { uptimeMs, type LogAnswer, type LogRequest, type StoredLog } from "./log-messages.ts";

export type Stored =
  /** On disk: the record's number in the log begun last, and the running hash after it. */
  { ok: true; number: number; hash: Uint8Array } | { ok: false; reason: string };

export interface StationLog {
  /** The logs found at opening, oldest first, and what was kept beside them. */
  readonly found: readonly StoredLog[];
  readonly kept: ReadonlyMap<string, Uint8Array>;
  /** Begin a new log; records go to it from now on. Throws when the disk does not take it. */
  begin(log: Uint8Array, header: Uint8Array, signature: Uint8Array, hash: Uint8Array): Promise<void>;
  /** Resolves after the group commit that holds the record. Never rejects. */
  append(record: Uint8Array): Promise<Stored>;
  /** Records of a log from a number on, and the running hash before the first of them. */
  read(log: Uint8Array, from: number, limit: number): Promise<{ hashBefore: Uint8Array; records: Uint8Array[] }>;
  /** The number a reader has in records, given at its first appearance. */
  readerNumber(identity: string): Promise<number>;
  /** Remember, some time soon, how far the server has a log. */
  acked(log: Uint8Array, upTo: number): void;
  /** Remember, some time soon, bytes under a name. */
  keep(name: string, value: Uint8Array): void;
  /** Does the disk take anything? Resolves after a commit, or with why not. */
  probe(): Promise<{ ok: true } | { ok: false; reason: string }>;
  close(): Promise<void>;
}

/** A disk this slow has failed for all a voter can see. */
const ANSWER_MS = 15_000;

/**
 * Open the log file in a thread of its own. Throws `StationUnusable`.
 * @param workerUrl `log-worker.ts`, or the file it was bundled into.
 */
export async function openStationLog(path: string, workerUrl: URL): Promise<StationLog> {
  const worker = new Worker(workerUrl, { workerData: { path }, name: "station-log" });
  const waiting = new Map<number, (answer: LogAnswer) => void>();
  const readerNumbers = new Map<string, number>();
  let lastId = 0;
  let dead: string | null = null;

  const opened = await firstAnswer(worker, path);
  const giveUp = (reason: string) => {
    dead ??= reason;
    for (const [id, resolve] of waiting) resolve({ kind: "not-stored", id, reason });
    waiting.clear();
  };
  worker.on("message", (answer: LogAnswer) => {
    if (!("id" in answer)) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  worker.on("error", (error: Error) => giveUp(`The log's thread failed (${error.message}). Restart the station.`));
  worker.on("exit", () => giveUp("The log is closed."));

  const ask = (make: (id: number) => LogRequest): Promise<LogAnswer> => {
    const id = ++lastId;
    if (dead !== null) return Promise.resolve({ kind: "not-stored", id, reason: dead });
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        waiting.delete(id);
        resolve({ kind: "not-stored", id, reason: "The disk did not answer. Restart the computer, or replace it." });
      }, ANSWER_MS);
      waiting.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      worker.postMessage(make(id));
    });
  };

  return {
    found: opened.logs,
    kept: new Map(opened.kept.map(({ name, value }) => [name, value])),
    async begin(log, header, signature, hash) {
      const answer = await ask((id) => ({ kind: "begin", id, log, header, signature, hash }));
      if (answer.kind === "not-stored") throw new StationUnusable("data-directory", answer.reason);
    },
    async append(record) {
      const untilMs = uptimeMs() + ANSWER_MS;
      const answer = await ask((id) => ({ kind: "append", id, record, untilMs }));
      if (answer.kind === "stored") return { ok: true, number: answer.number, hash: answer.hash };
      return { ok: false, reason: answer.kind === "not-stored" ? answer.reason : `unexpected ${answer.kind}` };
    },
    async read(log, from, limit) {
      const answer = await ask((id) => ({ kind: "read", id, log, from, limit }));
      if (answer.kind === "records") return answer;
      throw new Error(answer.kind === "not-stored" ? answer.reason : `unexpected ${answer.kind}`);
    },
    async readerNumber(identity) {
      const known = readerNumbers.get(identity);
      if (known !== undefined) return known;
      const answer = await ask((id) => ({ kind: "reader", id, identity }));
      if (answer.kind !== "reader-number") {
        throw new Error(answer.kind === "not-stored" ? answer.reason : `unexpected ${answer.kind}`);
      }
      readerNumbers.set(identity, answer.number);
      return answer.number;
    },
    acked: (log, upTo) => worker.postMessage({ kind: "acked", log, upTo } satisfies LogRequest),
    keep: (name, value) => worker.postMessage({ kind: "keep", name, value } satisfies LogRequest),
    async probe() {
      const answer = await ask((id) => ({ kind: "probe", id }));
      return answer.kind === "not-stored" ? { ok: false, reason: answer.reason } : { ok: true };
    },
    async close() {
      // The thread closes the file before it answers; only a disk that hangs is cut off.
      await ask((id) => ({ kind: "close", id }));
      await worker.terminate();
    },
  };
}

async function firstAnswer(worker: Worker, path: string): Promise<Extract<LogAnswer, { kind: "opened" }>> {
  const answer = await new Promise<LogAnswer>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the log's thread ended before it said anything")));
  });
  if (answer.kind === "opened") return answer;
  await worker.terminate();
  if (answer.kind !== "unusable") throw new Error(`the log's thread began with ${answer.kind}`);
  const remedy = {
    "data-in-use": "Another station uses it. Stop that one, or name another directory with --data.",
    "data-corrupt": "The file is damaged. Keep a copy of it, and start with another --data directory.",
    "data-foreign": "Move it away, or name another directory with --data.",
    "data-too-new": "Update this program, or name another directory with --data.",
    "data-directory": "Make the directory readable and writable for this user, or name another with --data.",
  }[answer.code];
  throw new StationUnusable(answer.code, `The station's log ${path} cannot be opened (${answer.cause}). ${remedy}`);
}
