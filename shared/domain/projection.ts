/**
 * What the fold reads and writes: the state of an event as rows. Synchronous, and without rules of its own, so that the
 * same fold runs over a database and over memory.
 */
import type { CertifyWhy, MappingAnswer, PollFacts, Window } from "./entry.ts";
import type { LfBits } from "./event-settings.ts";
import type { PollState, Rule } from "./poll.ts";
import type { Entitled } from "./roll.ts";
import type { Terms } from "./terms.ts";

export interface PollRow extends Omit<PollFacts, "poll"> {
  id: string;
  /** SHA-256 of the definition, hexadecimal; final once the poll was opened. */
  hash: string;
  state: PollState;
  /** Acts that opened, paused, closed or certified it. */
  moves: number;
  windows: Window[];
  /**
   * Server time and position of the close; null before it. `backAtMs`: when a station brought it back to a server that had
   * lost it; else null.
   */
  closed: { atMs: number; cursor: number; backAtMs: number | null } | null;
  /** Weights of counted ballots by option position. */
  tally: number[];
  /** Counted ballots whose station's clock was never compared with the server's. */
  unsynced: number;
  /** Ballots that came after the barrier. */
  late: number;
  /** From here on nothing more is counted; null before certification. */
  barrier: Barrier | null;
  /** The latest moment any of its ballots was cast; tells whether an act must judge ballots again. */
  latestMs: number;
  /** Position of the last entry that changed its definition or state. */
  stateCursor: number;
  /** Position of the last entry that changed its tally. */
  tallyCursor: number;
}

export interface Barrier {
  cursor: number;
  atMs: number;
  /** "restored": as the server had certified it before it lost its ledger. */
  why: CertifyWhy | "restored";
  /** Stations that had not drained then. */
  missing: string[];
  /** Hash of the organiser's words, kept elsewhere. */
  reason: string | null;
}

/**
 * What a log counts as. `taken`: like any. `aside`: one of two live branches, not folded further until the organiser
 * says. `admitted`: a branch the organiser let in. `rejected`: none of its ballots counts.
 */
export type Standing = "taken" | "aside" | "admitted" | "rejected";

export interface LogRow {
  log: string;
  station: string;
  /** The running hash before record 1, which tells one header from another. */
  firstHash: Uint8Array;
  openedAtMs: number;
  parent: { log: string; number: number } | null;
  standing: Standing;
  /** Records up to here are accepted, its station having been revoked; null while it is not. */
  accepted: number | null;
  /** Position of its header. */
  openedCursor: number;
  /** Position of the last entry that took it beyond every log that continues it; 0 before the first. */
  grownCursor: number;
  /** Number and running hash of the last record folded. */
  head: number;
  hash: Uint8Array;
  /** The newest clock record, null before the first. */
  clock: { ms: number; serverMs: number } | null;
  /** Corrected time of the last record: it never decreases within a log. */
  lastMs: number;
  /** Polls it has drained, by the first 8 bytes of their hash, hexadecimal. */
  drained: string[];
}

export interface StationRow {
  station: string;
  key: Uint8Array;
  /** Position of the act that admitted it. */
  cursor: number;
  /** Position of the act that revoked it. */
  revoked: number | null;
  /** Position of its word that it destroyed the event key. */
  forgot: number | null;
  /** What an organiser last wanted its readers to stand for; null before, and once it is revoked. */
  wish: MappingWish | null;
}

export interface MappingWish {
  /** Position of the act. */
  cursor: number;
  /** Revision of the station's mapping that the organiser saw. */
  base: number;
  /** Of the list of readers, kept elsewhere. */
  hash: string;
  /** What the station said to it; null while it has not. */
  answer: MappingAnswer | null;
}

