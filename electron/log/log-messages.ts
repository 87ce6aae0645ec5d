/** What the station and its log's thread say to each other. */
import * as v from "valibot";

/** A log as the disk knows it. */
export interface StoredLog {
  log: Uint8Array;
  header: Uint8Array;
  signature: Uint8Array;
  /** Number and running hash of its last record. */
  head: number;
  hash: Uint8Array;
  /** Up to here the server said it is durable. */
  acked: number;
  /** Numbers after `acked` of records that are not ballots. */
  others: number[];
}

export type LogRequest =
  | { kind: "begin"; id: number; log: Uint8Array; header: Uint8Array; signature: Uint8Array; hash: Uint8Array }
  /**
   * A record's canonical bytes, for the log begun last. After `untilMs`, by the clock of `uptimeMs`, it was given up and
   * its voter told so: then it must not be stored any more.
   */
  | { kind: "append"; id: number; record: Uint8Array; untilMs: number }
  | { kind: "read"; id: number; log: Uint8Array; from: number; limit: number }
  /** A reader's number, given at its first appearance. */
  | { kind: "reader"; id: number; identity: string }
  /** Kept with the next commit, not waited for. */
  | { kind: "acked"; log: Uint8Array; upTo: number }
  | { kind: "keep"; name: string; value: Uint8Array }
  /** Does the disk take anything? */
  | { kind: "probe"; id: number }
  | { kind: "close"; id: number };

/** Why the log file cannot be used, as `StationUnusable` names it. */
export type UnusableCode = "data-in-use" | "data-corrupt" | "data-foreign" | "data-too-new" | "data-directory";

export type LogAnswer =
  | { kind: "opened"; logs: StoredLog[]; kept: { name: string; value: Uint8Array }[] }
  | { kind: "unusable"; code: UnusableCode; cause: string }
  | { kind: "done"; id: number }
  | { kind: "stored"; id: number; number: number; hash: Uint8Array }
  | { kind: "not-stored"; id: number; reason: string }
  | { kind: "records"; id: number; hashBefore: Uint8Array; records: Uint8Array[] }
  | { kind: "reader-number"; id: number; number: number };

/** What the thread is started with. */
export const LogWorkerStart = v.strictObject({ path: v.string() });

/** A clock that never jumps and that all threads of a process share, milliseconds. */
export function uptimeMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
