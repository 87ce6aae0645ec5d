import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { STATIONS, clock, createEventBed, drained, vote } from "./event-bed.testing.ts";
import { missingStations, watermarks } from "./certification.ts";
import { testPoll } from "./testing.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const [STATION] = STATIONS;

function createBranches() {
  const bed = createEventBed(sha256);
  const poll = testPoll(sha256, 1);
  bed.open(poll, 100);
  const trunk = bed.log(0xd0);
  trunk.add(clock(), vote(poll, 1, 1, 110));
  bed.deliver(trunk, 110);
  const first = bed.log(0xd1, STATION, { log: trunk, number: 2 });
  const second = bed.log(0xd2, STATION, { log: trunk, number: 2 });
  first.add(clock(), vote(poll, 2, 1, 120));
  second.add(clock(), vote(poll, 3, 2, 121));
  return { bed, poll, trunk, first, second };
}

describe("a station's disk", () => {
  test("put back to an older copy branches harmlessly: as long as one branch grows there is no alarm", () => {
    const { bed, poll, first, second } = createBranches();
    expect(bed.deliver(first, 120)).toEqual(["counted"]);
    // The second was opened by the restored disk; it grows first after both are known only if the other is gone.
    const restored = bed.log(0xd3, STATION, { log: first, number: 1 });
    restored.add(clock(), vote(poll, 4, 3, 130));
    expect(bed.deliver(restored, 130)).toEqual(["counted"]);
    expect([first, second, restored].map(bed.standing)).toEqual(["taken", "taken", "taken"]);
    expect(bed.tally(poll)).toEqual([2, 0, 1]);
  });

  test("cloned with both alive is an alarm: the branch opened later is set aside, whichever grows first", () => {
    for (const laterFirst of [true, false]) {
      const { bed, first, second } = createBranches();
      for (const log of laterFirst ? [second, first] : [first, second]) bed.deliver(log, 130);
      expect([first, second].map(bed.standing)).toEqual(["taken", "aside"]);
    }
  });

  test("resumed from an image diverges inside one log: what is not the log's next is refused, and goes on as a branch", () => {
    const { bed, poll, trunk } = createBranches();
    const image = trunk.copy();
    trunk.add(vote(poll, 5, 1, 140));
    image.add(vote(poll, 6, 2, 140));
    expect(bed.deliver(trunk, 140, 3)).toEqual(["counted"]);
    expect(bed.deliver(image, 140, 3)).toBe("diverged");
    expect(bed.deliver(image, 140, 1)).toBe("diverged");
    const branch = bed.log(0xd4, STATION, { log: image, number: 2 });
    branch.add(clock(), vote(poll, 6, 2, 140));
    expect(bed.deliver(branch, 140)).toEqual(["counted"]);
    expect(bed.tally(poll)).toEqual([2, 1, 0]);
  });
});

