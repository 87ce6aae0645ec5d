/**
 * An entry of the ledger: one change of state. Everything else the server knows is a fold over entries.
 * No entry holds a name, a question's words or a key that keeps a secret; those are referred to by id or hash.
 */
import type { LfBits } from "./event-settings.ts";
import type { PollDefinition, PollRules } from "./poll.ts";

/** A place in the ledger with the server's time; both never decrease. */
export interface Entry {
  /** 1, 2, 3 …: also the cursor of whoever has read up to here. */
  position: number;
  /** Server time, milliseconds since 1970. */
  atMs: number;
  change: Change;
}

/** What the ledger knows of a poll's definition: all of it but the words. */
export interface PollFacts extends PollRules {
  poll: string;
  hash: string;
  /** How many. */
  options: number;
}

/** The rules of what has more than these. */
export function rulesOf(rules: PollRules): PollRules {
  const { counts, upTo, results, groups, randomUids, certify, round, first, tagless } = rules;
  return { counts, upTo, results, groups, randomUids, certify, round, first, tagless };
}

/** The facts of a definition under its hash. */
export function pollFacts({ id, options, ...definition }: PollDefinition, hash: string): PollFacts {
  return { poll: id, hash, options: options.length, ...rulesOf(definition) };
}

/** A span of server time in which a poll took votes: `[fromMs, toMs)`; `toMs` null while it still does. */
export interface Window {
  fromMs: number;
  toMs: number | null;
}

/** How far a poll had come, as the server itself once told its stations. */
export interface PollCourse {
  state: "open" | "paused" | "closed" | "certified";
  /** Acts that made it so: of two courses of one poll the longer is the later. */
  moves: number;
  windows: Window[];
  /** Server time of the close; null before it. */
  closedAtMs: number | null;
  /** The certified totals; null before. */
  totals: number[] | null;
}

/** Why a poll is certified now: all have drained, a day went by, or the organiser says so. */
export type CertifyWhy = "drained" | "time" | "by-hand";

export type Change =
  | { kind: "event-created"; event: string }
  | ({ kind: "poll-defined" } & PollFacts)
  | { kind: "poll-opened"; poll: string }
  | { kind: "poll-paused"; poll: string }
  | { kind: "poll-closed"; poll: string }
  /** A server restored from a backup takes back from a station what it had told and signed itself. */
  | ({ kind: "poll-restored" } & PollFacts & PollCourse)
  /** The barrier: what is folded before it counts. `missing` are the stations that have not drained, ascending. */
  | { kind: "poll-barred"; poll: string; why: CertifyWhy; missing: string[]; reason: string | null }
  /** The totals at the barrier, said once more. */
  | { kind: "poll-certified"; poll: string; barrier: number; totals: number[] }
  | { kind: "station-admitted"; station: string; key: Uint8Array }
  /** Of the logs named, records up to the number stay accepted; of the station's others, those folded before. */
  | { kind: "station-revoked"; station: string; accepted: { log: string; number: number }[] }
  | { kind: "log-opened"; header: Uint8Array; signature: Uint8Array }
  /** The organiser's word on a branch. */
  | { kind: "log-judged"; log: string; admitted: boolean }
  /**
   * `batch` is the bytes the station sent. `hashAfter` was checked against its signature on the way in; null when it is
   * cheap to work out again.
   */
  | { kind: "batch"; batch: Uint8Array; hashAfter: Uint8Array | null }
  /**
   * `lfBits` is what its tag keys were made under: readers that compare other bits never make these keys. Null for a chunk
   * stored before this was noted.
   */
  | { kind: "roll-chunk"; chunk: Uint8Array; lfBits: LfBits | null }
  /** From now on this is the roll: the hashes of its chunks; none, and anyone may vote. */
  | { kind: "roll-adopted"; chunks: string[] }
  /** The event key is destroyed, here and at every station that says so. */
  | { kind: "key-destroyed" }
  /** Of a 125 kHz tag's number so many low bits are compared. */
  | { kind: "lf-bits-set"; lfBits: LfBits }
  /**
   * What a station's readers are to stand for, as an organiser wants it who saw the mapping's revision `base`. `hash` is of
   * the list (mapping-bytes.ts), which is kept elsewhere: readers' names are words.
   */
  | { kind: "mapping-wished"; station: string; base: number; hash: string }
  /** What the station said to the wish at this position. */
  | { kind: "mapping-answered"; station: string; wish: number; answer: MappingAnswer };

/** It took the change; it had changed since `base`; it has no such reader. */
export type MappingAnswer = "taken" | "conflict" | "unknown-reader";

/** A change as the ledger stores it: `entry-codec.ts`. */
export interface StoredChange {
  kind: number;
  body: Uint8Array;
}
