import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { PollCourse } from "./entry.ts";
import { STATIONS, clock, createEventBed, vote } from "./event-bed.testing.ts";
import { testId, testPoll, type TestPoll } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

const CLOSED: PollCourse = {
  state: "closed",
  moves: 2,
  windows: [{ fromMs: 100, toMs: 200 }],
  closedAtMs: 200,
  totals: null,
};
const CERTIFIED: PollCourse = { ...CLOSED, state: "certified", moves: 3, totals: [5, 6, 7] };

type Bed = ReturnType<typeof createEventBed>;
const restore = (bed: Bed, { facts }: TestPoll, course: PollCourse) =>
  bed.fold({ kind: "poll-restored", ...facts, ...course }, 1000);
const DONE = { kind: "act", refused: null };

describe("a poll that a server put back to a backup has forgotten", () => {
  test("comes back with its windows, and the ballots that stations send again are judged by them", () => {
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1);
    const log = bed.log(0xd1);
    log.add(clock(), vote(poll, 1, 1, 150), vote(poll, 2, 2, 250));
    expect(bed.deliver(log, 900)).toEqual(["unknown-poll", "unknown-poll"]);
    expect(restore(bed, poll, CLOSED)).toEqual(DONE);
    expect(bed.tally(poll)).toEqual([1, 0, 0]);
    expect(restore(bed, poll, CLOSED)).toEqual({ kind: "act", refused: "nothing-new" });
  });

  test("and had certified comes back with the totals it had told, and counts nothing again", () => {
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1);
    expect(restore(bed, poll, CERTIFIED)).toEqual(DONE);
    const log = bed.log(0xd1);
    log.add(clock(), vote(poll, 1, 1, 150));
    expect(bed.deliver(log, 900)).toEqual(["late"]);
    expect(bed.projection.poll(poll.facts.poll)).toMatchObject({ state: "certified", tally: [5, 6, 7] });
  });

  test("and had certified for the organiser only comes back closed: its totals were not told, it is certified anew", () => {
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1, { results: "organiser" });
    expect(restore(bed, poll, { ...CERTIFIED, totals: null })).toEqual(DONE);
    expect(bed.projection.poll(poll.facts.poll)?.state).toBe("closed");
    const log = bed.log(0xd1);
    log.add(clock(), vote(poll, 1, 1, 150));
    expect(bed.deliver(log, 900)).toEqual(["counted"]);
    expect(bed.bar(poll, 1000, "by-hand", [...STATIONS])).toBeNull();
    expect(bed.certify(poll, 1000)).toBeNull();
    expect(bed.projection.poll(poll.facts.poll)).toMatchObject({ state: "certified", tally: [1, 0, 0], moves: 3 });
  });

  test("waits a day for whoever nobody knows of any more, or for the organiser's word", () => {
    const DAY_MS = 86_400_000;
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1);
    expect(restore(bed, poll, CLOSED)).toEqual(DONE);
    for (const [at, station] of STATIONS.entries()) {
      const log = bed.log(0xd1 + at, station);
      log.add(clock(), { kind: "drained", poll: poll.short, ms: 300 });
      bed.deliver(log, 1000);
    }
    expect(bed.bar(poll, 1000 + DAY_MS - 1, "drained")).toBe("too-early");
    expect(bed.bar(poll, 1000 + DAY_MS, "drained")).toBeNull();
  });

  test("and certified in another course meanwhile keeps the totals it has published since", () => {
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1);
    bed.open(poll, 100);
    bed.fold(poll.closed, 200);
    expect(bed.bar(poll, 300, "by-hand", [...STATIONS])).toBeNull();
    expect(bed.certify(poll, 300)).toBeNull();
    expect(restore(bed, poll, { ...CERTIFIED, moves: 9 })).toEqual({ kind: "act", refused: "already-certified" });
    expect(bed.projection.poll(poll.facts.poll)).toMatchObject({ state: "certified", tally: [0, 0, 0], moves: 3 });
  });
});

test("rounds run a poll again and keep round one: the same voters, each round's totals its own", () => {
  const bed = createEventBed(sha256);
  const one = testPoll(sha256, 1);
  const two = testPoll(sha256, 2, { round: 2, first: testId(1) });
  const log = bed.log(0xd1);
  bed.open(one, 100);
  log.add(clock(), vote(one, 1, 1, 110), vote(one, 2, 2, 120));
  bed.deliver(log, 120);
  bed.fold(one.closed, 200);
  expect(bed.bar(one, 210, "by-hand", [...STATIONS])).toBeNull();
  expect(bed.certify(one, 210)).toBeNull();
  bed.open(two, 300);
  log.add(vote(two, 1, 3, 310), vote(two, 2, 3, 320), vote(one, 3, 3, 330));
  expect(bed.deliver(log, 330, 4)).toEqual(["counted", "counted", "late"]);
  expect([bed.tally(one), bed.tally(two)]).toEqual([
    [1, 1, 0],
    [0, 0, 2],
  ]);
  expect(bed.projection.poll(two.facts.poll)).toMatchObject({ round: 2, first: one.facts.poll });
});
