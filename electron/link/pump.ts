/**
 * Sends what is stored and not sent, in signed batches, as many at once as the window allows. Records stored just now are
 * taken from memory, all others from the disk.
 */
import { sameBytes } from "../../shared/bytes.ts";
import { MAX_BATCH_RECORDS, encodeBatch, hashRecords } from "../../shared/domain/batch.ts";
import { batchToSign, decodeRecord, nextHash, type LogRecord, type Sha256 } from "../../shared/domain/record.ts";
import { FRAME, type Frame } from "../../shared/link/frames.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../shared/link/limits.ts";
import type { StationLog } from "../log/station-log.ts";
import type { FreshRecords, Run } from "./fresh-records.ts";
import { hasToSend, isUnsettled, mayGoOn, type Sending } from "./sending.ts";

export interface PumpSurroundings {
  logs: readonly Sending[];
  fresh: FreshRecords;
  store: Pick<StationLog, "read">;
  sign: (bytes: Uint8Array) => Uint8Array;
  sha256: Sha256;
  onTrouble: (reason: string) => void;
}

export interface Pump {
  /** Send what may be sent. */
  run(): Promise<void>;
  /**
   * This record will be the next of a log, if nothing comes in between: sign it while the disk takes it. Nothing is sent of
   * it before it is stored, and then only if it came as foreseen.
   */
  prepare(log: Sending, record: LogRecord, bytes: Uint8Array): void;
  connected(send: (frame: Frame) => void): void;
  disconnected(): void;
  /** Send what was made ready of a log, if it was just stored as foreseen. False: `run` has to see to it. */
  sendReady(log: Sending): boolean;
  /** The server has this log up to here. */
  acked(log: string, upTo: number): void;
  /** What is on the way of this log comes to nothing. */
  dropped(log: string): void;
  /** Running hash after a batch that is on its way. */
  hashAt(log: string, number: number): Uint8Array | undefined;
}

export function createPump({ logs, fresh, store, sign, sha256, onTrouble }: PumpSurroundings): Pump {
  let send: ((frame: Frame) => void) | null = null;
  /** Last number and running hash of the batches on the way, oldest first. */
  let inFlight: { id: string; last: number; hash: Uint8Array }[] = [];
  let running = false;
  let again = false;
  /** The batch that was foreseen last. */
  let ready: { id: string; first: number; hashAfter: Uint8Array; frame: Frame } | null = null;

  const fromDisk = async (log: Uint8Array, from: number, limit: number): Promise<Run> => {
    const { hashBefore, records: bytes } = await store.read(log, from, limit);
    if (bytes.length === 0) throw new Error("stored records are missing: the log file is damaged");
    const records = bytes.map(readBack);
    return { hashBefore, records, hashAfter: hashRecords(sha256, hashBefore, records) };
  };
  const signed = (log: Uint8Array, first: number, { hashBefore, hashAfter, records }: Run): Frame => {
    const signature = sign(batchToSign({ log, first, count: records.length, hashBefore, hashAfter }));
    return [FRAME.batch, encodeBatch({ log, first, hashBefore, records, signature })];
  };
  const went = (log: Sending, last: number, hash: Uint8Array) => {
    log.sent = last;
    inFlight.push({ id: log.id, last, hash });
  };
  // What a log says of the others, that they are drained, holds only once these were compared with the server's.
  const mayGoNow = () => send !== null && inFlight.length < MAX_BATCHES_IN_FLIGHT && !logs.some(isUnsettled);
  const sendAll = async () => {
    for (;;) {
      const link = send;
      const log = logs.find(hasToSend);
      if (link === null || log === undefined || !mayGoNow()) return;
      const from = log.sent + 1;
      // No record beyond the head we know of: its own turn comes when we are told that it was stored.
      const limit = Math.min(MAX_BATCH_RECORDS, log.stored.head - log.sent);
      const run = fresh.run(log.id, from, limit) ?? (await fromDisk(log.stored.log, from, limit));
      // While the disk was read the link may have broken, then a new one begins anew; or the log's standing changed.
      if (send !== link || log.sent !== from - 1 || !hasToSend(log)) continue;
      link(signed(log.stored.log, from, run));
      went(log, from + run.records.length - 1, run.hashAfter);
    }
  };

  return {
    async run() {
      again = true;
      if (running) return;
      running = true;
      try {
        // Asked for again while it ran: it may have looked before there was something to send.
        while (again) {
          again = false;
          await sendAll();
        }
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
      } finally {
        running = false;
      }
    },
    prepare(log, record, bytes) {
      const { head, hash: hashBefore } = log.stored;
      ready = null;
      // It would not go out at once, or not alone.
      if (!mayGoNow() || log.state !== "open" || !mayGoOn(log.stored) || log.sent !== head) return;
      const hashAfter = nextHash(sha256, hashBefore, bytes);
      const frame = signed(log.stored.log, head + 1, { hashBefore, records: [record], hashAfter });
      ready = { id: log.id, first: head + 1, hashAfter, frame };
    },
    sendReady(log) {
      const made = ready;
      const { head, hash } = log.stored;
      if (made?.id !== log.id || made.first !== head) return false;
      ready = null;
      // The hash after it tells: it stands for the record and all before it.
      if (!sameBytes(made.hashAfter, hash) || log.sent !== head - 1) return false;
      // What older logs have goes first.
      if (!mayGoNow() || running || logs.find(hasToSend) !== log) return false;
      send?.(made.frame);
      went(log, head, hash);
      return true;
    },
    connected(toServer) {
      send = toServer;
      inFlight = [];
    },
    disconnected() {
      send = null;
      inFlight = [];
    },
    acked: (log, upTo) => void (inFlight = inFlight.filter(({ id, last }) => id !== log || last > upTo)),
    dropped: (log) => void (inFlight = inFlight.filter(({ id }) => id !== log)),
    hashAt: (log, number) => inFlight.find(({ id, last }) => id === log && last === number)?.hash,
  };
}

function readBack(bytes: Uint8Array): LogRecord {
  const record = decodeRecord(bytes);
  if (record === undefined) throw new Error("a stored record cannot be read back: the log file is damaged");
  return record;
}
