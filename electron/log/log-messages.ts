/** What the station and its log's thread say to each other. */

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
  /** A record's canonical bytes, for the log begun last. */
  | { kind: "append"; id: number; record: Uint8Array }
  | { kind: "read"; id: number; log: Uint8Array; from: number; limit: number }
  /** A reader's number, given at its first appearance. */
  | { kind: "reader"; id: number; identity: string }
  /** Kept with the next commit, not waited for. */
  | { kind: "acked"; log: Uint8Array; upTo: number }
  | { kind: "keep"; name: string; value: Uint8Array }
  /** Does the disk take anything? */
  | { kind: "probe"; id: number }
  | { kind: "close"; id: number };

export type LogAnswer =
  | { kind: "opened"; logs: StoredLog[]; kept: { name: string; value: Uint8Array }[] }
  | { kind: "unusable"; code: "data-in-use" | "data-corrupt" | "data-too-new" | "data-directory"; cause: string }
  | { kind: "done"; id: number }
  | { kind: "stored"; id: number; number: number; hash: Uint8Array }
  | { kind: "not-stored"; id: number; reason: string }
  | { kind: "records"; id: number; hashBefore: Uint8Array; records: Uint8Array[] }
  | { kind: "reader-number"; id: number; number: number };

export interface LogWorkerStart {
  path: string;
}
