/**
 * Records that come at the same moment leave for the log's thread as one message: to pass it one costs as much as to
 * judge a tap, and in a burst there are many. A lone one waits for nothing but the end of what is going on now.
 */
import { HASH_BYTES } from "../../shared/domain/record.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import type { LogAnswer } from "./log-messages.ts";
import { packBytes, type PackedBytes } from "./packed-bytes.ts";

export type Stored =
  /** On disk: the log it went to (hexadecimal), the record's number there, and the running hash after it. */
  { ok: true; log: string; number: number; hash: Uint8Array } | { ok: false; reason: Sentence };

/** Enough that the message no longer shows; few enough that the disk works on the first while the next are judged. */
const MAX_RUN_RECORDS = 64;

export interface AppendRuns {
  /** @param log hexadecimal; undefined: the log that records go to when it is stored */
  add(record: Uint8Array, log: string | undefined): Promise<Stored>;
  /** Send what waits, before anything else is sent. */
  flush(): void;
}

/**
 * @param send never rejects
 * @param onAnswered how long a run took, from leaving to its answer
 */
export function createAppendRuns(
  send: (records: PackedBytes, log: string | undefined) => Promise<LogAnswer>,
  onAnswered: (seconds: number) => void = () => {},
): AppendRuns {
  let records: Uint8Array[] = [];
  let resolves: ((stored: Stored) => void)[] = [];
  let into: string | undefined;

  const flush = () => {
    if (records.length === 0) return;
    const [run, told] = [records, resolves];
    records = [];
    resolves = [];
    const fromMs = performance.now();
    void send(packBytes(run), into).then((answer) => {
      onAnswered((performance.now() - fromMs) / 1000);
      for (const [at, resolve] of told.entries()) resolve(storedAt(answer, at));
    });
  };
  return {
    flush,
    add(record, log) {
      if (log !== into) flush();
      into = log;
      if (records.push(record) === 1) queueMicrotask(flush);
      const stored = new Promise<Stored>((resolve) => void resolves.push(resolve));
      if (records.length === MAX_RUN_RECORDS) flush();
      return stored;
    },
  };
}

/** What the answer says of one record of the run. */
function storedAt(answer: LogAnswer, at: number): Stored {
  if (answer.kind === "not-stored") return { ok: false, reason: answer.reason };
  if (answer.kind !== "stored")
    return { ok: false, reason: say("vote-not-stored", { message: `unexpected ${answer.kind}` }) };
  const { log, first, hashes } = answer;
  return { ok: true, log, number: first + at, hash: hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES) };
}
