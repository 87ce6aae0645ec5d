/** The station's logs as the rest of it sees them: promises around the thread that owns the file. */
import { Worker } from "node:worker_threads";
import { bytesOfHex } from "../../shared/bytes.ts";
import type { Standing } from "../../shared/domain/projection.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import {
  uptimeMs,
  type Heir,
  type LogAnswer,
  type LogRequest,
  type NewLog,
  type Salvaged,
  type StoredLog,
} from "./log-messages.ts";

export type Stored =
  /** On disk: the log it went to (hexadecimal), the record's number there, and the running hash after it. */
  { ok: true; log: string; number: number; hash: Uint8Array } | { ok: false; reason: string };

export interface StationLog {
  /** The logs found at opening, oldest first, and what was kept beside them. */
  readonly found: readonly StoredLog[];
  readonly kept: ReadonlyMap<string, Uint8Array>;
  /** Begin a new log; records go to it from now on. Throws when the disk does not take it. */
  begin(log: NewLog): Promise<void>;
  /**
   * Resolves after the group commit that holds the record, in the order of the calls. Never rejects.
   * @param log hexadecimal; the log that records go to now, if none is named
   */
  append(record: Uint8Array, log?: string): Promise<Stored>;
  /**
   * Move the records of a log after a number to a new log, all of them or, when it throws, none. Resolves with the new
   * log; with null when there was nothing to move. If records go to the old log now, they go to the new one from now on.
   * @param heirs logs of which nobody heard that become others with it, parents before children
   */
  salvage(from: Uint8Array, after: number, to: NewLog, heirs?: readonly Heir[]): Promise<Salvaged | null>;
  /** Where the records of a log after a number would end, if they moved behind a header with this hash. */
  foresee(from: Uint8Array, after: number, hash: Uint8Array): Promise<{ number: number; hash: Uint8Array }>;
  /** Note that a server may have heard of a log; it is on disk when this resolves. Throws when the disk does not take it. */
  heard(log: Uint8Array): Promise<void>;
  /** Records of a log from a number on, and the running hash before the first of them. */
  read(log: Uint8Array, from: number, limit: number): Promise<{ hashBefore: Uint8Array; records: Uint8Array[] }>;
  /** The number a reader has in records, given at its first appearance. */
  readerNumber(identity: string): Promise<number>;
  /** Remember, some time soon, how far the server has a log. */
  acked(log: Uint8Array, upTo: number): void;
  /** Remember, some time soon, what the server says a log counts as. */
  standing(log: Uint8Array, standing: Standing): void;
  /** Remember, some time soon, bytes under a name. */
  keep(name: string, value: Uint8Array, soon?: boolean): void;
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

  /** Ask, and wait for the answer as long as it takes. */
  const askPatiently = (make: (id: number) => LogRequest): Promise<LogAnswer> => {
    const id = ++lastId;
    if (dead !== null) return Promise.resolve({ kind: "not-stored", id, reason: dead });
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage(make(id));
    });
  };
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
    async begin(log) {
      const answer = await ask((id) => ({ kind: "begin", id, log }));
      if (answer.kind === "not-stored") throw new StationUnusable("data-directory", answer.reason);
    },
    async append(record, into) {
      const untilMs = uptimeMs() + ANSWER_MS;
      const log = into === undefined ? null : bytesOfHex(into);
      const answer = await ask((id) => ({ kind: "append", id, record, log, untilMs }));
      if (answer.kind === "stored") return { ok: true, log: answer.log, number: answer.number, hash: answer.hash };
      return { ok: false, reason: reasonOf(answer) };
    },
    async salvage(from, after, to, heirs = []) {
      // Given up, it would happen all the same, and we would not know which log records go to.
      const answer = await askPatiently((id) => ({ kind: "salvage", id, from, after, to, heirs }));
      if (answer.kind === "salvaged") return answer.made;
      throw new Error(reasonOf(answer));
    },
    async foresee(from, after, hash) {
      const answer = await ask((id) => ({ kind: "foresee", id, from, after, hash }));
      if (answer.kind === "foreseen") return { number: answer.number, hash: answer.hash };
      throw new Error(reasonOf(answer));
    },
    async heard(log) {
      // Given up, it would happen all the same, and we would take the log for one that may be made anew.
      const answer = await askPatiently((id) => ({ kind: "heard", id, log }));
      if (answer.kind !== "done") throw new Error(reasonOf(answer));
    },
    async read(log, from, limit) {
      const answer = await ask((id) => ({ kind: "read", id, log, from, limit }));
      if (answer.kind === "records") return answer;
      throw new Error(reasonOf(answer));
    },
    async readerNumber(identity) {
      const known = readerNumbers.get(identity);
      if (known !== undefined) return known;
      const answer = await ask((id) => ({ kind: "reader", id, identity }));
      if (answer.kind !== "reader-number") throw new Error(reasonOf(answer));
      readerNumbers.set(identity, answer.number);
      return answer.number;
    },
    acked: (log, upTo) => worker.postMessage({ kind: "acked", log, upTo } satisfies LogRequest),
    standing: (log, standing) => worker.postMessage({ kind: "standing", log, standing } satisfies LogRequest),
    keep: (name, value, soon = false) => worker.postMessage({ kind: "keep", name, value, soon } satisfies LogRequest),
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

function reasonOf(answer: LogAnswer): string {
  return answer.kind === "not-stored" ? answer.reason : `unexpected ${answer.kind}`;
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
