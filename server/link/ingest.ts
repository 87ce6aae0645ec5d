/**
 * Log headers and batches of one link on their way into the ledger: checked, appended in the order they came, and
 * acknowledged with the head *after* folding.
 */
import type { KeyObject } from "node:crypto";
import { bytesOfHex, sameBytes, toHex } from "../../shared/bytes.ts";
import { decodeBatch, hashRecords, type Batch } from "../../shared/domain/batch.ts";
import type { Folded } from "../../shared/domain/folded.ts";
import type { LogRow, Standing } from "../../shared/domain/projection.ts";
import { batchToSign, decodeHeader, firstHash, headerToSign, type Sha256 } from "../../shared/domain/record.ts";
import { VERDICT_CODES } from "../../shared/domain/verdict.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, STANDING_CODES, VERDICT_TOLD_BEFORE, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_BATCHES_IN_FLIGHT, MAX_LOGS_PER_LINK } from "../../shared/link/limits.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Known } from "./known.ts";
import type { Reach, Reaches } from "./reach.ts";

export interface IngestSurroundings {
  ledger: Ledger;
  known: Known;
  sha256: Sha256;
  check: (key: KeyObject, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>;
  send: (frame: Frame) => void;
  close: (why: CloseName) => void;
}

export interface Ingest {
  log(frame: FrameOf<"log">): void;
  batch(frame: FrameOf<"batch">): void;
  /** The logs this link opened and was answered about: batches and questions may only speak of these. */
  readonly opened: Reaches;
}

/** Everything a station may have on the way: its window of batches, and its logs. */
const MAX_WAITING = MAX_BATCHES_IN_FLIGHT + MAX_LOGS_PER_LINK;

export function createIngest(
  { ledger, known, sha256, check, send, close }: IngestSurroundings,
  { station, key, event }: { station: string; key: KeyObject; event: Uint8Array },
): Ingest {
  const opened = new Map<string, Reach>();
  /** Logs this link spoke of, answered or not. */
  const announced = new Set<string>();
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
  /** A log that the ledger has; appended first where it has not. */
  const rowOf = async (log: string, { 1: header, 2: signature }: FrameOf<"log">): Promise<LogRow | CloseName> => {
    const row = await ledger.log(log);
    // Another log under the same id: of another station, which is not let in with it, or forged.
    if (row !== undefined) return sameBytes(row.firstHash, firstHash(sha256, header)) ? row : "notAdmitted";
    const appended = await ledger.append({ kind: "log-opened", header, signature });
    if (!appended.ok) return "trouble";
    if (appended.folded.kind === "ignored") {
      const revoked = known.station(station)?.revoked ?? null;
      return appended.folded.why === "not-admitted" && revoked !== null ? "revoked" : "notAdmitted";
    }
    return (await ledger.log(log)) ?? "trouble";
  };
  const tellStanding = (log: string) => {
    const standing = known.standingOf(log);
    if (standing !== "taken") send([FRAME.standing, bytesOfHex(log), STANDING_CODES[standing]]);
  };
  /** The fold would ignore it, and the ledger would have it for ever: who sends on regardless must not fill the disk. */
  const answerHeldBack = async (batch: Batch) => {
    const log = toHex(batch.log);
    const row = await ledger.log(log);
    if (row === undefined) return end("trouble");
    send([FRAME.ack, batch.log, row.head, row.hash, exceptionsOf(batch, { head: row.head, verdicts: [] })]);
    return tellStanding(log);
  };

  return {
    opened,
    log(frame) {
      const [, header, signature, claimed, hash] = frame;
      const parsed = decodeHeader(header);
      if (parsed === undefined) return end("badFrame");
      if (toHex(parsed.station) !== station || toHex(parsed.event) !== toHex(event)) return end("notAdmitted");
      const log = toHex(parsed.log);
      if (announced.add(log).size > MAX_LOGS_PER_LINK) return end("tooFast");
      return inOrder(check(key, headerToSign(header), signature), async () => {
        const row = await rowOf(log, frame);
        if (typeof row === "string") return end(row);
        // The last word counts: a station that moved records to another log has fewer here than it said before.
        opened.set(log, { claimed, head: row.head, differs: claimed === row.head && !sameBytes(hash, row.hash) });
        send([FRAME.ack, parsed.log, row.head, row.hash, []]);
        return tellStanding(log);
      });
    },
    batch([, bytes]) {
      const batch = decodeBatch(bytes);
      if (batch === undefined) return end("badFrame");
      const log = toHex(batch.log);
      if (!opened.has(log)) return end("outOfOrder");
      const hashAfter = hashRecords(sha256, batch.hashBefore, batch.records);
      const span = { ...batch, count: batch.records.length, hashAfter };
      return inOrder(check(key, batchToSign(span), batch.signature), async () => {
        if (isHeldBack(known.standingOf(log))) return answerHeldBack(batch);
        const appended = await ledger.append({ kind: "batch", batch: bytes, hashAfter });
        if (!appended.ok) return end("trouble");
        const { folded } = appended;
        if (folded.kind !== "batch") return end("badFrame");
        if (folded.ignored === "gap" || folded.ignored === "diverged") return end("gap");
        if (folded.ignored === "revoked") return end("revoked");
        const last = batch.first + batch.records.length - 1;
        opened.set(log, { claimed: Math.max(opened.get(log)?.claimed ?? 0, last), head: folded.head, differs: false });
        send([FRAME.ack, batch.log, folded.head, folded.hash, exceptionsOf(batch, folded)]);
        return folded.ignored === "set-aside" || folded.ignored === "rejected" ? tellStanding(log) : undefined;
      });
    },
  };
}

function isHeldBack(standing: Standing): boolean {
  return standing === "aside" || standing === "rejected";
}

type FoldedBatch = Extract<Folded, { kind: "batch" }>;

/** What an ack says of a batch's ballots up to the head: each that did not simply count. */
function exceptionsOf(batch: Batch, { head, verdicts }: Pick<FoldedBatch, "head" | "verdicts">): [number, number][] {
  const judged = new Map(verdicts.map(({ number, verdict }) => [number, verdict]));
  return batch.records.flatMap(({ kind }, at): [number, number][] => {
    const number = batch.first + at;
    const verdict = judged.get(number);
    if (kind !== "ballot" || number > head || verdict === "counted") return [];
    return [[number, verdict === undefined ? VERDICT_TOLD_BEFORE : VERDICT_CODES[verdict]]];
  });
}
