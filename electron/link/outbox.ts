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
import { MAX_BATCHES_IN_FLIGHT, MAX_LOGS_PER_LINK } from "../../shared/link/limits.ts";
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
  /** A log was found or begun, the newest last; one that is here already is not taken twice. */
  add(log: StoredLog): void;
  /** A record was stored in the log begun last. */
  stored(number: number, kind: LogRecord["kind"]): void;
  /** The link is up: open the logs, and send what the server turns out to lack. */
  connected(send: (frame: Frame) => void): void;
  disconnected(): void;
  /**
   * False when the server's history of the log is another than ours. Rejects when the disk does not say. Acks are taken
   * one after another, and those of a connection that is gone not at all.
   */
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
  /** Ends when the acks so far are taken: they must not overtake each other while the disk is read. */
  let acks: Promise<unknown> = Promise.resolve();

  const openLog = (log: Sending) => send?.([FRAME.log, log.stored.header, log.stored.signature]);
  const next = () => logs.find(({ stored, sent }) => sent < stored.head || stored.acked < stored.head);

  const pump = async () => {
    if (pumping) return;
    pumping = true;
    try {
      for (;;) {
        if (send === null || inFlight.length >= MAX_BATCHES_IN_FLIGHT) break;
        const log = next();
        if (log === undefined || !log.opened || log.sent >= log.stored.head) break;
        const link = send;
        const from = log.sent + 1;
        // No record beyond the head we know of: its own turn comes when we are told that it was stored.
        const limit = Math.min(MAX_BATCH_RECORDS, log.stored.head - log.sent);
        const { hashBefore, records } = await store.read(log.stored.log, from, limit);
        // The link may have broken while the disk was read; then a new one begins anew.
        if (send !== link || log.sent !== from - 1) continue;
        if (records.length === 0) throw new Error("stored records are missing: the log file is damaged");
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

  /**
   * All that hold anything, even those wholly acknowledged: a server restored from a backup says so by an older head.
   * If there are too many, first the newest and those with something to send.
   */
  const toOpen = (): Sending[] => {
    const newest = logs.at(-1);
    const older = logs.filter((log) => log !== newest && log.stored.head > 0);
    const [unsent, sent] = [older.filter(isWaiting), older.filter((log) => !isWaiting(log)).toReversed()];
    return [...(newest === undefined ? [] : [newest]), ...unsent, ...sent].slice(0, MAX_LOGS_PER_LINK);
  };
  const isWaiting = ({ stored }: Sending) => stored.acked < stored.head;
  const takeAck = async (link: typeof send, [, id, upTo, hash, exceptions]: FrameOf<"ack">): Promise<boolean> => {
    if (link === null || send !== link) return true;
    const log = logs.find((candidate) => candidate.id === toHex(id));
    if (log === undefined) return false;
    if (upTo > log.stored.head) return isBehind(log);
    const ours = await hashAt(log, upTo);
    if (send !== link) return true;
    if (!sameBytes(ours, hash)) return false;
    inFlight = inFlight.filter((batch) => batch.id !== log.id || batch.last > upTo);
    const before = log.stored.acked;
    // Only the answer to a header may go back: that is a server restored from a backup.
    log.stored.acked = log.opened ? Math.max(before, upTo) : upTo;
    if (upTo > before) store.acked(log.stored.log, upTo);
    if (log.opened) tellVerdicts(log, before, upTo, exceptions);
    else {
      // The answer to the header: where to begin. It says nothing of how the ballots up to there were judged.
      log.opened = true;
      log.sent = upTo;
    }
    onChange();
    void pump();
    return true;
  };
  /**
   * The server has more of a log than this disk: a restored backup. Of an older log all we have is there, and nothing
   * will be added to it; of the one begun at this opening it cannot be.
   */
  const isBehind = (log: Sending): boolean => {
    if (log === logs.at(-1)) return false;
    log.stored.acked = log.stored.head;
    log.sent = log.stored.head;
    log.opened = true;
    onChange();
    void pump();
    return true;
  };
  const tellVerdicts = (log: Sending, before: number, upTo: number, exceptions: FrameOf<"ack">[4]) => {
    const told = new Map(exceptions.map(([number, code]) => [number, verdictOf(code)]));
    for (let number = before + 1; number <= upTo; number++) {
      // An exception whose code we do not know is no success.
      const verdict = told.has(number) ? told.get(number) : "counted";
      if (verdict !== undefined) onVerdict(log.id, number, verdict);
    }
  };

  return {
    waiting: () => logs.reduce((sum, { stored }) => sum + waitingIn(stored), 0),
    add(stored) {
      if (logs.some(({ id }) => id === toHex(stored.log))) return;
      const own = { ...stored, others: [...stored.others] };
      const log = { id: toHex(stored.log), stored: own, opened: false, sent: stored.acked };
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
      for (const log of logs) {
        log.opened = false;
        log.sent = log.stored.acked;
      }
      toOpen().forEach(openLog);
    },
    disconnected() {
      send = null;
      inFlight = [];
    },
    onAck(ack) {
      const link = send;
      const taken = acks.then(() => takeAck(link, ack));
      // Whoever asked is told of a failure; the next ack is another matter.
      acks = taken.catch(() => undefined);
      return taken;
    },
  };
}

/** Ballots of a log that are not acknowledged. */
function waitingIn({ head, acked, others }: StoredLog): number {
  return head - acked - others.filter((number) => number > acked).length;
}

function readBack(bytes: Uint8Array): LogRecord {
  const record = decodeRecord(bytes);
  if (record === undefined) throw new Error("a stored record cannot be read back: the log file is damaged");
  return record;
}
