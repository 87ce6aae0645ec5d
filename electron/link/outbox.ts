/**
 * The outbox: what of the station's logs the server has not acknowledged, sent in order, log after log.
 *
 * Nothing is remembered per batch: an ack says up to where the server is, and after a new connection everything begins
 * anew from there.
 */
import { sameBytes, toHex } from "../../shared/bytes.ts";
import { MAX_BATCH_RECORDS, encodeBatch, hashRecords } from "../../shared/domain/batch.ts";
import { batchToSign, decodeRecord, type LogRecord, type Sha256 } from "../../shared/domain/record.ts";
import { verdictOf, type Verdict } from "../../shared/domain/verdict.ts";
import { FRAME, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../shared/link/limits.ts";
import type { StoredLog } from "../log/log-messages.ts";
import type { StationLog } from "../log/station-log.ts";

export interface OutboxSurroundings {
  store: Pick<StationLog, "read" | "acked">;
  sign: (bytes: Uint8Array) => Uint8Array;
  sha256: Sha256;
  /** A ballot of a log, acknowledged just now. */
  onVerdict: (log: string, number: number, verdict: Verdict) => void;
  onChange: () => void;
  /** The log could not be read back; the link should be tried anew later. */
  onTrouble: (reason: string) => void;
}

export interface Outbox {
  /** Ballots on this disk which the server has not acknowledged. */
  waiting(): number;
  /** A log was begun; the newest is sent last. */
  add(log: StoredLog): void;
  /** A record was stored in the log begun last. */
  stored(number: number, kind: LogRecord["kind"]): void;
  /** The link is up: open every log that is not wholly acknowledged. */
  connected(send: (frame: Frame) => void): void;
  disconnected(): void;
  /** False when the server's history of the log is another than ours. */
  onAck(ack: FrameOf<"ack">): Promise<boolean>;
}

interface Sending {
  id: string;
  stored: StoredLog;
  /** Whether the server answered for this log on this link. */
  opened: boolean;
  /** Last record sent on this link. */
  sent: number;
}

export function createOutbox({ store, sign, sha256, onVerdict, onChange, onTrouble }: OutboxSurroundings): Outbox {
  const logs: Sending[] = [];
  let send: ((frame: Frame) => void) | null = null;
  /** Last number and running hash of the batches on the way, oldest first; all of one log at a time. */
  let inFlight: { id: string; last: number; hash: Uint8Array }[] = [];
  let pumping = false;

  const openLog = (log: Sending) => send?.([FRAME.log, log.stored.header, log.stored.signature]);
  const next = () => logs.find(({ stored, sent }) => sent < stored.head || stored.acked < stored.head);

  const pump = async () => {
    if (pumping) return;
    pumping = true;
    try {
      while (send !== null && inFlight.length < MAX_BATCHES_IN_FLIGHT) {
        const log = next();
        if (log === undefined || !log.opened || log.sent >= log.stored.head) break;
        const link = send;
        const from = log.sent + 1;
        const { hashBefore, records } = await store.read(log.stored.log, from, MAX_BATCH_RECORDS);
        // The link may have broken while the disk was read; then a new one begins anew.
        if (send !== link || log.sent !== from - 1) continue;
        const parsed = records.map(readBack);
        const hash = hashRecords(sha256, hashBefore, parsed);
        link(signedBatch(log.stored.log, from, hashBefore, hash, parsed));
        log.sent = from + records.length - 1;
        inFlight.push({ id: log.id, last: log.sent, hash });
      }
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      pumping = false;
    }
  };
  const signedBatch = (
    log: Uint8Array,
    first: number,
    hashBefore: Uint8Array,
    hashAfter: Uint8Array,
    records: LogRecord[],
  ): Frame => {
    const signature = sign(batchToSign({ log, first, count: records.length, hashBefore, hashAfter }));
    return [FRAME.batch, encodeBatch({ log, first, hashBefore, records, signature })];
  };
  /** Our running hash after record `number`: of a batch just sent, or from the disk. */
  const hashAt = async (log: Sending, number: number): Promise<Uint8Array> => {
    const batch = inFlight.find(({ id, last }) => id === log.id && last === number);
    return batch?.hash ?? (await store.read(log.stored.log, number + 1, 0)).hashBefore;
  };

  return {
    waiting: () =>
      logs.reduce((sum, { stored }) => sum + stored.head - stored.acked - stored.others.length, 0),
    add(stored) {
      const log = { id: toHex(stored.log), stored: { ...stored }, opened: false, sent: stored.acked };
      logs.push(log);
      openLog(log);
    },
    stored(number, kind) {
      const newest = logs.at(-1);
      if (newest === undefined) return;
      newest.stored.head = number;
      if (kind !== "ballot") newest.stored.others.push(number);
      onChange();
      void pump();
    },
    connected(toServer) {
      send = toServer;
      inFlight = [];
      const newest = logs.at(-1);
      for (const log of logs) {
        log.opened = false;
        log.sent = log.stored.acked;
        if (log === newest || log.stored.acked < log.stored.head) openLog(log);
      }
    },
    disconnected() {
      send = null;
      inFlight = [];
    },
    async onAck([, id, upTo, hash, exceptions]) {
      const log = logs.find((candidate) => candidate.id === toHex(id));
      if (log === undefined || upTo > log.stored.head) return false;
      if (!sameBytes(await hashAt(log, upTo), hash)) return false;
      inFlight = inFlight.filter((batch) => batch.id !== log.id || batch.last > upTo);
      const before = log.stored.acked;
      log.stored.acked = upTo;
      log.stored.others = log.stored.others.filter((number) => number > upTo);
      if (!log.opened) {
        log.opened = true;
        log.sent = upTo;
      }
      const told = new Map(exceptions.map(([number, code]) => [number, verdictOf(code)]));
      for (let number = before + 1; number <= upTo; number++) onVerdict(log.id, number, told.get(number) ?? "counted");
      if (upTo > before) store.acked(log.stored.log, upTo);
      onChange();
      void pump();
      return true;
    },
  };
}

function readBack(bytes: Uint8Array): LogRecord {
  const record = decodeRecord(bytes);
  if (record === undefined) throw new Error("a stored record cannot be read back: the log file is damaged");
  return record;
}
