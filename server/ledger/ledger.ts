/**
 * The ledger: an append-only log of entries, and the projection folded from it.
 *
 * Two programs may implement it; `contract.ts` holds what each must keep. Nothing here assumes that this process wrote
 * the entry it folds: what is told to a reader comes from the fold, at a cursor.
 */
import type { Change, Entry } from "../../shared/domain/entry.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { Folded } from "../../shared/domain/folded.ts";
import type { Watermark } from "../../shared/domain/certification.ts";
import type { BallotRow, KeptChunk, LogRow, PollRow, StationRow } from "../../shared/domain/projection.ts";

export type Appended =
  /** Durable and folded: position of the entry, and what the fold made of it. */
  | { ok: true; cursor: number; folded: Folded }
  /** Somebody else's entry came first: nothing was appended. */
  | { ok: false; why: "moved-on"; cursor: number }
  /** The disk did not take it: nothing was appended. `reason` names cause and remedy. */
  | { ok: false; why: "not-stored"; reason: string };

/** The ledger could not be read: the disk, or its thread, failed. The message names cause and remedy. */
export class LedgerFailed extends Error {}

export interface AppendOptions {
  /** Append only if this is still the position of the last entry. */
  expected?: number;
}

/** What changed in one commit: rows as they are after it. */
export interface Committed {
  /** Position of the last entry of the commit. */
  cursor: number;
  polls: readonly PollRow[];
  stations: readonly StationRow[];
  /** Logs whose standing changed, and new ones that are not `taken`. */
  branches: readonly LogRow[];
  /** The roll as it is now, when it was replaced; else null. */
  roll: readonly string[] | null;
  /** Position of the act that destroyed the event key; null before it. */
  keyDestroyed: number | null;
  /** As it is now, whether or not this commit set it. */
  lfBits: LfBits;
}

/** The small part of the projection that everybody asks for; kept in memory and never behind its own cursor. */
export interface Standing {
  cursor: number;
  event: string | undefined;
  /** In order of definition. */
  polls: ReadonlyMap<string, PollRow>;
  stations: ReadonlyMap<string, StationRow>;
  /** Logs that are not `taken`, or no longer since this process started. */
  branches: ReadonlyMap<string, LogRow>;
  /** Hashes of the chunks of the roll; none: there is no roll. */
  roll: readonly string[];
  keyDestroyed: number | null;
  lfBits: LfBits;
}

export interface Ledger {
  /** Resolves after the entry is on disk and folded; entries of one caller keep their order. Never rejects. */
  append(change: Change, options?: AppendOptions): Promise<Appended>;
  /** The standing as of `minCursor` or later; at once when it is already there. */
  standing(minCursor?: number): Promise<Standing>;
  /** Head of a log, for resuming a link. */
  log(log: string): Promise<LogRow | undefined>;
  /** All logs of a station, in the order they became known. */
  logsOf(station: string): Promise<LogRow[]>;
  /** The running hash of a log after a record (after its header for 0); undefined beyond its head. Reads the entries: slow, rare. */
  hashAt(log: string, number: number): Promise<Uint8Array | undefined>;
  /** How far each station has delivered a poll; undefined for a poll there is not. */
  watermarks(poll: string): Promise<Watermark[] | undefined>;
  /** Ballots that came after a poll's barrier, by time of casting; at most `limit`. */
  lateBallots(poll: string, limit: number): Promise<BallotRow[]>;
  rollChunk(hash: string): Promise<KeptChunk | undefined>;
  rollSize(): Promise<{ tags: number; voters: number }>;
  /** Entries from a position on, for readers of the log; at most `limit`. */
  entries(from: number, limit: number): Promise<Entry[]>;
  /** Called after each commit, in order; returns the way to stop. */
  onCommit(listener: (committed: Committed) => void): () => void;
  /** Throw the projection away and fold it anew; resolves with the number of entries folded. */
  rebuild(): Promise<number>;
  /** The whole projection in a form that two ledgers can be compared by. For tests and checks, not for traffic. */
  dump(): Promise<unknown>;
  /** Does the disk take anything? `reason` as for an append that was not stored. */
  probe(): Promise<{ ok: true } | { ok: false; reason: string }>;
  close(): Promise<void>;
}