/** A ballot as the fold remembers it. */
export interface BallotRow {
  /** First 8 bytes of the poll's hash, hexadecimal; it may name a poll nobody has defined here yet. */
  poll: string;
  /** Whose it is, as `voterKey` has it. */
  voter: Uint8Array;
  tagKey: Uint8Array;
  weight: number;
  option: number;
  /** Cast in an open time, for an option there is, by who may: it takes part. */
  eligible: boolean;
  /** It came after the barrier of its poll. */
  late: boolean;
  /** Whether its log's clock was ever compared with the server's. */
  synced: boolean;
  /** Corrected server time it was cast at. */
  atMs: number;
  log: string;
  number: number;
}

/** What the ballots of a poll come to. */
interface Counted {
  /** Of the ballots that count, by option position; one without is not in it. */
  weights: ReadonlyMap<number, number>;
  /** How many of those are not synchronised. */
  unsynced: number;
}

/** A chunk of a roll as it came, and the bits of 125 kHz numbers it was made under; null where that was never noted. */
export interface KeptChunk {
  bytes: Uint8Array;
  lfBits: LfBits | null;
}

/** Everything in a projection, in an order that does not depend on how it came about. */
export interface ProjectionDump {
  polls: PollRow[];
  logs: LogRow[];
  stations: StationRow[];
  ballots: BallotRow[];
  roll: Entitled[];
  keyDestroyed: number | null;
  lfBits: LfBits;
}

export interface Projection {
  event(): string | undefined;
  putEvent(event: string): void;
  /** Position of the act that destroyed the event key; null before it. */
  keyDestroyed(): number | null;
  putKeyDestroyed(cursor: number): void;
  /** Low bits of a 125 kHz number that are compared. */
  lfBits(): LfBits;
  putLfBits(lfBits: LfBits): void;
  /** Is there a ballot at all, whatever became of it? */
  hasBallots(): boolean;
  station(station: string): StationRow | undefined;
  stations(): Iterable<StationRow>;
  putStation(row: StationRow): void;
  poll(id: string): PollRow | undefined;
  polls(): Iterable<PollRow>;
  /** By the first 8 bytes of the hash of an opened poll's definition. */
  pollByHash(poll: string): PollRow | undefined;
  putPoll(row: PollRow): void;
  log(log: string): LogRow | undefined;
  /** In the order they were put first. */
  logsOf(station: string): readonly LogRow[];
  putLog(row: LogRow): void;
  /** A chunk of a roll, by its hash. */
  rollChunk(hash: string): KeptChunk | undefined;
  /** Of one that is put again the later note stands: tags without a 125 kHz number have one key under any bits. */
  putRollChunk(hash: string, chunk: KeptChunk): void;
  /** Hashes of the chunks in force; none: there is no roll. */
  roll(): readonly string[];
  /** Replace the roll; of a tag that is there twice the later row stands. */
  putRoll(chunks: readonly string[], tags: Iterable<Entitled>): void;
  /** What the roll says of a tag; undefined when it is not on it. */
  entitled(tagKey: Uint8Array): Entitled | undefined;
  /** The eligible ballots of this voter that count under the rule, as `chooseBallots` would choose them. */
  counting(poll: string, voter: Uint8Array, rule: Rule): BallotRow[];
  addBallot(row: BallotRow): void;
  removeBallot(row: BallotRow): void;
  /**
   * Ballots of a poll cast at `fromMs` or later. The caller changes rows while it reads: what it has replaced may come
   * again, what it has not seen yet comes.
   */
  ballotsOfPoll(poll: string, fromMs: number): Iterable<BallotRow>;
  /**
   * Put every ballot of a poll as `judgeBallot` has it on these terms, by the roll and by how far its log is taken. The
   * latest moment at which one was cast that changed; null when none did.
   */
  judgeAll(poll: string, terms: Terms): number | null;
  /** Of every voter the ballots that count under the rule, as `counting` has them, summed up. */
  countAll(poll: string, rule: Rule): Counted;
  /** Ballots of a log with a number above this. Complete before it returns: the caller changes rows while reading. */
  ballotsOfLog(log: string, above: number): BallotRow[];
  /** Ballots of a log that no clock record has placed yet, by number. Complete before it returns. */
  unsyncedBallotsOf(log: string): BallotRow[];
}
