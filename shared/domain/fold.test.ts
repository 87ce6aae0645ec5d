import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "./entry.ts";
import { foldEntry, type Folded } from "./fold.ts";
import { createMemoryProjection } from "./memory-projection.ts";
import { decodeHeader, type Ballot, type LogRecord } from "./record.ts";
import { createTestLog, testId, testPoll, testTag, type TestLog } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const EVENT = testId(0xc);
const STATION = testId(0xb);

/** A ledger in memory: changes in, at a time; what the fold made of them out. */
function createFold() {
  const projection = createMemoryProjection();
  let position = 0;
  return {
    projection,
    fold(change: Change, atMs = 0): Folded {
      position++;
      return foldEntry(projection, sha256, { position, atMs, change });
    },
    tally: (number: number) => projection.poll(testId(number))?.tally,
    /** What must not depend on the order of arrival: everything but cursors and the fold's own note `latestMs`. */
    outcome() {
      const { polls, logs, ballots } = projection.dump();
      return { polls: polls.map(({ id, state, windows, tally }) => ({ id, state, windows, tally })), logs, ballots };
    },
  };
}

const POLLS = {
  first: testPoll(sha256, 1, "first"),
  last: testPoll(sha256, 2, "last"),
  firstTwo: testPoll(sha256, 3, "first", 3, 2),
  lastTwo: testPoll(sha256, 4, "last", 3, 2),
};
type Which = keyof typeof POLLS;
const ALL = Object.values(POLLS);
const vote = (counts: Which, tag: number, option: number, ms: number): Ballot => ({
  kind: "ballot",
  poll: POLLS[counts].short,
  option,
  tagKey: testTag(tag),
  ms,
  reader: 1,
});
const clock = (ms: number, serverMs: number): LogRecord => ({ kind: "clock", ms, serverMs, uncertaintyMs: 1 });

/** The acts of an event in which all polls take votes in [100, 200) and [300, 400). */
const ACTS: [number, Change][] = [
  [0, { kind: "event-created", event: EVENT }],
  [0, { kind: "station-admitted", station: STATION, key: new Uint8Array(32) }],
  ...ALL.map(({ defined }): [number, Change] => [50, defined]),
  ...ALL.map(({ opened }): [number, Change] => [100, opened]),
  ...ALL.map(({ paused }): [number, Change] => [200, paused]),
  ...ALL.map(({ opened }): [number, Change] => [300, opened]),
  ...ALL.map(({ closed }): [number, Change] => [400, closed]),
];

const aRecord: fc.Arbitrary<LogRecord> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom<Which>("first", "last", "firstTwo", "lastTwo"),
        fc.nat(3),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(450),
      )
      .map(([counts, tag, option, ms]) => vote(counts, tag, option, ms)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.nat(450), fc.nat(450)).map(([ms, serverMs]) => clock(ms, serverMs)) },
);

