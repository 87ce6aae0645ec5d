import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toHex } from "../bytes.ts";
import { STATIONS, clock, createEventBed, vote } from "./event-bed.testing.ts";
import { encodeRollChunk } from "./roll.ts";
import { testPoll, testTag } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const [NEAR, FAR] = STATIONS;

type Bed = ReturnType<typeof createEventBed>;
/** Rows: tag, voter, weight, group. */
function adopt(bed: Bed, rows: readonly [number, number, number?, number?][], atMs: number): void {
  const tags = rows.map(([tag, voter, weight = 1, group = 0]) => ({ tagKey: testTag(tag), voter, weight, group }));
  const chunk = encodeRollChunk(tags);
  bed.fold({ kind: "roll-chunk", chunk, lfBits: null }, atMs);
  bed.fold({ kind: "roll-adopted", chunks: [toHex(sha256(chunk))] }, atMs);
}

test("two tags of one voter at two offline stations are one vote, whichever station delivers first", () => {
  for (const nearFirst of [true, false]) {
    const bed = createEventBed(sha256);
    const poll = testPoll(sha256, 1);
    adopt(bed, [[1, 7], [2, 7], [3, 8]], 0); // prettier-ignore
    bed.open(poll, 100);
    const [near, far] = [bed.log(0xd1, NEAR), bed.log(0xd2, FAR)];
    near.add(clock(), vote(poll, 1, 1, 150), vote(poll, 3, 1, 151));
    far.add(clock(), vote(poll, 2, 2, 149));
    for (const log of nearFirst ? [near, far] : [far, near]) bed.deliver(log, 300);
    expect(bed.tally(poll)).toEqual([1, 1, 0]);
  }
});

test("a roll replaced mid-poll judges the whole poll: who came off no longer counts, who came on does", () => {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1);
  adopt(bed, [[1, 1], [2, 2]], 0); // prettier-ignore
  bed.open(poll, 100);
  const log = bed.log(0xd1);
  log.add(clock(), vote(poll, 1, 1, 110), vote(poll, 2, 2, 120), vote(poll, 3, 3, 130));
  expect(bed.deliver(log, 130)).toEqual(["counted", "counted", "unknown-tag"]);
  expect(bed.tally(poll)).toEqual([1, 1, 0]);
  adopt(bed, [[2, 2], [3, 3]], 140); // prettier-ignore
  expect(bed.tally(poll)).toEqual([0, 1, 1]);
  // Now tags 2 and 3 are one person's: the earlier tap counts.
  adopt(bed, [[2, 9], [3, 9]], 150); // prettier-ignore
  expect(bed.tally(poll)).toEqual([0, 1, 0]);
  bed.fold({ kind: "roll-adopted", chunks: [] }, 160);
  expect(bed.tally(poll)).toEqual([1, 1, 1]);
});

test("a roll replaced after the barrier judges nothing that was certified", () => {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1);
  bed.open(poll, 100);
  const log = bed.log(0xd1);
  log.add(clock(), vote(poll, 1, 1, 110));
  bed.deliver(log, 130);
  bed.fold(poll.closed, 200);
  expect(bed.bar(poll, 300, "by-hand", [...STATIONS])).toBeNull();
  adopt(bed, [[2, 2]], 310);
  expect(bed.certify(poll, 320)).toBeNull();
  expect(bed.tally(poll)).toEqual([1, 0, 0]);
});

test("a voter counts with the weight of the roll, and only in polls for the voter's group", () => {
  const bed = createEventBed(sha256);
  const all = testPoll(sha256, 1);
  const some = testPoll(sha256, 2, { groups: [2, 3] });
  adopt(bed, [[1, 1, 5, 2], [2, 2, 7, 1], [3, 3, 1]], 0); // prettier-ignore
  for (const poll of [all, some]) bed.open(poll, 100);
  const log = bed.log(0xd1);
  log.add(clock());
  for (const poll of [all, some]) for (const tag of [1, 2, 3]) log.add(vote(poll, tag, 1, 110));
  const entitled = ["counted", "not-entitled", "not-entitled"];
  expect(bed.deliver(log, 130)).toEqual(["counted", "counted", "counted", ...entitled]);
  expect([bed.tally(all), bed.tally(some)]).toEqual([
    [13, 0, 0],
    [5, 0, 0],
  ]);
});

test("a poll for groups takes nobody as long as there is no roll", () => {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1, { groups: [2] });
  bed.open(poll, 100);
  const log = bed.log(0xd1);
  log.add(clock(), vote(poll, 1, 1, 110));
  expect(bed.deliver(log, 130)).toEqual(["not-entitled"]);
  adopt(bed, [[1, 1, 1, 2]], 140);
  expect(bed.tally(poll)).toEqual([1, 0, 0]);
});

test("a roll with a chunk nobody has sent is refused whole", () => {
  const bed = createEventBed(sha256);
  adopt(bed, [[1, 1]], 0);
  const before = bed.projection.roll();
  const folded = bed.fold({ kind: "roll-adopted", chunks: [...before, "00".repeat(32)] }, 1);
  expect(folded).toEqual({ kind: "act", refused: "unknown-chunk" });
  expect(bed.projection.roll()).toEqual(before);
});
