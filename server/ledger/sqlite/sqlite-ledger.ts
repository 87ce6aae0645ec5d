/**
 * The ledger on SQLite: one file, written by one thread, whose commit is what an answer waits for.
 *
 * When the disk does not take a group, nobody in it is told otherwise and the next one is tried as if nothing had been.
 * When the thread dies, what it was asked is answered `not-stored` although it may have been written: a batch sent again is
 * recognised by its numbers, and an act that must not happen twice carries `expected`.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Change } from "../../../shared/domain/entry.ts";
import { encodeChange } from "../../../shared/domain/entry-codec.ts";
import { LedgerFailed, type Appended, type AppendOptions, type Ledger } from "../ledger.ts";
import type { LedgerFault } from "./ledger-fault.ts";
import type { Answer, LedgerStart, Question } from "./ledger-messages.ts";
import { readEntry } from "./ledger-store.ts";
import { startLedgerThread, type LedgerThread, type ThreadNews } from "./ledger-thread.ts";
import { LEDGER_FILE } from "./schema.ts";
import { createStandingMirror } from "./standing-mirror.ts";

export interface SqliteLedgerOptions {
  /** The server's time, milliseconds since 1970; the ledger's own never goes back. */
  clock: () => number;
  /** Starts the thread on a file. */
  startWorker?: (start: LedgerStart) => Worker;
  /** Told when the thread died, and when another took its place. */
  onThread?: (news: ThreadNews) => void;
}

export type OpenedLedger = { ok: true; ledger: Ledger } | { ok: false; why: LedgerFault; reason: string };

/**
 * Batches up to this many bytes are stored without the hash after them, which the fold then works out: some 4 ballots.
 * A lone one takes 32 bytes less (a sixth), and folding it anew some microseconds more; in a full batch the hash is a
 * third of a byte per ballot, and spares the fold a hash of each.
 */
const MAX_BARE_BATCH_BYTES = 256;

/**
 * The thread makes rows by the million that live for microseconds. Left to itself V8 lets them grow to 150 MB before it
 * sweeps, and keeps the room; with this it takes 30, and no longer.
 */
const YOUNG_HEAP_MB = 12;

/** Opens, or begins, the ledger of a data directory. `reason` is one line for whoever started the server. */
export async function openSqliteLedger(directory: string, options: SqliteLedgerOptions): Promise<OpenedLedger> {
  const path = join(directory, LEDGER_FILE);
  const { clock, startWorker = startLedgerWorker, onThread } = options;
  const mirror = createStandingMirror();
  const started = await startLedgerThread((atLeast) => startWorker({ path, atLeast }), mirror.take, onThread);
  if (!started.ok) return started;
  mirror.take(started.standing);
  const { thread } = started;
  const ledger: Ledger = {
    append: (change, appendOptions = {}) => append(thread, clock(), change, appendOptions),
    standing: (minCursor = 0) => mirror.at(minCursor),
    log: async (log) => (await ask(thread, { kind: "log", log }, "log")).row,
    logsOf: async (station) => [...(await ask(thread, { kind: "logsOf", station }, "logsOf")).rows],
    hashAt: async (log, number) => (await ask(thread, { kind: "hashAt", log, number }, "hashAt")).hash,
    watermarks: async (poll) => (await ask(thread, { kind: "watermarks", poll }, "watermarks")).watermarks,
    lateBallots: async (poll, limit) =>
      (await ask(thread, { kind: "lateBallots", poll, limit }, "lateBallots")).ballots,
    rollChunk: async (hash) => (await ask(thread, { kind: "rollChunk", hash }, "rollChunk")).chunk,
    rollSize: async () => (await ask(thread, { kind: "rollSize" }, "rollSize")).size,
    async entries(from, limit) {
      const { entries } = await ask(thread, { kind: "entries", from, limit }, "entries");
      return entries.map(readEntry);
    },
    onCommit: mirror.onCommit,
    rebuild: async () => (await ask(thread, { kind: "rebuild" }, "rebuild")).folded,
    dump: async () => (await ask(thread, { kind: "dump" }, "dump")).dump,
    async probe() {
      const answer = await thread.ask({ kind: "probe" });
      return answer.kind === "probe" ? { ok: true } : { ok: false, reason: failureOf(answer) };
    },
    async close() {
      await thread.ask({ kind: "close" });
      mirror.end();
    },
  };
  return { ok: true, ledger };
}

function startLedgerWorker(start: LedgerStart): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_HEAP_MB };
  return new Worker(new URL("ledger-worker.ts", import.meta.url), { workerData: start, resourceLimits });
}

function bare(change: Change): Change {
  const short = change.kind === "batch" && change.batch.length <= MAX_BARE_BATCH_BYTES;
  return short ? { ...change, hashAfter: null } : change;
}

/** A batch behind its hash is put together from both: nobody else holds these bytes. */
function isJustMade(change: Change, body: Uint8Array): body is Uint8Array<ArrayBuffer> {
  return (
    change.kind === "batch" &&
    body !== change.batch &&
    body.buffer instanceof ArrayBuffer &&
    body.byteLength === body.buffer.byteLength
  );
}

async function append(
  thread: LedgerThread,
  nowMs: number,
  change: Change,
  { expected }: AppendOptions,
): Promise<Appended> {
  let encoded: ReturnType<typeof encodeChange>;
  try {
    encoded = encodeChange(bare(change));
  } catch (error) {
    return { ok: false, why: "not-stored", reason: `not a change of the ledger: ${String(error)}` };
  }
  // With a buffer of its own: transferred, it is not copied again, and nobody else's bytes go with it.
  const body = isJustMade(change, encoded.body) ? encoded.body : new Uint8Array(encoded.body);
  const entry = { nowMs, kind: encoded.kind, body, expected };
  const answer = await thread.ask({ kind: "append", entry }, [body.buffer]);
  if (answer.kind === "append") return answer.appended;
  return { ok: false, why: "not-stored", reason: failureOf(answer) };
}

async function ask<Kind extends Answer["kind"]>(
  thread: LedgerThread,
  question: Question,
  kind: Kind,
): Promise<Extract<Answer, { kind: Kind }>> {
  const answer = await thread.ask(question);
  if (isOfKind(answer, kind)) return answer;
  throw new LedgerFailed(failureOf(answer));
}

function failureOf(answer: Answer): string {
  return answer.kind === "failed" ? answer.reason : "the ledger's thread answered out of turn";
}

function isOfKind<Kind extends Answer["kind"]>(answer: Answer, kind: Kind): answer is Extract<Answer, { kind: Kind }> {
  return answer.kind === kind;
}