describe("a branch", () => {
  test("that is set aside takes nothing more until it is judged; admitted, it goes on where it stopped", () => {
    const { bed, poll, first, second } = createBranches();
    bed.deliver(first, 130);
    expect(bed.deliver(second, 131)).toBe("set-aside");
    expect(bed.deliver(second, 132)).toBe("set-aside");
    expect(bed.tally(poll)).toEqual([2, 0, 0]);
    bed.fold({ kind: "log-judged", log: second.id, admitted: true }, 140);
    expect(bed.deliver(second, 141)).toEqual(["counted"]);
    expect(bed.tally(poll)).toEqual([2, 1, 0]);
  });

  test("that is rejected takes its ballots out of the tally, and admitted puts them back", () => {
    const { bed, poll, first, second } = createBranches();
    bed.deliver(second, 130);
    bed.deliver(first, 131);
    expect([bed.standing(second), bed.tally(poll)]).toEqual(["aside", [2, 1, 0]]);
    bed.fold({ kind: "log-judged", log: second.id, admitted: false }, 140);
    expect(bed.tally(poll)).toEqual([2, 0, 0]);
    expect(bed.deliver(second, 141)).toBe("rejected");
    second.add(vote(poll, 9, 3, 142));
    expect(bed.deliver(second, 142, 3)).toBe("rejected");
    bed.fold({ kind: "log-judged", log: second.id, admitted: true }, 150);
    expect(bed.tally(poll)).toEqual([2, 1, 0]);
    expect(bed.deliver(second, 151, 3)).toEqual(["counted"]);
  });

  test("is judged with all that goes on from it, known already or later", () => {
    const { bed, poll, second } = createBranches();
    bed.deliver(second, 130);
    const child = bed.log(0xe1, STATION, { log: second, number: 2 });
    child.add(clock(), vote(poll, 4, 3, 140));
    bed.deliver(child, 140);
    expect(bed.tally(poll)).toEqual([1, 1, 1]);
    bed.fold({ kind: "log-judged", log: second.id, admitted: false }, 150);
    const grandchild = bed.log(0xe2, STATION, { log: child, number: 2 });
    expect([second, child, grandchild].map(bed.standing)).toEqual(["rejected", "rejected", "rejected"]);
    expect(bed.tally(poll)).toEqual([1, 0, 0]);
  });

  test("that was let in starts again beside the other without a new alarm, but a copy of it sets one off", () => {
    const { bed, first, second } = createBranches();
    bed.deliver(first, 130);
    bed.deliver(second, 131);
    bed.fold({ kind: "log-judged", log: second.id, admitted: true }, 140);
    bed.deliver(second, 141);
    const [again, copy] = [0xe1, 0xe2].map((id) => bed.log(id, STATION, { log: second, number: 2 }));
    if (again === undefined || copy === undefined) throw new Error("no logs");
    for (const log of [first, again, first, again]) {
      log.add(clock(150, 150));
      bed.deliver(log, 150, log.records.length);
    }
    expect([first, again, copy].map(bed.standing)).toEqual(["taken", "taken", "taken"]);
    for (const log of [copy, again]) {
      log.add(clock(160, 160));
      bed.deliver(log, 160, log.records.length);
    }
    expect([first, again, copy].map(bed.standing)).toEqual(["taken", "taken", "aside"]);
  });

  test("put back over two starts, at an older copy, is not waited for: that start will never come back", () => {
    const { bed, trunk, poll } = createBranches();
    const second = bed.log(0xe1, STATION, { log: trunk, number: 2 });
    second.add(clock(), vote(poll, 4, 1, 140));
    bed.deliver(second, 140);
    const third = bed.log(0xe2, STATION, { log: trunk, number: 1 });
    third.add(clock(), vote(poll, 5, 1, 150));
    bed.deliver(third, 150);
    bed.fold(poll.closed, 200);
    third.add(drained(poll, 210));
    bed.deliver(third, 210, 3);
    const row = bed.projection.poll(poll.facts.poll);
    expect(row && missingStations(bed.projection, row)).not.toContain(STATION);
  });

  test("that nobody has judged holds up the certificate, though it has drained", () => {
    const { bed, poll, first, second } = createBranches();
    bed.fold(poll.closed, 200);
    for (const log of [first, second]) {
      log.add(drained(poll, 210));
      bed.deliver(log, 210);
    }
    expect(bed.standing(second)).toBe("aside");
    const row = bed.projection.poll(poll.facts.poll);
    const marks = row === undefined ? [] : watermarks(bed.projection, row);
    expect(marks[0]).toMatchObject({ station: STATION, missing: "branch-undecided" });
    bed.fold({ kind: "log-judged", log: second.id, admitted: true }, 220);
    bed.deliver(second, 221);
    expect(row && missingStations(bed.projection, row)).not.toContain(STATION);
  });
});

describe("a log", () => {
  test("with a record missing is refused as a gap, and takes the rest when the record comes", () => {
    const { bed, poll, trunk } = createBranches();
    trunk.add(vote(poll, 5, 1, 140), vote(poll, 6, 1, 141));
    expect(bed.deliver(trunk, 141, 4)).toBe("gap");
    expect(bed.deliver(trunk, 141, 3)).toEqual(["counted", "counted"]);
  });

  test("of a station revoked mid-poll keeps what was accepted, to the record, and takes nothing more", () => {
    const { bed, poll, trunk } = createBranches();
    trunk.add(vote(poll, 5, 2, 140), vote(poll, 6, 3, 141));
    bed.deliver(trunk, 141, 3);
    expect(bed.tally(poll)).toEqual([1, 1, 1]);
    bed.fold({ kind: "station-revoked", station: STATION, accepted: [{ log: trunk.id, number: 3 }] }, 150);
    expect(bed.tally(poll)).toEqual([1, 1, 0]);
    trunk.add(vote(poll, 7, 1, 151));
    expect(bed.deliver(trunk, 151, 5)).toBe("revoked");
    const late = bed.log(0xee, STATION, { log: trunk, number: 5 });
    expect(bed.projection.log(late.id)).toBeUndefined();
  });

  test("that names a record as accepted which is not in the ledger cannot be revoked so", () => {
    const { bed, trunk } = createBranches();
    const accepted = [{ log: trunk.id, number: 3 }];
    const folded = bed.fold({ kind: "station-revoked", station: STATION, accepted }, 150);
    expect(folded).toEqual({ kind: "act", refused: "not-folded" });
  });
});
