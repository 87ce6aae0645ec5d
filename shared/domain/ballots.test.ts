/** How ballots are judged: when they were cast, and which of one voter's count. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { STATIONS, clock, createEventBed, vote as voteFor } from "./event-bed.testing.ts";
import type { Folded } from "./folded.ts";
import { createTestLog, testId, testPoll } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

const POLLS = {
  first: testPoll(sha256, 1),
  last: testPoll(sha256, 2, { counts: "last" }),
  firstTwo: testPoll(sha256, 3, { upTo: 2 }),
  lastTwo: testPoll(sha256, 4, { counts: "last", upTo: 2 }),
};
type Which = keyof typeof POLLS;
const vote = (which: Which, tag: number, option: number, ms: number) => voteFor(POLLS[which], tag, option, ms);

/** All polls open from 100, or open in [100, 200) and [300, 400); and a log opened at 0 by the station's wall clock. */
function createEvent(until: "open" | "closed" = "open") {
  const bed = createEventBed(sha256);
  for (const poll of Object.values(POLLS)) bed.open(poll, 100);
  const rest = [
    ["paused", 200],
    ["opened", 300],
    ["closed", 400],
  ] as const;
  for (const [act, atMs] of until === "closed" ? rest : [])
    for (const poll of Object.values(POLLS)) bed.fold(poll[act], atMs);
  return { ...bed, log: bed.log(0xa), tally: (number: number) => bed.projection.poll(testId(number))?.tally };
}
const anotherLog = (id = 0xd, station: string = STATIONS[1]) => createTestLog(sha256, { log: testId(id), station });
const verdictsOf = (folded: Folded) =>
  folded.kind === "batch" ? folded.verdicts.map(({ verdict }) => verdict) : folded;

describe("the time of a ballot", () => {
  test("is inside the open times from their first millisecond to the one before their end", () => {
    const { fold, log, tally } = createEvent("closed");
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
    const other = anotherLog();
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
      const never = anotherLog();
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
    const late = anotherLog();
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
      const logs = [0xd, 0xe].map((id, at) => anotherLog(id, STATIONS[at + 1]));
      for (const [at, log] of logs.entries()) {
        fold(log.opened);
        log.add(clock(0, 0), vote("first", 1, at + 1, 150));
      }
      for (const at of order) fold(logs[at]?.batch() ?? POLLS.first.closed, 150);
      expect(tally(1)).toEqual([1, 0, 0]);
    }
  });
});
