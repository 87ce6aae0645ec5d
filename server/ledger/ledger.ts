/**
 * The ledger: an append-only log of entries, and the projection folded from it.
 *
 * Two programs may implement it; `contract.ts` holds what each must keep. Nothing here assumes that this process wrote
 * the entry it folds: what is told to a reader comes from the fold, at a cursor.
 */
import type { Change, Entry } from "../../shared/domain/entry.ts";
import type { Folded } from "../../shared/domain/fold.ts";
import type { LogRow, PollRow, StationRow } from "../../shared/domain/projection.ts";

export type Appended =
  /** Durable and folded: position of the entry, and what the fold made of it. */
  | { ok: true; cursor: number; folded: Folded }
  /** Somebody else's entry came first: nothing was appended. */
  | { ok: false; why: "moved-on"; cursor: number }
  /** The disk did not take it: nothing was appended. `reason` names cause and remedy. */
  | { ok: false; why: "not-stored"; reason: string };

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
}

/** The small part of the projection that everybody asks for; kept in memory and never behind its own cursor. */
export interface Standing {
  cursor: number;
  event: string | undefined;
  /** In order of definition. */
  polls: ReadonlyMap<string, PollRow>;
  stations: ReadonlyMap<string, StationRow>;
}

export interface Ledger {
  /** Resolves after the entry is on disk and folded; entries of one caller keep their order. Never rejects. */
  append(change: Change, options?: AppendOptions): Promise<Appended>;
  /** The standing as of `minCursor` or later; at once when it is already there. */
  standing(minCursor?: number): Promise<Standing>;
  /** Head of a log, for resuming a link. */
  log(log: string): Promise<LogRow | undefined>;
  /** Entries from a position on, for readers of the log; at most `limit`. */
  entries(from: number, limit: number): Promise<Entry[]>;
  /** Called after each commit, in order; returns the way to stop. */
  onCommit(listener: (committed: Committed) => void): () => void;
  /** Throw the projection away and fold it anew; resolves with the number of entries folded. */
  rebuild(): Promise<number>;
  /** The whole projection in a form that two ledgers can be compared by. For tests and checks, not for traffic. */
  dump(): Promise<unknown>;
  close(): Promise<void>;
}
