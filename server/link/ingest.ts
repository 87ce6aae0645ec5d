/**
 * Log headers and batches of one link on their way into the ledger: checked, appended in the order they came, and
 * acknowledged with the head *after* folding.
 */
import type { KeyObject } from "node:crypto";
import { bytesOfHex, sameBytes, toHex } from "../../shared/bytes.ts";
import { decodeBatch, hashRecords, type Batch } from "../../shared/domain/batch.ts";
import type { Folded } from "../../shared/domain/folded.ts";
import type { LogRow, Standing, StationRow } from "../../shared/domain/projection.ts";
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
  event: Uint8Array;
  sha256: Sha256;
  verifyingKey: (publicKey: Uint8Array) => KeyObject | undefined;
  check: (key: KeyObject, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>;
}

/** The way back to the station. */
export interface Outlet {
  send(frame: Frame): void;
  close(why: CloseName): void;
}

/** Everything a station may have on the way: its window of batches, and its logs. */
const MAX_WAITING = MAX_BATCHES_IN_FLIGHT + MAX_LOGS_PER_LINK;

/** A class, for a link that is only open should need little: closures for each of 10,000 were half a kilobyte each. */
export class Ingest {
  readonly #around: IngestSurroundings;
  readonly #out: Outlet;
  readonly #station: StationRow;
  readonly #logs = new Map<string, Reach | null>();
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** This link is being closed: what it sent after the fault is not taken. */
  #over = false;

  constructor(around: IngestSurroundings, out: Outlet, station: StationRow) {
    this.#around = around;
    this.#out = out;
    this.#station = station;
  }

  /** The logs this link spoke of, answered or not. */
  get reaches(): Reaches {
    return this.#logs;
  }

  /** Was it answered about this log? Batches and questions may only speak of such. */
  isOpened(log: string): boolean {
    return (this.#logs.get(log) ?? null) !== null;
  }

  log(frame: FrameOf<"log">): void {
    const [, header, signature, claimed, hash] = frame;
    const parsed = decodeHeader(header);
    if (parsed === undefined) return this.#end("badFrame");
    const isOwn = toHex(parsed.station) === this.#station.station && sameBytes(parsed.event, this.#around.event);
    if (!isOwn) return this.#end("notAdmitted");
    const log = toHex(parsed.log);
    if (!this.#logs.has(log)) this.#logs.set(log, null);
    if (this.#logs.size > MAX_LOGS_PER_LINK) return this.#end("tooFast");
    return this.#inOrder(this.#fits(headerToSign(header), signature), async () => {
      const row = await this.#rowOf(log, frame);
      if (typeof row === "string") return this.#end(row);
      // The last word counts: a station that moved records to another log has fewer here than it said before.
      this.#logs.set(log, { claimed, head: row.head, differs: claimed === row.head && !sameBytes(hash, row.hash) });
      this.#out.send([FRAME.ack, parsed.log, row.head, row.hash, []]);
      return this.#tellStanding(log);
    });
  }

  batch([, bytes]: FrameOf<"batch">): void {
    const { sha256, known, ledger } = this.#around;
    const batch = decodeBatch(bytes);
    if (batch === undefined) return this.#end("badFrame");
    const log = toHex(batch.log);
    if (!this.isOpened(log)) return this.#end("outOfOrder");
    const hashAfter = hashRecords(sha256, batch.hashBefore, batch.records);
    const signed = batchToSign({ ...batch, count: batch.records.length, hashAfter });
    const sent = sentBatch(batch);
    return this.#inOrder(this.#fits(signed, batch.signature), async () => {
      if (isHeldBack(known.standingOf(log))) return this.#answerHeldBack(sent);
      const appended = await ledger.append({ kind: "batch", batch: bytes, hashAfter });
      if (!appended.ok) return this.#end("trouble");
      const { folded } = appended;
      if (folded.kind !== "batch") return this.#end("badFrame");
      if (folded.ignored === "gap" || folded.ignored === "diverged") return this.#end("gap");
      if (folded.ignored === "revoked") return this.#end("revoked");
      const claimed = Math.max(this.#logs.get(log)?.claimed ?? 0, sent.last);
      this.#logs.set(log, { claimed, head: folded.head, differs: false });
      this.#out.send([FRAME.ack, sent.log, folded.head, folded.hash, exceptionsOf(sent, folded)]);
      return folded.ignored === "set-aside" || folded.ignored === "rejected" ? this.#tellStanding(log) : undefined;
    });
  }

