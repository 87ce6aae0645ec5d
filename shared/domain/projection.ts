/**
 * What the fold reads and writes: the state of an event as rows. Synchronous, and without rules of its own, so that the
 * same fold runs over a database and over memory.
 */
import type { PollState, Results, Rule } from "./poll.ts";

/** A span of server time in which a poll took votes: `[fromMs, toMs)`; `toMs` null while it still does. */
export interface Window {
  fromMs: number;
  toMs: number | null;
}

export interface PollRow extends Rule {
  id: string;
  /** SHA-256 of the definition, hexadecimal; final once the poll was opened. */
  hash: string;
  options: number;
  /** Who may see its tally, and when. */
  results: Results;
  state: PollState;
  windows: Window[];
  /** Counted ballots by option position. */
  tally: number[];
  /** The latest moment any of its ballots was cast; tells whether an act must judge ballots again. */
  latestMs: number;
  /** Position of the last entry that changed its definition or state. */
  stateCursor: number;
  /** Position of the last entry that changed its tally. */
  tallyCursor: number;
}

export interface LogRow {
  log: string;
  station: string;
  openedAtMs: number;
  admitted: boolean;
  /** Number and running hash of the last record folded. */
  head: number;
  hash: Uint8Array;
  /** The newest clock record, null before the first. */
  clock: { ms: number; serverMs: number } | null;
  /** Corrected time of the last record: it never decreases within a log. */
  lastMs: number;
}

export interface StationRow {
  station: string;
  key: Uint8Array;
  /** Position of the act that admitted it. */
  cursor: number;
}

/** A ballot as the fold remembers it. */
export interface BallotRow {
  /** First 8 bytes of the poll's hash, hexadecimal; it may name a poll nobody has defined here yet. */
  poll: string;
  tagKey: Uint8Array;
  option: number;
  /** Cast in an open time, for an option there is, by an admitted station: it takes part. */
  eligible: boolean;
  /** Whether its log's clock was ever compared with the server's. */
  synced: boolean;
  /** Corrected server time it was cast at. */
  atMs: number;
  log: string;
  number: number;
}

export interface Projection {
  event(): string | undefined;
  putEvent(event: string): void;
  station(station: string): StationRow | undefined;
  putStation(row: StationRow): void;
  poll(id: string): PollRow | undefined;
  /** By the first 8 bytes of the hash of an opened poll's definition. */
  pollByHash(poll: string): PollRow | undefined;
  putPoll(row: PollRow): void;
  log(log: string): LogRow | undefined;
  putLog(row: LogRow): void;
  /** The eligible ballots of this voter that count under the rule, as `chooseBallots` would choose them. */
  counting(poll: string, tagKey: Uint8Array, rule: Rule): BallotRow[];
  addBallot(row: BallotRow): void;
  removeBallot(row: BallotRow): void;
  /**
   * Ballots of a poll cast at `fromMs` or later, by `compareBallots`. Complete before it returns: the caller changes
   * rows while reading.
   */
  ballotsOfPoll(poll: string, fromMs: number): BallotRow[];
  /** Ballots of a log that no clock record has placed yet, by number. Complete before it returns. */
  unsyncedBallotsOf(log: string): BallotRow[];
}
