/**
 * The fold: entries in ledger order become polls, tallies, verdicts and heads. It is the only place where acts and
 * ballots are judged, and it is a function of the entries alone: thrown away and folded again, it says the same.
 */
import { sameBytes, toHex } from "../bytes.ts";
import { decodeBatch, hashRecords, type Batch } from "./batch.ts";
import type { Change, Entry } from "./entry.ts";
import { foldAct, type ActRefusal } from "./fold-act.ts";
import { foldRecord, synchroniseLog } from "./fold-ballot.ts";
import type { LogRow, Projection } from "./projection.ts";
import { decodeHeader, firstHash, type Sha256 } from "./record.ts";
import type { Verdict } from "./verdict.ts";

/** What an entry came to. */
export type Folded =
  | { kind: "act"; refused: ActRefusal | null }
  | { kind: "log"; log: string; head: number }
  /** A damaged header or batch: nothing changed. */
  | { kind: "ignored"; why: "unreadable" | "unknown-log" | "wrong-event" }
  | {
      kind: "batch";
      log: string;
      /** Why nothing was taken; null when the log now ends at `head`. */
      ignored: "gap" | "diverged" | "nothing-new" | null;
      head: number;
      hash: Uint8Array;
      /** Verdicts of the ballots taken, in order of number. */
      verdicts: { number: number; verdict: Verdict }[];
    };

/** Fold one entry into the projection. */
export function foldEntry(projection: Projection, sha256: Sha256, entry: Entry): Folded {
  const { change } = entry;
  switch (change.kind) {
    case "log-opened":
      return foldHeader(projection, sha256, change.header);
    case "batch":
      return foldBatch(projection, sha256, change, entry.position);
    case "event-created":
    case "poll-defined":
    case "poll-opened":
    case "poll-paused":
    case "poll-closed":
    case "station-admitted":
      return { kind: "act", refused: foldAct(projection, entry, change) };
  }
}

function foldHeader(projection: Projection, sha256: Sha256, bytes: Uint8Array): Folded {
  const header = decodeHeader(bytes);
  if (header === undefined) return { kind: "ignored", why: "unreadable" };
  if (toHex(header.event) !== projection.event()) return { kind: "ignored", why: "wrong-event" };
  const log = toHex(header.log);
  const known = projection.log(log);
  if (known !== undefined) return { kind: "log", log, head: known.head };
  const station = toHex(header.station);
  projection.putLog({
    log,
    station,
    openedAtMs: header.openedAtMs,
    admitted: projection.station(station) !== undefined,
    head: 0,
    hash: firstHash(sha256, bytes),
    clock: null,
    lastMs: 0,
  });
  return { kind: "log", log, head: 0 };
}

function foldBatch(
  projection: Projection,
  sha256: Sha256,
  change: Extract<Change, { kind: "batch" }>,
  position: number,
): Folded {
  const batch = decodeBatch(change.batch);
  if (batch === undefined) return { kind: "ignored", why: "unreadable" };
  const id = toHex(batch.log);
  const log = projection.log(id);
  if (log === undefined) return { kind: "ignored", why: "unknown-log" };

  const skipped = log.head + 1 - batch.first;
  const ignored = fit(sha256, log, batch, skipped);
  if (ignored !== null) return { kind: "batch", log: id, ignored, head: log.head, hash: log.hash, verdicts: [] };

  const verdicts: { number: number; verdict: Verdict }[] = [];
  let row = log;
  for (const record of batch.records.slice(skipped)) {
    const number = row.head + 1;
    if (record.kind === "clock" && row.clock === null) row = synchroniseLog(projection, row, record, position);
    const folded = foldRecord(projection, row, record, position);
    row = { ...folded.log, head: number };
    if (folded.verdict !== null) verdicts.push({ number, verdict: folded.verdict });
  }
  row = { ...row, hash: change.hashAfter };
  projection.putLog(row);
  return { kind: "batch", log: id, ignored: null, head: row.head, hash: row.hash, verdicts };
}

/** A batch is a proposal: it is taken at head + 1, or overlapping with an equal running hash; else it is ignored. */
function fit(sha256: Sha256, log: LogRow, batch: Batch, skipped: number): "gap" | "diverged" | "nothing-new" | null {
  if (skipped < 0) return "gap";
  if (skipped >= batch.records.length) return "nothing-new";
  const hashAtHead = hashRecords(sha256, batch.hashBefore, batch.records.slice(0, skipped));
  return sameBytes(hashAtHead, log.hash) ? null : "diverged";
}
