/** A small event's ledger from its beginning to its end, with an entry of every kind. For tests only. */
import { bytesOfHex, toHex } from "../bytes.ts";
import { encodeChange } from "../domain/entry-codec.ts";
import type { Change, StoredChange } from "../domain/entry.ts";
import type { Sha256 } from "../domain/record.ts";
import { encodeRollChunk } from "../domain/roll.ts";
import { createTestLog, testId, testPoll, testTag } from "../domain/testing.ts";

const EVENT = testId(0xc);
const STATION = testId(0xb);

/** The changes, in an order in which each takes effect. */
export function ledgerChanges(sha256: Sha256): Change[] {
  const poll = testPoll(sha256, 1);
  const lost = testPoll(sha256, 2, { upTo: 2, groups: [1, 2], counts: "last", tagless: true });
  const log = createTestLog(sha256, { station: STATION, event: EVENT });
  const ballot = (number: number) => ({
    kind: "ballot" as const,
    poll: poll.short,
    option: 1 + (number % 3),
    tagKey: testTag(number),
    ms: 1_000 * number,
    reader: 1,
  });
  log.add({ kind: "clock", ms: 0, serverMs: 5_000, uncertaintyMs: 20 }, ballot(1), ballot(2), ballot(3));
  log.add({ kind: "drained", poll: poll.short, ms: 9_000 });
  const branch = createTestLog(sha256, {
    log: testId(0xa2),
    station: STATION,
    event: EVENT,
    parent: { log: bytesOfHex(log.id), number: 2, hash: log.hashAt(2) },
  });
  branch.add(ballot(4), { kind: "forgot", ms: 10_000 });
  const chunk = encodeRollChunk(
    [1, 2, 3].map((number) => ({ tagKey: testTag(number), voter: number, weight: 1, group: 1 })),
  );
  const course = { state: "closed", moves: 2, windows: [{ fromMs: 1, toMs: 9 }], closedAtMs: 9, totals: null } as const;
  return [
    { kind: "event-created", event: EVENT },
    { kind: "station-admitted", station: STATION, key: new Uint8Array(32).fill(7) },
    poll.defined,
    { kind: "roll-chunk", chunk, lfBits: 32 },
    { kind: "roll-adopted", chunks: [toHex(sha256(chunk))] },
    { kind: "roll-adopted", chunks: [] },
    poll.opened,
    { kind: "lf-bits-set", lfBits: 24 },
    log.opened,
    log.batch(1, 2),
    { ...log.batch(3, 2), hashAfter: null },
    branch.opened,
    branch.batch(),
    log.batch(),
    { kind: "log-judged", log: branch.id, admitted: true },
    poll.paused,
    poll.opened,
    poll.closed,
    { kind: "poll-restored", ...lost.facts, ...course, windows: [...course.windows] },
    { kind: "poll-barred", poll: poll.facts.poll, why: "by-hand", missing: [STATION], reason: "ab".repeat(32) },
    { kind: "poll-certified", poll: poll.facts.poll, barrier: 20, totals: [1, 1, 1] },
    { kind: "mapping-wished", station: STATION, base: 3, hash: "cd".repeat(32) },
    { kind: "mapping-answered", station: STATION, wish: 22, answer: "conflict" },
    { kind: "station-revoked", station: STATION, accepted: [{ log: log.id, number: 2 }] },
    { kind: "key-destroyed" },
  ];
}

/** The same as rows of a ledger. */
export function ledgerSamples(sha256: Sha256): StoredChange[] {
  return ledgerChanges(sha256).map(encodeChange);
}