  #end(why: CloseName): void {
    this.#over = true;
    this.#out.close(why);
  }

  /** The key is asked for each time: what a link holds that says nothing must be small. */
  #fits(bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
    const { verifyingKey, check } = this.#around;
    const key = verifyingKey(this.#station.key);
    return key === undefined ? Promise.resolve(false) : check(key, bytes, signature);
  }

  /** Checks run side by side; what follows them keeps the order of arrival. */
  #inOrder(checked: Promise<boolean>, then: () => Promise<void>): void {
    if (++this.#waiting > MAX_WAITING) return this.#end("tooFast");
    this.#tail = this.#tail
      .then(() => checked)
      .then((fits) => {
        if (this.#over) return undefined;
        if (!fits) return this.#end("badSignature");
        // Not awaited: the ledger keeps the order of its callers and commits whatever waits as one group.
        then()
          .catch(() => this.#end("trouble"))
          .finally(() => void this.#waiting--);
        return undefined;
      });
    return undefined;
  }

  /** A log that the ledger has; appended first where it has not. */
  async #rowOf(log: string, { 1: header, 2: signature }: FrameOf<"log">): Promise<LogRow | CloseName> {
    const { ledger, known, sha256 } = this.#around;
    const row = await ledger.log(log);
    // Another log under the same id: of another station, which is not let in with it, or forged.
    if (row !== undefined) return sameBytes(row.firstHash, firstHash(sha256, header)) ? row : "notAdmitted";
    const appended = await ledger.append({ kind: "log-opened", header, signature });
    if (!appended.ok) return "trouble";
    if (appended.folded.kind === "ignored") {
      const revoked = known.station(this.#station.station)?.revoked ?? null;
      return appended.folded.why === "not-admitted" && revoked !== null ? "revoked" : "notAdmitted";
    }
    return (await ledger.log(log)) ?? "trouble";
  }

  #tellStanding(log: string): void {
    const standing = this.#around.known.standingOf(log);
    if (standing !== "taken") this.#out.send([FRAME.standing, bytesOfHex(log), STANDING_CODES[standing]]);
  }

  /** The fold would ignore it, and the ledger would have it for ever: who sends on regardless must not fill the disk. */
  async #answerHeldBack(sent: SentBatch): Promise<void> {
    const log = toHex(sent.log);
    const row = await this.#around.ledger.log(log);
    if (row === undefined) return this.#end("trouble");
    this.#out.send([FRAME.ack, sent.log, row.head, row.hash, exceptionsOf(sent, { head: row.head, verdicts: [] })]);
    return this.#tellStanding(log);
  }
}

function isHeldBack(standing: Standing): boolean {
  return standing === "aside" || standing === "rejected";
}

/**
 * What is needed of a batch once it is hashed. Its records are not kept while it is checked and stored: with 50 stations
 * at full speed they would be 40,000 objects that live just long enough to be moved among the old ones.
 */
interface SentBatch {
  log: Uint8Array;
  first: number;
  last: number;
  /** Numbers of records that are no ballots. */
  others: readonly number[];
}

function sentBatch({ log, first, records }: Batch): SentBatch {
  const others = records.flatMap(({ kind }, at) => (kind === "ballot" ? [] : [first + at]));
  return { log, first, last: first + records.length - 1, others };
}

type FoldedBatch = Extract<Folded, { kind: "batch" }>;

/** What an ack says of a batch's ballots up to the head: each that did not simply count. */
function exceptionsOf(
  { first, last, others }: SentBatch,
  { head, verdicts }: Pick<FoldedBatch, "head" | "verdicts">,
): [number, number][] {
  const judged = new Map(verdicts.map(({ number, verdict }) => [number, verdict]));
  const exceptions: [number, number][] = [];
  for (let number = first; number <= Math.min(last, head); number++) {
    const verdict = judged.get(number);
    if (verdict === "counted" || others.includes(number)) continue;
    exceptions.push([number, verdict === undefined ? VERDICT_TOLD_BEFORE : VERDICT_CODES[verdict]]);
  }
  return exceptions;
}