/** Up to three logs of one station, each with a wall clock of its own. */
const someLogs = fc
  .array(fc.record({ openedAtMs: fc.nat(150), records: fc.array(aRecord, { minLength: 1, maxLength: 12 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((logs) =>
    logs.map(({ openedAtMs, records }, at) => {
      const log = createTestLog(sha256, { log: testId(0x100 + at), station: STATION, event: EVENT, openedAtMs });
      log.add(...records);
      return log;
    }),
  );

/** One way for logs and acts to arrive: how batches are cut, and how everything is interleaved. */
interface Arrival {
  cuts: number[];
  picks: number[];
  repeats: boolean[];
}
const anArrival: fc.Arbitrary<Arrival> = fc.record({
  cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
  picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }),
  repeats: fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
});

function arrive(logs: readonly TestLog[], { cuts, picks, repeats }: Arrival) {
  const ledger = createFold();
  const queues: [number, Change][][] = [ACTS.slice(2)];
  // The event and the station come first: without them no log is taken in.
  for (const [atMs, act] of ACTS.slice(0, 2)) ledger.fold(act, atMs);
  for (const [at, log] of logs.entries()) {
    const queue: [number, Change][] = [[0, log.opened]];
    for (let first = 1, cut = at; first <= log.records.length; cut++) {
      const count = Math.min(cuts[cut % cuts.length] ?? 1, log.records.length - first + 1);
      // Sent again from one record earlier, as after a lost acknowledgement.
      const again = repeats[cut % repeats.length] && first > 1 ? 1 : 0;
      queue.push([0, log.batch(first - again, count + again)]);
      if (again) queue.push([0, log.batch(first, count)]);
      first += count;
    }
    queues.push(queue);
  }
  let nowMs = 0;
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const waiting = queues.filter((queue) => queue.length > 0);
    const next = waiting[(picks[turn % picks.length] ?? 0) % waiting.length]?.shift();
    if (next === undefined) continue;
    nowMs = Math.max(nowMs, next[0]);
    ledger.fold(next[1], nowMs);
  }
  return ledger;
}

/** The tally straight from the rules, without any of the fold's bookkeeping. */
function recount(logs: readonly TestLog[], which: Which): number[] {
  const cast = logs.flatMap((log) => {
    const openedAtMs = decodeHeader(log.header)?.openedAtMs ?? 0;
    let lastMs = 0;
    let current: { ms: number; serverMs: number } | undefined;
    const firstClock = log.records.find((record) => record.kind === "clock");
    return log.records.flatMap((record, at) => {
      if (record.kind === "clock") {
        current = record;
        lastMs = Math.max(lastMs, record.serverMs);
        return [];
      }
      const reference = current ?? firstClock;
      const atMs =
        reference === undefined ? openedAtMs + record.ms : Math.max(0, reference.serverMs + record.ms - reference.ms);
      lastMs = Math.max(lastMs, atMs);
      return [{ record, atMs: lastMs, synced: reference !== undefined, log: log.id, number: at + 1 }];
    });
  });
  const inWindow = (ms: number) => (ms >= 100 && ms < 200) || (ms >= 300 && ms < 400);
  const chosen: number[] = [];
  for (let tag = 0; tag <= 4; tag++) {
    const mine = cast.filter(
      ({ record, atMs }) =>
        record.poll === POLLS[which].short && record.option <= 3 && record.tagKey[15] === tag && inWindow(atMs),
    );
    const best = mine.some(({ synced }) => synced) ? mine.filter(({ synced }) => synced) : mine;
    best.sort((a, b) => a.atMs - b.atMs || (a.log < b.log ? -1 : a.log > b.log ? 1 : a.number - b.number));
    if (which === "last" || which === "lastTwo") best.reverse();
    const distinct = [...new Set(best.map(({ record }) => record.option))];
    chosen.push(...distinct.slice(0, which === "first" || which === "last" ? 1 : 2));
  }
  return [1, 2, 3].map((option) => chosen.filter((one) => one === option).length);
}
describe("the tally", () => {
  test("is a function of the set of ballots and of the acts, however they arrive and are cut", () => {
    fc.assert(
      fc.property(someLogs, anArrival, anArrival, (logs, one, other) => {
        expect(arrive(logs, other).outcome()).toEqual(arrive(logs, one).outcome());
      }),
      { numRuns: 300 },
    );
  });

  test("is what a recount from the rules gives, under every rule", () => {
    fc.assert(
      fc.property(someLogs, anArrival, (logs, arrival) => {
        const ledger = arrive(logs, arrival);
        expect(ledger.tally(1)).toEqual(recount(logs, "first"));
        expect(ledger.tally(2)).toEqual(recount(logs, "last"));
        expect(ledger.tally(3)).toEqual(recount(logs, "firstTwo"));
        expect(ledger.tally(4)).toEqual(recount(logs, "lastTwo"));
      }),
      { numRuns: 300 },
    );
  });
});

/** An event with all polls open from 100, and a log opened at 0 by the station's wall clock. */
function createEvent(until = 2 + 2 * ALL.length) {
  const ledger = createFold();
  for (const [atMs, act] of ACTS.slice(0, until)) ledger.fold(act, atMs);
  const log = createTestLog(sha256, { station: STATION, event: EVENT, openedAtMs: 0 });
  ledger.fold(log.opened);
  return { ...ledger, log };
}
const verdictsOf = (folded: Folded) =>
  folded.kind === "batch" ? folded.verdicts.map(({ verdict }) => verdict) : folded;

describe("the time of a ballot", () => {
  test("is inside the open times from their first millisecond to the one before their end", () => {
    const { fold, log, tally } = createEvent(ACTS.length);
    log.add(clock(0, 0));
    log.add(...[99, 100, 199, 200, 299, 300, 399, 400].map((ms, tag) => vote("first", tag, 1, ms)));
    expect(verdictsOf(fold(log.batch(), 400))).toEqual([
      "closed",
      "counted",
      "counted",
      "closed",
      "closed",
      "counted",
      "counted",
      "closed",
    ]);
    expect(tally(1)).toEqual([4, 0, 0]);
  });

  test("in a pause that is announced after it arrived takes it out of the tally again", () => {
    const { fold, log, tally } = createEvent();
    log.add(
      clock(0, 0),
      vote("last", 1, 1, 150),
      vote("last", 1, 2, 200),
      vote("last", 2, 3, 250),
      vote("last", 3, 3, 300),
    );
    fold(log.batch(), 150);
    expect(tally(2)).toEqual([0, 1, 2]);
    fold(POLLS.last.paused, 200);
    expect(tally(2)).toEqual([1, 0, 0]);
    fold(POLLS.last.opened, 300);
    expect(tally(2)).toEqual([1, 0, 1]);
    fold(POLLS.last.closed, 300);
    expect(tally(2)).toEqual([1, 0, 0]);
  });

  test("is corrected by a clock record that comes after it, and its rank with it", () => {
    const { fold, log, tally, projection } = createEvent();
    const other = createTestLog(sha256, { log: testId(0xd), station: STATION, event: EVENT, openedAtMs: 0 });
    fold(other.opened);
    log.add(vote("first", 1, 1, 120), vote("first", 2, 1, 10));
    expect(verdictsOf(fold(log.batch(), 150))).toEqual(["counted", "counted"]);
    other.add(clock(0, 0), vote("first", 1, 2, 130), vote("first", 2, 2, 140));
    fold(other.batch(), 150);
    // The synchronised log goes before the one whose time is only its own.
    expect(tally(1)).toEqual([0, 2, 0]);
    log.add(clock(200, 190));
    fold(log.batch(3), 190);
    // 120 of the log was 110 of the server: before the other's 130.
    expect(tally(1)).toEqual([2, 0, 0]);
    expect(projection.unsyncedBallotsOf(log.id)).toEqual([]);
  });

  test("never decreases within a log, whatever a later clock record says", () => {
    const { fold, log, projection } = createEvent();
    log.add(clock(0, 150), vote("first", 1, 1, 10), clock(20, 100), vote("first", 2, 1, 30));
    fold(log.batch(), 200);
    expect(projection.dump().ballots.map(({ atMs }) => atMs)).toEqual([160, 160]);
  });

  test("that was never compared with the server's counts only where the voter has no other, under every rule", () => {
    for (const counts of ["first", "last"] as const) {
      const { fold, log, tally } = createEvent();
      const never = createTestLog(sha256, { log: testId(0xd), station: STATION, event: EVENT, openedAtMs: 0 });
      fold(never.opened);
      never.add(vote(counts, 1, 1, 101), vote(counts, 1, 1, 199), vote(counts, 2, 1, 199));
      log.add(clock(0, 0), vote(counts, 1, 2, 150));
      fold(never.batch(), 199);
      fold(log.batch(), 199);
      expect(tally(counts === "first" ? 1 : 2)).toEqual([1, 1, 0]);
    }
  });
});

describe("a voter who may choose two options", () => {
  test("keeps the first two where the first count, and hears that others do not", () => {
    const { fold, log, tally } = createEvent();
    log.add(clock(0, 0), ...[1, 1, 2, 3].map((option, at) => vote("firstTwo", 1, option, 110 + at)));
    expect(verdictsOf(fold(log.batch(), 150))).toEqual(["counted", "already-counted", "counted", "already-counted"]);
    expect(tally(3)).toEqual([1, 1, 0]);
  });

  test("has the two tapped most recently where the last count: a tap again keeps an option in", () => {
    const { fold, log, tally } = createEvent();
    log.add(clock(0, 0), ...[1, 2, 1, 3].map((option, at) => vote("lastTwo", 1, option, 110 + at)));
    expect(verdictsOf(fold(log.batch(), 150))).toEqual(["counted", "counted", "already-counted", "changed"]);
    expect(tally(4)).toEqual([1, 0, 1]);
  });

  test("gives an option back when a pause takes it, and the one before it counts again", () => {
    const { fold, log, tally } = createEvent();
    log.add(clock(0, 0), vote("lastTwo", 1, 1, 110), vote("lastTwo", 1, 2, 120), vote("lastTwo", 1, 3, 190));
    fold(log.batch(), 190);
    expect(tally(4)).toEqual([0, 1, 1]);
    fold(POLLS.lastTwo.paused, 180);
    expect(tally(4)).toEqual([1, 1, 0]);
  });
});

describe("an earlier tap that arrives late", () => {
  test("takes the place of the one already counted where the first counts", () => {
    const { fold, log, tally } = createEvent();
    const late = createTestLog(sha256, { log: testId(0xd), station: STATION, event: EVENT, openedAtMs: 0 });
    fold(late.opened);
    log.add(clock(0, 0), vote("first", 1, 1, 150));
    late.add(clock(0, 0), vote("first", 1, 2, 149));
    fold(log.batch(), 150);
    expect(verdictsOf(fold(late.batch(), 160))).toEqual(["changed"]);
    expect(tally(1)).toEqual([0, 1, 0]);
  });

  test("at the same millisecond the log's id decides, not the arrival", () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { fold, tally } = createEvent();
      const logs = [0xd, 0xe].map((id) => createTestLog(sha256, { log: testId(id), station: STATION, event: EVENT }));
      for (const [at, log] of logs.entries()) {
        fold(log.opened);
        log.add(clock(0, 0), vote("first", 1, at + 1, 150));
      }
      for (const at of order) fold(logs[at]?.batch() ?? POLLS.first.closed, 150);
      expect(tally(1)).toEqual([1, 0, 0]);
    }
  });
});
