/** What the fold answers about an entry. */
import type { Verdict } from "./verdict.ts";

/** What an entry came to. */
export type Folded =
  | { kind: "act"; refused: ActRefusal | null }
  | { kind: "log"; log: string; head: number }
  /** A header or batch of no use: nothing changed. */
  | {
      kind: "ignored";
      why: "unreadable" | "unknown-log" | "wrong-event" | "not-admitted" | "another-header" | "too-many-logs";
    }
  | {
      kind: "batch";
      log: string;
      /** Why nothing was taken; null when the log now ends at `head`. */
      ignored: "gap" | "diverged" | "nothing-new" | "set-aside" | "rejected" | "revoked" | null;
      head: number;
      hash: Uint8Array;
      /** Verdicts of the ballots taken, in order of number. */
      verdicts: { number: number; verdict: Verdict }[];
    };

/** Why an act changed nothing. */
export type ActRefusal =
  | "event-exists"
  | "unknown-poll"
  /** A poll is edited only while it is a draft. */
  | "not-draft"
  | "already-open"
  | "not-open"
  /** What is told of a poll must fit a frame. */
  | "too-many-windows"
  | "already-closed"
  | "not-closed"
  | "already-certified"
  /** Other stations lack than the act names. */
  | "missing-changed"
  | "too-early"
  | "reason-needed"
  | "by-hand-only"
  | "not-barred"
  | "totals-differ"
  /** What a station kept of a poll is no news. */
  | "nothing-new"
  | "another-definition"
  | "already-admitted"
  | "unknown-station"
  | "already-revoked"
  /** Records are named that are not in the ledger. */
  | "not-folded"
  | "unknown-log"
  | "already-judged"
  | "unreadable"
  | "unknown-chunk"
  | "already-destroyed"
  | "key-destroyed"
  /** The event key is needed as long as votes are taken. */
  | "polls-open"
  /** Tags have voted under the numbers as they were. */
  | "ballots-cast"
  /** The roll was made of the numbers as they are. */
  | "roll-in-force"
  /** Chunks were made of numbers of other bits than are compared now: no reader makes their tag keys. */
  | "other-lf-bits"
  | "station-revoked"
  /** The wish was replaced or answered before. */
  | "not-wished";
