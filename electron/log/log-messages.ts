/** What the station and its log's thread say to each other. */
import * as v from "valibot";
import type { Standing } from "../../shared/domain/projection.ts";
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { PackedBytes } from "./packed-bytes.ts";

/** A log before its first record, with the running hash after its header. */
export interface NewLog {
  log: Uint8Array;
  header: Uint8Array;
  signature: Uint8Array;
  hash: Uint8Array;
}

/** A log as the disk knows it. */
export interface StoredLog extends NewLog {
  /** Number and running hash of its last record. */
  head: number;
  hash: Uint8Array;
  /** Of its last record, milliseconds since its opening; 0 when there is none. */
  lastMs: number;
  /** Up to here the server said it is durable. */
  acked: number;
  /** Numbers after `acked` of records that are not ballots. */
  others: number[];
  /** What the server last said it counts as. */
  standing: Standing;
  /** Records go to it, or once did; else it was made to hold what was salvaged of an older one. */
  wasCurrent: boolean;
  /** A server may have heard of it: so noted before its header is first sent. */
  heard: boolean;
}

/** A log that no server has heard of, and what it becomes: with the same records, going on from another place. */
export interface Heir {
  from: Uint8Array;
  to: NewLog;
}

/** What came of a salvage. */
export interface Salvaged {
  log: StoredLog;
  /** What the heirs became, in their order. */
  heirs: StoredLog[];
}

export type LogRequest =
  /** Begin a log; records go to it from now on. */
  | { kind: "begin"; id: number; log: NewLog }
  /**
   * Canonical bytes of records, for the log that records go to now, or one that is named: all of them or none. After
   * `untilMs`, by the clock of `uptimeMs`, they were given up and their voters told so: then they must not be stored any more.
   */
  | { kind: "append"; id: number; records: PackedBytes; log: Uint8Array | null; untilMs: number }
  /**
   * Move the records of a log after a number to a new log. If records go to the old one now, they go to the new one from
   * now on, even if there is nothing to move. What goes on from the old log, and nobody heard of, is made anew: parents
   * before children, each continuing the end of one that was made just before.
   */
  | { kind: "salvage"; id: number; from: Uint8Array; after: number; to: NewLog; heirs: readonly Heir[] }
  /** Where would the records of a log after a number end, if they moved behind a header with this hash? */
  | { kind: "foresee"; id: number; from: Uint8Array; after: number; hash: Uint8Array }
  /** A server is going to hear of a log. */
  | { kind: "heard"; id: number; log: Uint8Array }
  | { kind: "read"; id: number; log: Uint8Array; from: number; limit: number }
  /** A reader's number, given at its first appearance. */
  | { kind: "reader"; id: number; identity: string }
  /** Kept with the next commit, not waited for. */
  | { kind: "acked"; log: Uint8Array; upTo: number }
  | { kind: "standing"; log: Uint8Array; standing: Standing }
  /** `soon`: not waited for, but not put off either. */
  | { kind: "keep"; name: string; value: Uint8Array; soon: boolean }
  /** Does the disk take anything? */
  | { kind: "probe"; id: number }
  | { kind: "close"; id: number };

export type LogRequestOf<Kind extends LogRequest["kind"]> = Extract<LogRequest, { kind: Kind }>;

/** Why the log file cannot be used, as `StationUnusable` names it. */
export type UnusableCode = "data-in-use" | "data-corrupt" | "data-foreign" | "data-too-new" | "data-directory";

export type LogAnswer =
  | { kind: "opened"; logs: StoredLog[]; kept: { name: string; value: Uint8Array }[] }
  /** `remedy`: what whoever starts the station can do; `reason`: as for a vote that could not be stored. */
  | { kind: "unusable"; code: UnusableCode; cause: string; remedy: string; reason: Sentence }
  /** The thread ends, and another is to open the file anew. */
  | { kind: "lost"; reason: Sentence }
  | { kind: "done"; id: number }
  /** `log` in hexadecimal; the number of the first record, and the running hash after each of them, one after another. */
  | { kind: "stored"; id: number; log: string; first: number; hashes: Uint8Array }
  | { kind: "not-stored"; id: number; reason: Sentence }
  /** `null`: there was nothing to move, and records go elsewhere already. */
  | { kind: "salvaged"; id: number; made: Salvaged | null }
  | { kind: "foreseen"; id: number; number: number; hash: Uint8Array }
  | { kind: "records"; id: number; hashBefore: Uint8Array; records: Uint8Array[] }
  | { kind: "reader-number"; id: number; number: number };

/** What the thread is started with. */
export const LogWorkerStart = v.strictObject({ path: v.string() });
export type LogWorkerStart = v.InferOutput<typeof LogWorkerStart>;

/** A clock that never jumps and that all threads of a process share, milliseconds. */
export function uptimeMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
