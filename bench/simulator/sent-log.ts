/**
 * A simulated station's log, in memory: records in the order they were made, and of them those that the server has not
 * acknowledged, ready to be sent again on another link. The real one keeps them on disk.
 */
import { sameBytes } from "../../shared/bytes.ts";
import { MAX_BATCH_RECORDS, encodeBatch } from "../../shared/domain/batch.ts";
import { batchToSign, encodeHeader, encodeRecord, firstHash, headerToSign } from "../../shared/domain/record.ts";
import { nextHash, type LogRecord } from "../../shared/domain/record.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../shared/link/limits.ts";
import { sha256, type StationKey } from "./station-keys.ts";

/** What an ack said: milliseconds from the making of each ballot it is the first to name, or why it cannot be. */
type Acked = { ok: true; waitedMs: number[] } | { ok: false; why: "fell-behind" | "other-history" };

export interface SentLog {
  /** The frame that opens the log on a link. */
  opening(): FrameOf<"log">;
  append(record: LogRecord, madeMs: number): void;
  /** The next batch that may be sent on this link; undefined when there is none, or the window is full. */
  nextBatch(): FrameOf<"batch"> | undefined;
  /** The server has the log up to here. @param opening the answer to `opening`: what is beyond is to be sent again */
  acked(head: number, hash: Uint8Array, nowMs: number, opening: boolean): Acked;
  /** Records made and not acknowledged. */
  waiting(): number;
}

interface Waiting {
  record: LogRecord;
  /** Running hash after it. */
  hash: Uint8Array;
  madeMs: number;
}

export interface LogOfStation {
  key: StationKey;
  log: Uint8Array;
  station: Uint8Array;
  event: Uint8Array;
  openedAtMs: number;
}

export function createSentLog({ key, ...ids }: LogOfStation): SentLog {
  const header = encodeHeader({ ...ids, parent: null });
  const signature = key.sign(headerToSign(header));
  let ackedNumber = 0;
  let ackedHash = firstHash(sha256, header);
  let waiting: Waiting[] = [];
  /** How many of those are on the way. */
  let sent = 0;
  /** Last number of each batch on the way. */
  let inFlight: number[] = [];
  const hashAfter = (count: number) => waiting[count - 1]?.hash ?? ackedHash;

  return {
    opening: () => [FRAME.log, header, signature, ackedNumber + waiting.length, hashAfter(waiting.length)],
    append(record, madeMs) {
      const hash = nextHash(sha256, hashAfter(waiting.length), encodeRecord(record));
      waiting.push({ record, hash, madeMs });
    },
    nextBatch() {
      const run = waiting.slice(sent, sent + MAX_BATCH_RECORDS);
      if (run.length === 0 || inFlight.length >= MAX_BATCHES_IN_FLIGHT) return undefined;
      const [hashBefore, first, count] = [hashAfter(sent), ackedNumber + sent + 1, run.length];
      sent += count;
      inFlight.push(ackedNumber + sent);
      const span = { log: ids.log, first, count, hashBefore, hashAfter: hashAfter(sent) };
      const records = run.map(({ record }) => record);
      return [FRAME.batch, encodeBatch({ ...span, records, signature: key.sign(batchToSign(span)) })];
    },
    acked(head, hash, nowMs, opening) {
      const count = head - ackedNumber;
      if (count < 0) return { ok: false, why: "fell-behind" };
      if (count > waiting.length || !sameBytes(hashAfter(count), hash)) return { ok: false, why: "other-history" };
      const gone = waiting.slice(0, count);
      ackedHash = hashAfter(count);
      waiting = waiting.slice(count);
      ackedNumber = head;
      inFlight = opening ? [] : inFlight.filter((last) => last > head);
      sent = opening ? 0 : Math.max(0, sent - count);
      const ballots = gone.filter(({ record }) => record.kind === "ballot");
      return { ok: true, waitedMs: ballots.map(({ madeMs }) => nowMs - madeMs) };
    },
    waiting: () => waiting.length,
  };
}
