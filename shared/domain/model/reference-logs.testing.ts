/**
 * What the reference knows of logs: who may add what, straight from the rules. Slow and plain; nothing of the fold is
 * used. A log is kept as its list of records, a station's growth as the list of all that ever grew.
 */
import { sameBytes, toHex } from "../../bytes.ts";
import type { Batch } from "../batch.ts";
import type { Standing } from "../projection.ts";
import { encodeRecord, firstHash, nextHash, type LogHeader, type LogRecord, type Sha256 } from "../record.ts";

export interface ReferenceLog {
  id: string;
  station: string;
  openedAtMs: number;
  parent: { log: string; number: number } | null;
  /** Position of its header. */
  opened: number;
  standing: Standing;
  /** Records up to here count, its station having been revoked. */
  accepted: number;
  records: { record: LogRecord; position: number }[];
  /** Running hash after each record; at 0 after the header. */
  hashes: Uint8Array[];
  /** Positions at which it grew beyond every log that continues it. */
  grew: number[];
}

export function openLog(logs: ReferenceLog[], sha256: Sha256, header: LogHeader, bytes: Uint8Array, position: number) {
  const id = toHex(header.log);
  if (logs.some((log) => log.id === id)) return false;
  const parent = header.parent && { log: toHex(header.parent.log), number: header.parent.number };
  const from = logs.find((log) => log.id === parent?.log);
  logs.push({
    id,
    station: toHex(header.station),
    openedAtMs: header.openedAtMs,
    parent,
    opened: position,
    // That a branch was let in holds for it alone, not for copies of it.
    standing: from === undefined || from.standing === "admitted" ? "taken" : from.standing,
    accepted: Infinity,
    records: [],
    grew: [],
    hashes: [firstHash(sha256, bytes)],
  });
  return true;
}

/** True when it added records or set a log aside. */
export function addBatch(logs: ReferenceLog[], sha256: Sha256, batch: Batch, position: number): boolean {
  const log = logs.find(({ id }) => id === toHex(batch.log));
  if (log === undefined || log.accepted !== Infinity) return false;
  if (log.standing === "aside" || log.standing === "rejected") return false;
  const head = log.records.length;
  const newHead = batch.first + batch.records.length - 1;
  if (batch.first > head + 1 || newHead <= head) return false;
  // It fits if, hashed one by one, it meets the log where the log ends.
  let hash = batch.hashBefore;
  const hashes = batch.records.map((record) => (hash = nextHash(sha256, hash, encodeRecord(record))));
  const met = head + 1 === batch.first ? batch.hashBefore : hashes[head - batch.first];
  if (met === undefined || !sameBytes(met, log.hashes[head] ?? met.slice(1))) return false;

  const grows = growsAlone(logs, log, newHead);
  const rivals =
    log.standing === "taken" && grows
      ? logs.filter(
          (other) => isRival(other, log) && !isLetInBeside(logs, other, log) && !isLetInBeside(logs, log, other),
        )
      : [];
  if (rivals.some(({ opened }) => opened < log.opened)) {
    log.standing = "aside";
    return true;
  }
  for (const rival of rivals) rival.standing = "aside";
  for (let number = head + 1; number <= newHead; number++) {
    const record = batch.records[number - batch.first];
    const after = hashes[number - batch.first];
    if (record === undefined || after === undefined) throw new Error("a batch shorter than it is");
    log.records.push({ record, position });
    log.hashes.push(after);
  }
  if (grows) log.grew.push(position);
  return true;
}

/** Is a log that ends at this number longer than any other that goes on from it knows? */
function growsAlone(logs: readonly ReferenceLog[], log: ReferenceLog, head: number): boolean {
  return logs.every(({ station, parent }) => station !== log.station || parent?.log !== log.id || parent.number < head);
}

/** Another log of this station that grew when both were known. */
function isRival(other: ReferenceLog, log: ReferenceLog): boolean {
  const bothKnown = Math.max(other.opened, log.opened);
  const both = other !== log && other.station === log.station && other.standing === "taken";
  return both && other.grew.some((position) => position > bothKnown);
}

/** Is a log on a branch that was let in, and the other one not? */
function isLetInBeside(logs: readonly ReferenceLog[], log: ReferenceLog, other: ReferenceLog): boolean {
  const letIn = logs.filter(({ station, standing }) => station === log.station && standing === "admitted");
  return letIn.some(({ id }) => family(logs, id).includes(log) && !family(logs, id).includes(other));
}

/** A log and everything that goes on from it, and from that. */
export function family(logs: readonly ReferenceLog[], root: string): ReferenceLog[] {
  return logs.filter((log) => {
    for (let up: ReferenceLog | undefined = log, far = 0; up && far <= logs.length; far++) {
      if (up.id === root) return true;
      const { station, parent }: ReferenceLog = up;
      up = logs.find(({ id, station: its }) => id === parent?.log && its === station);
    }
    return false;
  });
}

/** Has this station said of the poll that nothing is missing, and is nothing missing? */
export function hasDrained(logs: readonly ReferenceLog[], station: string, poll: string): boolean {
  const own = logs.filter((log) => log.station === station && log.standing !== "rejected");
  if (own.length === 0 || own.some(({ standing }) => standing === "aside")) return false;
  const two = own.some(({ standing }) => standing === "admitted");
  const isOver = (log: ReferenceLog, next: ReferenceLog) =>
    log.grew.every((position) => position <= next.opened) &&
    (next.parent?.log === log.id || (!two && next.opened > log.opened && areKin(logs, log, next)));
  const tips = own.filter((log) => !own.some((next) => isOver(log, next)));
  return tips.length > 0 && tips.every((tip) => saysDrained(tip, poll) && hasAncestors(logs, tip));
}

/** Do both go on from one log, or one from the other? */
function areKin(logs: readonly ReferenceLog[], log: ReferenceLog, other: ReferenceLog): boolean {
  return logs.some(({ id }) => [log, other].every((one) => family(logs, id).includes(one)));
}

function saysDrained({ records }: ReferenceLog, poll: string): boolean {
  return records.some(({ record }) => record.kind === "drained" && toHex(record.poll) === poll);
}

function hasAncestors(logs: readonly ReferenceLog[], tip: ReferenceLog): boolean {
  for (let log = tip; log.parent !== null;) {
    const { parent } = log;
    const from = logs.find(({ id }) => id === parent.log);
    if (from === undefined || from.records.length < parent.number) return false;
    log = from;
  }
  return true;
}
