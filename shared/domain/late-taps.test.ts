import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { STATIONS, clock, createEventBed, drained, vote } from "./event-bed.testing.ts";
import { testPoll } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const [NEAR, FAR, THIRD] = STATIONS;

test("where the last counts, a tap at a station that never heard the time does not displace one that was timed", () => {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1, { counts: "last" });
  bed.open(poll, 100);
  const timed = bed.log(0xd1, NEAR);
  timed.add(clock(), vote(poll, 1, 1, 150));
  const never = bed.log(0xd2, FAR);
  // By its own wall clock it is later, but nobody knows what that clock is worth.
  never.add(vote(poll, 1, 2, 190), vote(poll, 2, 2, 190));
  expect(bed.deliver(timed, 150)).toEqual(["counted"]);
  expect(bed.deliver(never, 195)).toEqual(["already-counted", "counted"]);
  expect(bed.tally(poll)).toEqual([1, 1, 0]);
  expect(bed.projection.poll(poll.facts.poll)?.unsynced).toBe(1);
});

test("where the last counts, a station's first clock record lets its later tap count after all", () => {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1, { counts: "last" });
  bed.open(poll, 100);
  const timed = bed.log(0xd1, NEAR);
  timed.add(clock(), vote(poll, 1, 1, 150));
  const other = bed.log(0xd2, FAR);
  other.add(vote(poll, 1, 2, 190));
  bed.deliver(timed, 150);
  bed.deliver(other, 195);
  expect(bed.tally(poll)).toEqual([1, 0, 0]);
  other.add(clock(200, 201));
  bed.deliver(other, 205, 2);
  expect(bed.tally(poll)).toEqual([0, 1, 0]);
  expect(bed.projection.poll(poll.facts.poll)?.unsynced).toBe(0);
});

test("so many taps that nobody follows each come to their time with the first clock record like a few", () => {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1, { counts: "last" });
  bed.open(poll, 5_000);
  const timed = bed.log(0xd1, NEAR);
  timed.add(clock(), vote(poll, 1, 1, 6_000), vote(poll, 2, 1, 6_001));
  bed.deliver(timed, 6_001);
  const other = bed.log(0xd2, FAR);
  // By the server's time the first hundred came before the poll was opened, and tag 1's was the later of its two.
  const TAPS = 1_100;
  for (let at = 0; at < TAPS; at++) other.add(vote(poll, at === TAPS - 1 ? 1 : 1_000 + at, 2, 4_800 + at));
  for (let first = 1; first <= TAPS; first += 100) bed.fold(other.batch(first, 100), 7_000);
  expect(bed.tally(poll)).toEqual([2, TAPS - 201, 0]);
  other.add(clock(7_000, 7_100));
  bed.deliver(other, 7_100, TAPS + 1);
  expect(bed.tally(poll)).toEqual([2, TAPS - 101, 0]);
  expect(bed.projection.poll(poll.facts.poll)?.unsynced).toBe(0);
  expect(bed.projection.unsyncedBallotsOf(other.id)).toEqual([]);
});

describe("an earlier tap that arrives after the close", () => {
  const setUp = () => {
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1);
    bed.open(poll, 100);
    const [near, far] = [bed.log(0xd1, NEAR), bed.log(0xd2, FAR)];
    near.add(clock(), vote(poll, 1, 1, 150), vote(poll, 2, 1, 160));
    far.add(clock(), vote(poll, 1, 2, 149), vote(poll, 3, 3, 199), vote(poll, 4, 3, 200));
    bed.deliver(near, 160);
    bed.fold(poll.closed, 200);
    return { bed, poll, near, far };
  };

  test("counts if it was cast inside the window, in place of the one already counted, until certification", () => {
    const { bed, poll, far } = setUp();
    expect(bed.tally(poll)).toEqual([2, 0, 0]);
    expect(bed.deliver(far, 5000)).toEqual(["changed", "counted", "closed"]);
    expect(bed.tally(poll)).toEqual([1, 1, 1]);
  });

  test("is kept and listed as late once the poll is certified, and moves nothing", () => {
    const { bed, poll, far } = setUp();
    expect(bed.bar(poll, 300, "by-hand", [NEAR, FAR, THIRD])).toBeNull();
    expect(bed.certify(poll, 300)).toBeNull();
    expect(bed.deliver(far, 5000)).toEqual(["late", "late", "late"]);
    const row = bed.projection.poll(poll.facts.poll);
    expect([row?.state, row?.tally, row?.late]).toEqual(["certified", [2, 0, 0], 3]);
  });

  test("is late between the barrier and the certificate, too: the totals of the barrier are repeated", () => {
    const { bed, poll, far } = setUp();
    expect(bed.bar(poll, 300, "by-hand", [NEAR, FAR, THIRD])).toBeNull();
    expect(bed.deliver(far, 301)).toEqual(["late", "late", "late"]);
    expect(bed.certify(poll, 302)).toBeNull();
    expect(bed.tally(poll)).toEqual([2, 0, 0]);
  });

  test("is waited for: the poll certifies itself only when every station has drained", () => {
    const { bed, poll, near, far } = setUp();
    const third = bed.log(0xd3, THIRD);
    near.add(drained(poll, 210));
    far.add(drained(poll, 210));
    third.add(drained(poll, 210));
    bed.deliver(near, 210, 4);
    bed.deliver(third, 210);
    expect(bed.bar(poll, 211)).toBe("missing-changed");
    expect(bed.bar(poll, 211, "drained", [FAR])).toBe("missing-changed");
    bed.deliver(far, 5000);
    expect(bed.bar(poll, 5001)).toBeNull();
    expect(bed.certify(poll, 5001)).toBeNull();
    expect(bed.tally(poll)).toEqual([1, 1, 1]);
  });

  test("is not waited for longer than a day, and the certificate names who was missing", () => {
    const { bed, poll } = setUp();
    const missing = [NEAR, FAR, THIRD];
    expect(bed.bar(poll, 200 + 86_399_999, "time", missing)).toBe("too-early");
    expect(bed.bar(poll, 200 + 86_400_000, "time", missing)).toBeNull();
    expect(bed.projection.poll(poll.facts.poll)?.barrier).toMatchObject({ why: "time", missing });
  });
});
