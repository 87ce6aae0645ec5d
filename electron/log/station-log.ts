/** The station's logs as the rest of it sees them: promises around the thread that owns the file. */
import { bytesOfHex, sameBytes, toHex } from "../../shared/bytes.ts";
import type { Standing } from "../../shared/domain/projection.ts";
import { inEnglish, say, type Sentence } from "../../shared/sentences/sentence.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { createAppendRuns, type Stored } from "./append-runs.ts";
import {
  uptimeMs,
  type Heir,
  type LogAnswer,
  type LogRequest,
  type NewLog,
  type Salvaged,
  type StoredLog,
} from "./log-messages.ts";
import { startLogThread, type Unusable } from "./log-thread.ts";
import { NotStored } from "./not-stored.ts";
import { createPutOff } from "./put-off.ts";
import { decodeRescued, RESCUED, type Rescued } from "./rescued.ts";

export interface StationLog {
  /** The logs found at the last opening, oldest first. */
  readonly found: readonly StoredLog[];
  /** What is kept beside them. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
  /** What came of a damaged file that this one stands in place of. */
  rescued(): Rescued | undefined;
  /**
   * The file was opened anew, after the thread failed or the file itself: what was found holds from then on, and nothing is
   * stored until another log is begun.
   */
  onReopened(listener: () => void): void;
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
  readerNumber(identity: string): number | Promise<number>;
  /** Remember, some time soon, how far the server has a log. */
  acked(log: Uint8Array, upTo: number): void;
  /** Remember, some time soon, what the server says a log counts as. */
  standing(log: Uint8Array, standing: Standing): void;
  /** Remember, some time soon, bytes under a name. */
  keep(name: string, value: Uint8Array, soon?: boolean): void;
  /** Does the disk take anything? Resolves after a commit, or with why not. */
  probe(): Promise<{ ok: true } | { ok: false; reason: Sentence }>;
  close(): Promise<void>;
}

/** A disk this slow has failed for all a voter can see. */
const ANSWER_MS = 15_000;

/**
 * Open the log file in a thread of its own. Throws `StationUnusable`.
 * @param workerUrl `log-worker.ts`, or the file it was bundled into.
 * @param onAppended told how long each run of records took to the disk
 */
export async function openStationLog(
  path: string,
  workerUrl: URL,
  onAppended?: (seconds: number) => void,
): Promise<StationLog> {
  const readerNumbers = new Map<string, number>();
  const listeners: (() => void)[] = [];
  const started = await startLogThread(path, workerUrl, (opened) => {
    found = opened.logs;
    // A reader may have another number in a file that was rescued.
    readerNumbers.clear();
    const there = new Map(opened.kept.map(({ name, value }) => [name, value]));
    for (const [name, value] of kept) if (name !== RESCUED && !isSame(there.get(name), value)) keep(name, value, true);
    const rescued = there.get(RESCUED);
    if (rescued !== undefined) kept.set(RESCUED, rescued);
    for (const listener of listeners) listener();
  });
  if (!started.ok) throw unusable(started.unusable, path);
  const { thread, opened } = started;
  let found = opened.logs;
  /** As it should be on disk. */
  const kept = new Map(opened.kept.map(({ name, value }) => [name, value]));

  const putOff = createPutOff(thread.tell);
  /** What was asked before is done before. */
  const passOn = () => {
    runs.flush();
    putOff.flush();
  };
  const post = (request: LogRequest) => {
    passOn();
    thread.tell(request);
  };
  const keep = (name: string, value: Uint8Array, soon: boolean) => {
    const request: LogRequest = { kind: "keep", name, value, soon };
    if (soon) post(request);
    else putOff.add(`keep ${name}`, request);
  };
  /** Ask, and wait for the answer as long as it takes. */
  const askPatiently = (make: (id: number) => LogRequest): Promise<LogAnswer> => {
    passOn();
    return thread.ask(make);
  };
  const withinTime = (answering: Promise<LogAnswer>): Promise<LogAnswer> =>
    new Promise((resolve) => {
      const late = setTimeout(() => {
        resolve({ kind: "not-stored", id: 0, reason: say("disk-no-answer") });
      }, ANSWER_MS);
      void answering.then((answer) => {
        clearTimeout(late);
        resolve(answer);
      });
    });
  const ask = (make: (id: number) => LogRequest) => withinTime(askPatiently(make));
  const runs = createAppendRuns((records, into) => {
    const untilMs = uptimeMs() + ANSWER_MS;
    const log = into === undefined ? null : bytesOfHex(into);
    // What was put off goes on waiting: that is what it is for.
    return withinTime(thread.ask((id) => ({ kind: "append", id, records, log, untilMs })));
  }, onAppended);

  const newReaderNumber = async (identity: string) => {
    const answer = await ask((id) => ({ kind: "reader", id, identity }));
    if (answer.kind !== "reader-number") throw new NotStored(reasonOf(answer));
    readerNumbers.set(identity, answer.number);
    return answer.number;
  };

  return {
    get found() {
      return found;
    },
    kept,
    rescued: () => decodeRescued(kept.get(RESCUED)),
    onReopened: (listener) => void listeners.push(listener),
    async begin(log) {
      const answer = await ask((id) => ({ kind: "begin", id, log }));
      if (answer.kind === "not-stored") throw new StationUnusable("data-directory", inEnglish(answer.reason));
    },
    append: runs.add,
    async salvage(from, after, to, heirs = []) {
      // Given up, it would happen all the same, and we would not know which log records go to.
      const answer = await askPatiently((id) => ({ kind: "salvage", id, from, after, to, heirs }));
      if (answer.kind === "salvaged") return answer.made;
      throw new NotStored(reasonOf(answer));
    },
    async foresee(from, after, hash) {
      const answer = await ask((id) => ({ kind: "foresee", id, from, after, hash }));
      if (answer.kind === "foreseen") return { number: answer.number, hash: answer.hash };
      throw new NotStored(reasonOf(answer));
    },
    async heard(log) {
      // Given up, it would happen all the same, and we would take the log for one that may be made anew.
      const answer = await askPatiently((id) => ({ kind: "heard", id, log }));
      if (answer.kind !== "done") throw new NotStored(reasonOf(answer));
    },
    async read(log, from, limit) {
      const answer = await ask((id) => ({ kind: "read", id, log, from, limit }));
      if (answer.kind === "records") return answer;
      throw new NotStored(reasonOf(answer));
    },
    readerNumber: (identity) => readerNumbers.get(identity) ?? newReaderNumber(identity),
    acked: (log, upTo) => putOff.add(`acked ${toHex(log)}`, { kind: "acked", log, upTo }),
    standing: (log, standing) => post({ kind: "standing", log, standing }),
    keep(name, value, soon = false) {
      kept.set(name, value);
      keep(name, value, soon);
    },
    async probe() {
      const answer = await ask((id) => ({ kind: "probe", id }));
      return answer.kind === "not-stored" ? { ok: false, reason: answer.reason } : { ok: true };
    },
    async close() {
      // The thread closes the file before it answers; only a disk that hangs is cut off.
      await ask((id) => ({ kind: "close", id }));
      await thread.end();
    },
  };
}

function reasonOf(answer: LogAnswer): Sentence {
  return answer.kind === "not-stored"
    ? answer.reason
    : say("vote-not-stored", { message: `unexpected ${answer.kind}` });
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && sameBytes(a, b);
}

function unusable({ code, cause, remedy }: Unusable, path: string): StationUnusable {
  return new StationUnusable(code, `The station's log ${path} cannot be opened (${cause}). ${remedy}`);
}
