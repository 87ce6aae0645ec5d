/** Everything that goes between the ledger and its thread. */
import * as v from "valibot";
import type { Watermark } from "../../../shared/domain/certification.ts";
import type { BallotRow, KeptChunk, LogRow } from "../../../shared/domain/projection.ts";
import type { Appended } from "../ledger.ts";
import type { LedgerFault } from "./ledger-fault.ts";
import type { Asked, StoredEntry } from "./ledger-store.ts";
import type { StandingRows } from "./sqlite-projection.ts";

/** What the thread is asked; it answers in the same order. */
export type Question =
  | { kind: "append"; entry: Asked }
  | { kind: "log"; log: string }
  | { kind: "logsOf"; station: string }
  | { kind: "hashAt"; log: string; number: number }
  | { kind: "watermarks"; poll: string }
  | { kind: "lateBallots"; poll: string; limit: number }
  | { kind: "rollChunk"; hash: string }
  | { kind: "rollSize" }
  | { kind: "entries"; from: number; limit: number }
  | { kind: "rebuild" }
  | { kind: "dump" }
  | { kind: "probe" }
  | { kind: "close" };

export type Answer =
  | { kind: "append"; appended: Appended }
  | { kind: "log"; row: LogRow | undefined }
  | { kind: "logsOf"; rows: readonly LogRow[] }
  | { kind: "hashAt"; hash: Uint8Array | undefined }
  | { kind: "watermarks"; watermarks: Watermark[] | undefined }
  | { kind: "lateBallots"; ballots: BallotRow[] }
  | { kind: "rollChunk"; chunk: KeptChunk | undefined }
  | { kind: "rollSize"; size: { tags: number; voters: number } }
  | { kind: "entries"; entries: StoredEntry[] }
  | { kind: "rebuild"; folded: number }
  | { kind: "dump"; dump: unknown }
  | { kind: "probe" }
  | { kind: "close" }
  /** The question could not be answered: the disk, or the thread itself, failed. */
  | { kind: "failed"; reason: string };

/** What the thread is started with. */
export const LedgerStart = v.strictObject({
  path: v.string(),
  /** Position of an entry that must be there: what was committed before. 0 for a first start. */
  atLeast: v.number(),
});
export type LedgerStart = v.InferOutput<typeof LedgerStart>;

export type ToThread = { id: number; question: Question };

export type FromThread =
  | { kind: "ready"; standing: StandingRows }
  | { kind: "not-opened"; why: LedgerFault; reason: string }
  /** The thread ends, and another is to open the file anew. */
  | { kind: "ended"; reason: string }
  /** `committed` is null when no entry was added. It is to be taken over before the answers are given out. */
  | { kind: "answers"; committed: StandingRows | null; answers: { id: number; answer: Answer }[] };
