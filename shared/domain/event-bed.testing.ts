/** An event with three stations for tests of the fold: acts and logs in, tallies and verdicts out. */
import { bytesOfHex } from "../bytes.ts";
import type { Change, CertifyWhy } from "./entry.ts";
import { foldEntry } from "./fold.ts";
import type { Folded } from "./folded.ts";
import { createMemoryProjection } from "./memory-projection.ts";
import type { LogRecord, Sha256 } from "./record.ts";
import { createTestLog, testId, testTag, type TestLog, type TestPoll } from "./testing.ts";

export const STATIONS = [testId(0xb1), testId(0xb2), testId(0xb3)] as const;
const [FIRST] = STATIONS;

export function createEventBed(sha256: Sha256) {
  const projection = createMemoryProjection();
  let position = 0;
  const fold = (change: Change, atMs = 0): Folded => {
    position++;
    return foldEntry(projection, sha256, { position, atMs, change });
  };
  fold({ kind: "event-created", event: testId(0xc) }, 0);
  for (const station of STATIONS) fold({ kind: "station-admitted", station, key: new Uint8Array(32) }, 0);
  return {
    projection,
    fold,
    position: () => position,
    tally: ({ facts }: TestPoll) => projection.poll(facts.poll)?.tally,
    standing: ({ id }: TestLog) => projection.log(id)?.standing,
    /** Defines it and opens it. */
    open(poll: TestPoll, atMs: number): void {
      fold(poll.defined, atMs);
      fold(poll.opened, atMs);
    },
    /** A log with a header in the ledger, opened at 0; with `after`, one that goes on from another's record. */
    log(id: number, station: string = FIRST, after?: { log: TestLog; number: number }): TestLog {
      const parent = after && {
        log: bytesOfHex(after.log.id),
        number: after.number,
        hash: after.log.hashAt(after.number),
      };
      const log = createTestLog(sha256, { log: testId(id), station, parent: parent ?? null });
      fold(log.opened, 0);
      return log;
    },
    /** Everything from a record on, by default all; what was said of it. */
    deliver(log: TestLog, atMs: number, first = 1) {
      const folded = fold(log.batch(first), atMs);
      if (folded.kind !== "batch") throw new Error(`no batch: ${JSON.stringify(folded)}`);
      return folded.ignored ?? folded.verdicts.map(({ verdict }) => verdict);
    },
    /** The barrier; null or why not. */
    bar({ facts }: TestPoll, atMs: number, why: CertifyWhy = "drained", missing: string[] = []) {
      const reason = why === "by-hand" ? "ab".repeat(32) : null;
      const folded = fold({ kind: "poll-barred", poll: facts.poll, why, missing, reason }, atMs);
      return folded.kind === "act" ? folded.refused : "no act";
    },
    /** The certificate of the barrier just put; null or why not. */
    certify({ facts }: TestPoll, atMs: number) {
      const row = projection.poll(facts.poll);
      const barrier = row?.barrier?.cursor ?? 1;
      const folded = fold({ kind: "poll-certified", poll: facts.poll, barrier, totals: row?.tally ?? [] }, atMs);
      return folded.kind === "act" ? folded.refused : "no act";
    },
  };
}

export const vote = (poll: TestPoll, tag: number, option: number, ms: number): LogRecord => ({
  kind: "ballot",
  poll: poll.short,
  option,
  tagKey: testTag(tag),
  ms,
  reader: 1,
});
/** The log's milliseconds are the server's. */
export const clock = (ms = 0, serverMs = ms): LogRecord => ({ kind: "clock", ms, serverMs, uncertaintyMs: 1 });
export const drained = (poll: TestPoll, ms: number): LogRecord => ({ kind: "drained", poll: poll.short, ms });
