/**
 * Log headers and batches of one link on their way into the ledger: checked, appended in the order they came, and
 * acknowledged with the head *after* folding.
 */
import type { KeyObject } from "node:crypto";
import { fromHex, toHex } from "../../shared/bytes.ts";
import { decodeBatch, hashRecords, type Batch } from "../../shared/domain/batch.ts";
import type { Folded } from "../../shared/domain/fold.ts";
import { batchToSign, decodeHeader, headerToSign, type Sha256 } from "../../shared/domain/record.ts";
import { VERDICT_CODES } from "../../shared/domain/verdict.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, VERDICT_TOLD_BEFORE, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_BATCHES_IN_FLIGHT, MAX_LOGS_PER_LINK } from "../../shared/link/limits.ts";
import type { Ledger } from "../ledger/ledger.ts";

export interface IngestSurroundings {
  ledger: Ledger;
  sha256: Sha256;
  check: (key: KeyObject, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>;
  send: (frame: Frame) => void;
  close: (why: CloseName) => void;
}

export interface Ingest {
  log(frame: FrameOf<"log">): void;
  batch(frame: FrameOf<"batch">): void;
}

/** Everything a station may have on the way: its window of batches, and its logs. */
const MAX_WAITING = MAX_BATCHES_IN_FLIGHT + MAX_LOGS_PER_LINK;

export function createIngest(
  { ledger, sha256, check, send, close }: IngestSurroundings,
  { station, key, event }: { station: string; key: KeyObject; event: Uint8Array },
): Ingest {
  /** Logs this link opened and was answered about; batches may only speak of these. */
  const opened = new Set<string>();
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** This link is being closed: what it sent after the fault is not taken. */
  let over = false;
  const end = (why: CloseName) => {
    over = true;
    close(why);
  };

  /** Checks run side by side; what follows them keeps the order of arrival. */
  const inOrder = (checked: Promise<boolean>, then: () => Promise<void>) => {
    if (++waiting > MAX_WAITING) return end("tooFast");
    tail = tail
      .then(() => checked)
      .then((fits) => {
        if (over) return undefined;
        if (!fits) return end("badSignature");
        // Not awaited: the ledger keeps the order of its callers and commits whatever waits as one group.
        then()
          .catch(() => end("trouble"))
          .finally(() => void waiting--);
        return undefined;
      });
    return undefined;
  };
  return {
    log([, header, signature]) {
      const parsed = decodeHeader(header);
      if (parsed === undefined) return end("badFrame");
      if (toHex(parsed.station) !== station || toHex(parsed.event) !== toHex(event)) return end("notAdmitted");
      if (opened.size >= MAX_LOGS_PER_LINK) return end("tooFast");
      const log = toHex(parsed.log);
      return inOrder(check(key, headerToSign(header), signature), async () => {
        const known = await ledger.log(log);
        if (known === undefined) {
          const appended = await ledger.append({ kind: "log-opened", header, signature });
          if (!appended.ok) return end("trouble");
        }
        const row = known ?? (await ledger.log(log));
        if (row === undefined) return end("trouble");
        if (row.station !== station) return end("notAdmitted");
        opened.add(log);
        return send([FRAME.ack, parsed.log, row.head, row.hash, []]);
      });
    },
    batch([, bytes]) {
      const batch = decodeBatch(bytes);
      if (batch === undefined) return end("badFrame");
      if (!opened.has(toHex(batch.log))) return end("outOfOrder");
      const hashAfter = hashRecords(sha256, batch.hashBefore, batch.records);
      const span = { ...batch, count: batch.records.length, hashAfter };
      return inOrder(check(key, batchToSign(span), batch.signature), async () => {
        const appended = await ledger.append({ kind: "batch", batch: bytes, hashAfter });
        if (!appended.ok) return end("trouble");
        return answer(batch, appended.folded, send, end);
      });
    },
  };
}

function answer(batch: Batch, folded: Folded, send: (frame: Frame) => void, close: (why: CloseName) => void): void {
  if (folded.kind !== "batch") return close("badFrame");
  if (folded.ignored === "gap" || folded.ignored === "diverged") return close("gap");
  const log = fromHex(folded.log);
  if (log === undefined) return close("trouble");
  const verdicts = new Map(folded.verdicts.map(({ number, verdict }) => [number, verdict]));
  const exceptions = batch.records.flatMap(({ kind }, at): [number, number][] => {
    const number = batch.first + at;
    const verdict = verdicts.get(number);
    if (kind !== "ballot" || verdict === "counted") return [];
    return [[number, verdict === undefined ? VERDICT_TOLD_BEFORE : VERDICT_CODES[verdict]]];
  });
  return send([FRAME.ack, log, folded.head, folded.hash, exceptions]);
}
