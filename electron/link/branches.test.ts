import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { LogRecord } from "../../shared/domain/record.ts";
import { MAX_LOGS_PER_LINK } from "../../shared/link/limits.ts";
import { ballotAt, clockAt } from "../log/log-bed.testing.ts";
import { EVENT, createBranchBed, settle, type Fault } from "./branch-bed.testing.ts";

let bed = createBranchBed();
afterEach(async () => {
  await bed.clear();
  bed = createBranchBed();
});

const ballots = (count: number, from = 0) => Array.from({ length: count }, (_, at) => ballotAt(from + at));
/** What the server has of all logs, ballots only. */
const ballotsTaken = () =>
  bed.server
    .logs()
    .flatMap((log) => bed.server.taken(log))
    .filter(({ kind }) => kind === "ballot");
const times = (records: readonly LogRecord[]) => records.map(({ ms }) => ms).toSorted((a, b) => a - b);

describe("a snapshot: two processes went on in one log", () => {
  test("what this one added is salvaged into a new log, nothing twice and nothing lost", async () => {
    const station = await bed.open(bed.newFile());
    const first = station.current();
    await station.store(clockAt(0), ...ballots(20, 1));
    await station.online();
    station.offline();
    bed.server.write(first, ballots(7, 100));
    await station.store(...ballots(5, 200));
    await station.online();
    expect(station.troubles).toEqual([]);
    expect(station.salvages()).toBe(1);
    expect(station.current()).not.toBe(first);
    expect(bed.server.taken(station.current())).toEqual([clockAt(0), ...ballots(5, 200)]);
    expect(bed.server.parentOf(station.current())).toMatchObject({ number: 21 });
    expect(await station.recordsOf(first)).toEqual([clockAt(0), ...ballots(20, 1)]);
    expect(times(ballotsTaken())).toEqual(times([...ballots(20, 1), ...ballots(7, 100), ...ballots(5, 200)]));
    expect(station.outbox.waiting()).toBe(0);
  });

  test("goes on storing and sending in the new log, also what was tapped while it was salvaged", async () => {
    const station = await bed.open(bed.newFile());
    const first = station.current();
    await station.online();
    station.offline();
    bed.server.write(first, ballots(3, 100));
    await station.store(...ballots(300, 200));
    const online = station.online();
    const tapping = station.store(...ballots(40, 600));
    await Promise.all([online, tapping]);
    await settle();
    expect(station.troubles).toEqual([]);
    expect(bed.server.taken(station.current())).toEqual([...ballots(300, 200), ...ballots(40, 600)]);
    expect(station.outbox.waiting()).toBe(0);
  });

  test("of which the other one only is ahead: nothing moves, and a new log begins before anything is stored in the old", async () => {
    const station = await bed.open(bed.newFile());
    const first = station.current();
    await station.store(...ballots(4));
    await station.online();
    station.offline();
    bed.server.write(first, ballots(3, 100));
    await station.online();
    expect(station.current()).not.toBe(first);
    await station.store(ballotAt(50));
    await settle();
    expect(bed.server.taken(station.current())).toEqual([ballotAt(50)]);
    expect(bed.server.parentOf(station.current())).toMatchObject({ number: 4 });
    expect(station.troubles).toEqual([]);
  });

  test("while both are connected is noticed at the next record, and heals with the next connection", async () => {
    const station = await bed.open(bed.newFile());
    await station.store(...ballots(4));
    await station.online();
    bed.server.write(station.current(), ballots(1, 100));
    await station.store(...ballots(2, 200));
    await settle();
    expect(station.troubles).toEqual(["gap"]);
    await station.online();
    expect(station.troubles).toEqual(["gap"]);
    expect(times(ballotsTaken())).toEqual(times([...ballots(4), ballotAt(100), ...ballots(2, 200)]));
  });

  test("is found and moved exactly where it happened, whatever the histories", async () => {
    const record = (from: number) => (at: number, isClock: boolean) =>
      isClock ? clockAt(from + at) : ballotAt(from + at);
    const run = (most: number) => fc.array(fc.boolean(), { maxLength: most });
    await fc.assert(
      fc.asyncProperty(run(60), run(40), run(40), fc.boolean(), async (common, theirs, ours, restart) => {
        const made = createBranchBed();
        try {
          const file = made.newFile();
          let station = await made.open(file);
          const log = station.current();
          const shared = common.map((kind, at) => record(1_000)(at, kind));
          const tail = ours.map((kind, at) => record(3_000)(at, kind));
          await station.store(...shared);
          await station.online();
          station.offline();
          const other = theirs.map((kind, at) => record(2_000)(at, kind));
          if (other.length > 0) made.server.write(log, other);
          await station.store(...tail);
          if (restart) {
            await station.close();
            station = await made.open(file);
          }
          const before = made.server.frames();
          await station.online();
          expect(station.troubles).toEqual([]);
          expect(station.outbox.waiting()).toBe(0);
          const parted = other.length > 0;
          expect(made.server.taken(log)).toEqual([...shared, ...(parted ? other : tail)]);
          expect(await station.recordsOf(log)).toEqual([...shared, ...(parted ? [] : tail)]);
          const salvaged = made.server.logs().filter((id) => id !== log && made.server.taken(id).length > 0);
          const clock = shared.findLast(({ kind }) => kind === "clock");
          const moved = [...(clock === undefined ? [] : [clock]), ...tail];
          // Of an old log only what is there is moved; the current one is left even for nothing.
          const nothing = !parted || moved.length === 0 || (restart && tail.length === 0);
          expect(salvaged.map((id) => made.server.taken(id))).toEqual(nothing ? [] : [moved]);
          expect(salvaged.map((id) => made.server.parentOf(id)?.number)).toEqual(nothing ? [] : [shared.length]);
          expect(station.salvages() > 0).toBe(parted && (tail.length > 0 || !restart));
          // Header, questions, header again, new header, batches.
          expect(made.server.frames() - before).toBeLessThan(20);
        } finally {
          await made.clear();
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe("a disk", () => {
  test("put back to an older copy: all of the old log is there already, and the new one continues it", async () => {
    const file = bed.newFile();
    const first = await bed.open(file);
    const log = first.current();
    await first.store(...ballots(5));
    await first.online();
    await first.close();
    const copy = bed.copy(file);
    bed.server.write(log, ballots(3, 100));
    const second = await bed.open(copy);
    await second.store(ballotAt(200));
    expect(second.outbox.waiting()).toBe(1);
    await second.online();
    expect(second.troubles).toEqual([]);
    expect(second.salvages()).toBe(0);
    expect(bed.server.parentOf(second.current())).toMatchObject({ number: 5 });
    expect(times(ballotsTaken())).toEqual(times([...ballots(5), ...ballots(3, 100), ballotAt(200)]));
  });

  test("copied: of two live stations the second is set aside, keeps storing, and sends all once it is admitted", async () => {
    const file = bed.newFile();
    const origin = await bed.open(file);
    await origin.store(...ballots(3));
    await origin.online();
    await origin.close();
    const copy = bed.copy(file);
    const [one, two] = [await bed.open(file), await bed.open(copy)];
    await one.online();
    await two.online();
    await one.store(ballotAt(100));
    await settle();
    await two.store(ballotAt(200));
    await settle();
    expect([one.branches, two.branches]).toEqual([["copy"], ["aside"]]);
    await two.store(...ballots(200, 300));
    await settle();
    expect(two.outbox.waiting()).toBe(201);
    expect(bed.server.taken(two.current())).toEqual([]);
    await two.online();
    expect(two.outbox.waiting()).toBe(201);

    bed.server.fold({ kind: "log-judged", log: two.current(), admitted: true });
    await settle();
    expect([one.branches, two.branches]).toEqual([
      ["copy", null],
      ["aside", null],
    ]);
    expect(bed.server.taken(two.current())).toEqual([ballotAt(200), ...ballots(200, 300)]);
    expect(two.outbox.waiting()).toBe(0);
    expect([one.troubles, two.troubles]).toEqual([[], []]);
  });

  test("copied: what was rejected is never sent again, not counted as waiting, and holds up nothing", async () => {
    const file = bed.newFile();
    const origin = await bed.open(file);
    await origin.close();
    const copy = bed.copy(file);
    const [one, two] = [await bed.open(file), await bed.open(copy)];
    await one.online();
    await two.online();
    await one.store(ballotAt(100));
    await settle();
    await two.store(ballotAt(200));
    await settle();
    const log = two.current();
    bed.server.fold({ kind: "log-judged", log, admitted: false });
    await settle();
    expect(two.branches).toEqual(["aside", "rejected"]);
    expect(two.outbox.waiting()).toBe(0);
    const frames = bed.server.frames();
    await two.store(ballotAt(300));
    await settle();
    expect(bed.server.frames()).toBe(frames);
    await two.close();

    const again = await bed.open(copy);
    expect(again.outbox.waiting()).toBe(0);
    await again.online();
    expect(again.branches.at(-1)).toBe("rejected");
    expect(bed.server.taken(log)).toEqual([]);
  });

  test("with an old log that is set aside sends the others all the same", async () => {
    const file = bed.newFile();
    const first = await bed.open(file);
    const log = first.current();
    await first.store(...ballots(2));
    await first.online();
    first.offline();
    await first.store(...ballots(3, 10));
    await first.close();
    const second = await bed.open(file);
    // Another branch of the old log is alive.
    const rival = await bed.open(bed.copy(file));
    await rival.online();
    bed.server.fold({ kind: "log-judged", log, admitted: false });
    bed.server.fold({ kind: "log-judged", log: rival.current(), admitted: true });
    await second.online();
    bed.server.fold({ kind: "log-judged", log: second.current(), admitted: true });
    await settle();
    await second.store(ballotAt(77));
    await settle();
    expect(bed.server.taken(second.current())).toEqual([ballotAt(77)]);
    expect(second.troubles).toEqual([]);
  });
});

describe("a server put back to a backup", () => {
  test("gets again what it lost, under the same numbers", async () => {
    const station = await bed.open(bed.newFile());
    await station.store(clockAt(0), ...ballots(10));
    await station.online();
    const kept = bed.server.entries.length;
    await station.store(...ballots(200, 100));
    await settle();
    station.offline();
    bed.server.restore(kept);
    await station.store(...ballots(3, 500));
    await station.online();
    expect(bed.server.taken(station.current())).toEqual([
      clockAt(0),
      ...ballots(10),
      ...ballots(200, 100),
      ...ballots(3, 500),
    ]);
    expect([station.troubles, station.salvages()]).toEqual([[], 0]);
  });

  test("to before it knew the logs gets all of them", async () => {
    const file = bed.newFile();
    const kept = bed.server.entries.length;
    for (let opening = 0; opening < 3; opening++) {
      const station = await bed.open(file);
      await station.store(...ballots(4, 10 * opening));
      await station.online();
      await station.close();
    }
    bed.server.restore(kept);
    const station = await bed.open(file);
    await station.online();
    expect(times(ballotsTaken())).toEqual(times([...ballots(4), ...ballots(4, 10), ...ballots(4, 20)]));
    expect(bed.server.logs()).toHaveLength(4);
  });
});

test("the logs of another event are not sent, not counted, and not continued", async () => {
  const file = bed.newFile();
  const before = await bed.open(file, new Uint8Array(16).fill(99));
  await before.store(...ballots(5));
  await before.close();
  const station = await bed.open(file, EVENT);
  expect(station.outbox.waiting()).toBe(0);
  await station.online();
  expect(bed.server.logs()).toEqual([station.current()]);
  expect(bed.server.parentOf(station.current())).toBeNull();
});

/** A log that another process wrote to before this disk was started again, with two ballots only here. */
async function divergedBeforeRestart(file: string): Promise<string> {
  const first = await bed.open(file);
  const log = first.current();
  await first.store(...ballots(3));
  await first.online();
  first.offline();
  bed.server.write(log, ballots(2, 100));
  await first.store(...ballots(2, 200));
  await first.close();
  return log;
}

describe("what is salvaged of an old log", () => {
  test("is continued by the current one, which no server has heard of: nobody takes them for two stations", async () => {
    const file = bed.newFile();
    const log = await divergedBeforeRestart(file);
    const station = await bed.open(file);
    await station.store(...ballots(2, 300));
    await Promise.all([station.online(), station.store(...ballots(3, 400))]);
    await station.store(ballotAt(500));
    await settle();
    const current = station.current();
    const [first, salvaged, last, ...more] = bed.server.logs();
    expect([first, last, more]).toEqual([log, current, []]);
    expect(bed.server.parentOf(salvaged ?? "")).toMatchObject({ number: 3 });
    expect(bed.server.taken(salvaged ?? "")).toEqual(ballots(2, 200));
    expect(bed.server.parentOf(current)).toMatchObject({ number: 2 });
    expect(bed.server.taken(current)).toEqual([...ballots(2, 300), ...ballots(3, 400), ballotAt(500)]);
    expect(bed.server.logs().map((id) => bed.server.standing(id))).toEqual(["taken", "taken", "taken"]);
    expect(station.own.leaves()).toEqual([{ log: current, ms: 77 }]);
    expect([station.branches, station.troubles, station.outbox.waiting()]).toEqual([[], [], 0]);

    await station.close();
    const again = await bed.open(file);
    await again.online();
    await again.store(ballotAt(600));
    await settle();
    expect(bed.server.logs()).toEqual([log, salvaged, current, again.current()]);
    expect([again.branches, again.own.leaves().length]).toEqual([[], 1]);
  });

  test("is an end of its own where the server knows the current one already, also after a restart", async () => {
    const file = bed.newFile();
    const first = await bed.open(file);
    const log = first.current();
    await first.store(...ballots(3));
    await first.online();
    await first.close();
    const kept = bed.server.entries.length;
    const second = await bed.open(file);
    await second.online();
    second.offline();
    bed.server.restore(kept - 1);
    bed.server.write(log, ballots(2, 100));
    await second.online();
    expect(second.salvages()).toBe(1);
    const [current, salvaged] = second.own.leaves();
    expect([current?.log, salvaged?.ms]).toEqual([second.current(), 2]);
    expect(bed.server.taken(salvaged?.log ?? "")).toEqual(ballots(3));
    await second.close();
    const third = await bed.open(file);
    expect(third.own.leaves().map(({ log: id }) => id)).toEqual([third.current(), salvaged?.log]);
  });
});

describe("a station that was started several times without a link, after its machine was put back to a snapshot", () => {
  const FAULTS: (Fault | null)[] = [null, "before-salvage", "after-salvage", "before-note", "after-note"];
  const opening = fc.record({ count: fc.nat(12), clock: fc.boolean() });

  test("has one branch at the server, with every record once, wherever the power fails in between", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(opening, { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(...FAULTS), { maxLength: 3 }),
        async (openings, faults) => {
          const made = createBranchBed();
          try {
            const file = made.newFile();
            let station = await made.open(file);
            const first = station.current();
            await station.store(clockAt(0), ...ballots(5, 1));
            await station.online();
            station.offline();
            const theirs = ballots(3, 1_000);
            made.server.write(first, theirs);
            const tail = ballots(4, 2_000);
            await station.store(...tail);
            let next = 3_000;
            const expected = [[...tail]];
            const startAgain = async ({ count, clock }: { count: number; clock: boolean }) => {
              await station.close();
              station = await made.open(file);
              const records = [...(clock ? [clockAt(next)] : []), ...ballots(count, next + 1)];
              next += 1_000;
              await station.store(...records);
              expected.push(records);
            };
            for (const each of openings) await startAgain(each);
            for (const fault of faults) {
              station.fail(fault);
              await station.online();
              await startAgain({ count: 2, clock: true });
            }
            await station.online();
            await station.store(ballotAt(9_999));
            expected.at(-1)?.push(ballotAt(9_999));
            for (const { log, ms } of station.own.leaves())
              await station.storeIn(log, { kind: "drained", poll: new Uint8Array(8), ms });
            await settle();

            const logs = made.server.logs();
            expect(logs.map((log) => made.server.standing(log))).toEqual(logs.map(() => "taken"));
            expect(station.own.leaves().map(({ log }) => log)).toEqual([logs.at(-1)]);
            expect([station.branches, station.troubles, station.outbox.waiting()]).toEqual([[], [], 0]);
            // What each holds, as it was stored; a chain, each continuing the end of the one before.
            const [own, salvaged, ...since] = logs.map((log) => made.server.taken(log));
            expect(own).toEqual([clockAt(0), ...ballots(5, 1), ...theirs]);
            expect(salvaged).toEqual([clockAt(0), ...tail]);
            expect(since.map((records) => records.filter(({ kind }) => kind !== "drained"))).toEqual(expected.slice(1));
            const parents = logs.slice(1).map((log) => made.server.parentOf(log));
            const ends = [6, ...logs.slice(1).map((log) => made.server.taken(log).length)];
            expect(parents.map((parent) => [parent && toHex(parent.log), parent?.number])).toEqual(
              parents.map((_, at) => [logs[at], ends[at]]),
            );
          } finally {
            await made.clear();
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  test("keeps under its name what a server may have heard of, with all that was opened since", async () => {
    const file = bed.newFile();
    const log = await divergedBeforeRestart(file);
    const first = await bed.open(file);
    await first.own.hear(bytesOfHex(first.current()));
    const heard = first.current();
    await first.close();
    const station = await bed.open(file);
    const current = station.current();
    await station.online();
    expect(bed.server.parentOf(heard)).toMatchObject({ log: bytesOfHex(log), number: 5 });
    expect(bed.server.parentOf(current)).toMatchObject({ log: bytesOfHex(heard) });
    expect(station.current()).toBe(current);
    expect(station.own.leaves()).toHaveLength(2);
  });
});

describe("a log that no server has heard of", () => {
  test("is not shown to one before this is noted; what others have waiting is sent all the same", async () => {
    const file = bed.newFile();
    const first = await bed.open(file);
    const log = first.current();
    await first.online();
    first.offline();
    await first.store(...ballots(4));
    await first.close();
    const station = await bed.open(file);
    station.fail("before-note");
    await station.online();
    expect([bed.server.logs(), bed.server.taken(log)]).toEqual([[log], ballots(4)]);
    station.fail(null);
    await station.store(ballotAt(100));
    await settle();
    expect(bed.server.taken(station.current())).toEqual([ballotAt(100)]);
    expect([station.troubles, station.outbox.waiting()]).toEqual([[], 0]);
  });

  test("waits for the next link when there are more than one link takes, the oldest first", async () => {
    const file = bed.newFile();
    const more = 5;
    const ids = await bed.beginMany(file, MAX_LOGS_PER_LINK + more - 1);
    const station = await bed.open(file);
    await station.store(ballotAt(1));
    await station.online();
    for (let waits = 0; station.troubles.length === 0 && waits < 500; waits++) await settle();
    expect(station.troubles[0]).toContain("the next");
    expect(bed.server.logs()).toEqual(ids.slice(0, MAX_LOGS_PER_LINK));
    await station.online();
    await settle();
    expect(bed.server.logs()).toEqual([...ids, station.current()]);
    expect(bed.server.taken(station.current())).toEqual([ballotAt(1)]);
    expect(station.outbox.waiting()).toBe(0);
  }, 60_000);
});
