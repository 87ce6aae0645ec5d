import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "./entry.ts";
import { foldEntry } from "./fold.ts";
import type { Folded } from "./folded.ts";
import { createMemoryProjection } from "./memory-projection.ts";
import { decodeHeader, type Ballot, type LogRecord } from "./record.ts";
import { createTestLog, testId, testPoll, testTag, type TestLog } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const EVENT = testId(0xc);
const STATION = testId(0xb);
/** Logs that grow in turn are of stations of their own: of one station they would be branches. */
const OTHERS = [testId(0xb1), testId(0xb2)];
const STATIONS = [STATION, ...OTHERS];

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
      return {
        polls: polls.map(({ id, state, windows, tally, unsynced }) => ({ id, state, windows, tally, unsynced })),
        logs: logs.map((row) => ({ ...row, openedCursor: 0, grownCursor: 0 })),
        ballots,
      };
    },
  };
}

const POLLS = {
  first: testPoll(sha256, 1),
  last: testPoll(sha256, 2, { counts: "last" }),
  firstTwo: testPoll(sha256, 3, { upTo: 2 }),
  lastTwo: testPoll(sha256, 4, { counts: "last", upTo: 2 }),
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
  ...STATIONS.map((station): [number, Change] => [0, { kind: "station-admitted", station, key: new Uint8Array(32) }]),
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

/** The event and its stations. */
const FIRST_ACTS = 1 + STATIONS.length;

/** Up to three logs of three stations, each with a wall clock of its own. */
const someLogs = fc
  .array(fc.record({ openedAtMs: fc.nat(150), records: fc.array(aRecord, { minLength: 1, maxLength: 12 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((logs) =>
    logs.map(({ openedAtMs, records }, at) => {
      const log = createTestLog(sha256, {
        log: testId(0x100 + at),
        station: STATIONS[at] ?? STATION,
        event: EVENT,
        openedAtMs,
      });
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
  const queues: [number, Change][][] = [ACTS.slice(FIRST_ACTS)];
  // The event and the station come first: without them no log is taken in.
  for (const [atMs, act] of ACTS.slice(0, FIRST_ACTS)) ledger.fold(act, atMs);
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
      if (record.kind === "drained" || record.kind === "forgot") return [];
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
