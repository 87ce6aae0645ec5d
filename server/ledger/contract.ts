/**
 * What every ledger must keep, as a suite that each implementation runs. Only tests import this file.
 * Signatures are checked before the ledger, so the batches here carry none; their running hashes are true.
 */
// oxlint-disable-next-line no-restricted-imports -- a suite to be run by *.test.ts files, kept apart to be shared by them
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/entry.ts";
import { createTestLog, testId, testPoll } from "../../shared/domain/testing.ts";
import {
  EVENT,
  STATION,
  T0,
  admitted,
  begin,
  cast,
  clockAt,
  createBed,
  expectRebuilt,
  tallyOf,
  vote,
  type LedgerPlace,
} from "./contract-bed.ts";
import { describeBranches } from "./contract-branches.ts";
import { describeCertification } from "./contract-certification.ts";
import { describeSettings } from "./contract-settings.ts";
import { sha256 } from "./sha256.ts";

export function describeLedgerContract(name: string, newPlace: () => LedgerPlace): void {
  // oxlint-disable-next-line vitest/valid-title -- the implementation's name is a string
  describe(name, () => {
    const { opened, setClock } = createBed(newPlace);
    describeBranches(newPlace);
    describeCertification(newPlace);
    describeSettings(newPlace);

    test("entries are numbered from 1 without a gap, and their time never goes back", async () => {
      const { ledger } = await opened();
      for (const [at, ms] of [0, 5, -100, 7].entries()) {
        setClock(ms);
        expect(await ledger.append(testPoll(sha256, at + 1).defined)).toMatchObject({ ok: true, cursor: at + 1 });
      }
      const entries = await ledger.entries(1, 10);
      expect(entries.map(({ position, atMs }) => [position, atMs - T0])).toEqual([
        [1, 0],
        [2, 5],
        [3, 5],
        [4, 7],
      ]);
      expect((await ledger.entries(3, 1)).map(({ position }) => position)).toEqual([3]);
      expect(entries[0]?.change).toEqual(testPoll(sha256, 1).defined);
    });

    test("a voter may choose two options where the poll says so, and a rebuild counts them the same", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1, { counts: "last", upTo: 2 });
      const log = await begin(ledger, poll);
      const verdicts = await cast(ledger, log, ...[1, 2, 1, 3].map((option, at) => vote(poll, 1, option, 10 + at)));
      expect(verdicts).toEqual(["counted", "counted", "already-counted", "changed"]);
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 1]);
      await expectRebuilt(ledger);
    });

    test("an act that expects a position is appended there or nowhere", async () => {
      const { ledger } = await opened();
      const [first, second, third] = [testPoll(sha256, 1), testPoll(sha256, 2), testPoll(sha256, 3)];
      const [won, lost] = await Promise.all([
        ledger.append(first.defined, { expected: 0 }),
        ledger.append(second.defined, { expected: 0 }),
      ]);
      expect(won).toMatchObject({ ok: true, cursor: 1 });
      expect(lost).toEqual({ ok: false, why: "moved-on", cursor: 1 });
      expect(await ledger.append(third.defined, { expected: 1 })).toMatchObject({ ok: true, cursor: 2 });
      expect((await ledger.entries(1, 10)).map(({ change }) => change)).toEqual([first.defined, third.defined]);
    });

    test("the standing as of a later position is told when the ledger has come to it", async () => {
      const { ledger } = await opened();
      let told = false;
      const later = ledger.standing(2).then((standing) => ((told = true), standing));
      await ledger.append({ kind: "event-created", event: EVENT });
      expect((await ledger.standing(1)).event).toBe(EVENT);
      expect(told).toBe(false);
      await ledger.append(testPoll(sha256, 1).defined);
      expect((await later).polls.size).toBe(1);
    });

    test("whoever was answered finds it in the standing, polls in order of definition", async () => {
      const { ledger } = await opened();
      for (const number of [9, 3, 7]) await ledger.append(testPoll(sha256, number).defined);
      const cursor = await ledger.append(testPoll(sha256, 3, { counts: "last", options: 4 }).defined);
      const standing = await ledger.standing();
      expect(cursor).toMatchObject({ cursor: standing.cursor });
      expect([...standing.polls.keys()]).toEqual([9, 3, 7].map(testId));
      expect(standing.polls.get(testId(3))).toMatchObject({ options: 4, counts: "last" });
    });

    test("refused acts stay in the ledger, say why, and change nothing", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      await begin(ledger, poll);
      const before = await ledger.dump();
      const refusals: [Change, string][] = [
        [{ kind: "event-created", event: testId(5) }, "event-exists"],
        [admitted(STATION), "already-admitted"],
        [poll.defined, "not-draft"],
        [poll.opened, "already-open"],
        [testPoll(sha256, 2).opened, "unknown-poll"],
      ];
      const { cursor } = await ledger.standing();
      for (const [at, [act, refused]] of refusals.entries())
        expect(await ledger.append(act)).toEqual({
          ok: true,
          cursor: cursor + at + 1,
          folded: { kind: "act", refused },
        });
      expect(await ledger.dump()).toEqual(before);
    });

    test("first counts: the first ballot of a tag is counted, later ones are not", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      expect(await cast(ledger, log, vote(poll, 1, 1, 10), vote(poll, 1, 2, 20), vote(poll, 2, 3, 30))).toEqual([
        "counted",
        "already-counted",
        "counted",
      ]);
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 1]);
    });

    test("last counts: a later ballot of a tag takes the place of the earlier", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1, { counts: "last" });
      const log = await begin(ledger, poll);
      expect(await cast(ledger, log, vote(poll, 1, 1, 10), vote(poll, 1, 2, 20), vote(poll, 1, 2, 30))).toEqual([
        "counted",
        "changed",
        "already-counted",
      ]);
      expect(await tallyOf(ledger, poll)).toEqual([0, 1, 0]);
    });

    test("a ballot cast outside of the open times, or for an option there is not, counts nowhere", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      setClock(1000);
      await ledger.append(poll.closed);
      expect(await cast(ledger, log, vote(poll, 1, 4, 500), vote(poll, 2, 1, 999), vote(poll, 3, 1, 1000))).toEqual([
        "unknown-option",
        "counted",
        "closed",
      ]);
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 0]);
    });

    test("a ballot for a poll nobody knows here yet counts as soon as that poll is opened", async () => {
      const { ledger } = await opened();
      const [poll, later] = [testPoll(sha256, 1), testPoll(sha256, 2)];
      const log = await begin(ledger, poll);
      expect(await cast(ledger, log, vote(later, 1, 2, 10), vote(later, 2, 2, 50))).toEqual([
        "unknown-poll",
        "unknown-poll",
      ]);
      setClock(20);
      await ledger.append(later.defined);
      expect(await tallyOf(ledger, later)).toEqual([0, 0, 0]);
      await ledger.append(later.opened);
      expect(await tallyOf(ledger, later)).toEqual([0, 1, 0]);
    });

    test("a log of a station that is not admitted is not stored, and so none of its ballots", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      await begin(ledger, poll);
      const { cursor } = await ledger.standing();
      const stranger = createTestLog(sha256, { log: testId(2), station: testId(3), event: EVENT, openedAtMs: T0 });
      stranger.add(vote(poll, 1, 1, 10));
      for (const [change, why] of [
        [stranger.opened, "not-admitted"],
        [stranger.batch(), "unknown-log"],
      ] as const)
        expect(await ledger.append(change)).toEqual({ ok: true, cursor, folded: { kind: "ignored", why } });
      expect(await tallyOf(ledger, poll)).toEqual([0, 0, 0]);
    });

    test("a batch that overlaps with an equal history is taken from where it is new, and each ballot once", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      await cast(ledger, log, vote(poll, 1, 1, 10), vote(poll, 2, 1, 20));
      log.add(vote(poll, 3, 1, 30));
      const overlap = await ledger.append(log.batch(2, 3));
      expect(overlap).toMatchObject({
        folded: { ignored: null, head: 4, verdicts: [{ number: 4, verdict: "counted" }] },
      });
      expect(await tallyOf(ledger, poll)).toEqual([3, 0, 0]);
      expect(await ledger.log(log.id)).toMatchObject({ head: 4, hash: log.hashAt(4), standing: "taken" });
    });

    test("what brings nothing is answered with the head and not stored", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      await cast(ledger, log, vote(poll, 1, 1, 10));
      const { cursor } = await ledger.standing();
      const other = createTestLog(sha256, { station: STATION, event: EVENT, openedAtMs: T0 });
      other.add(clockAt(T0), vote(poll, 1, 2, 10), vote(poll, 2, 2, 20));
      log.add(vote(poll, 3, 1, 30), vote(poll, 4, 1, 40));
      const nobody = createTestLog(sha256, { log: testId(77), event: EVENT });
      nobody.add(clockAt(T0));
      const elsewhere = createTestLog(sha256, { log: testId(78), event: testId(99) });
      const cases: [Change, object][] = [
        [log.batch(1, 2), { ignored: "nothing-new", head: 2 }],
        [log.batch(4, 1), { ignored: "gap", head: 2 }],
        [other.batch(), { ignored: "diverged", head: 2 }],
        [log.opened, { kind: "log", head: 2 }],
        [nobody.batch(), { kind: "ignored", why: "unknown-log" }],
        [elsewhere.opened, { kind: "ignored", why: "wrong-event" }],
        [
          { kind: "batch", batch: new Uint8Array(40), hashAfter: log.hashAt(0) },
          { kind: "ignored", why: "unreadable" },
        ],
      ];
      for (const [change, folded] of cases)
        expect(await ledger.append(change)).toMatchObject({ ok: true, cursor, folded });
      expect((await ledger.entries(cursor, 10)).map(({ position }) => position)).toEqual([cursor]);
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 0]);
    });

    test("each commit is told once and in order, with the rows as they are after it", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const told: number[] = [];
      let tally: readonly number[] = [];
      const stop = ledger.onCommit(({ cursor, polls }) => {
        told.push(cursor);
        for (const row of polls) tally = row.tally;
      });
      const log = await begin(ledger, poll);
      await cast(ledger, log, vote(poll, 1, 2, 10));
      expect(tally).toEqual([0, 1, 0]);
      expect(told).toEqual([1, 2, 3, 4, 5, 6, 7]);
      stop();
      await cast(ledger, log, vote(poll, 2, 2, 20));
      expect(told).toHaveLength(7);
    });

    test("closed and opened again it says the same and goes on at the next position", async () => {
      const { place, ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      await cast(ledger, log, vote(poll, 1, 1, 10), vote(poll, 2, 2, 20));
      const before = { standing: await ledger.standing(), dump: await ledger.dump() };
      await ledger.close();
      setClock(-5000);
      const again = (await opened(place)).ledger;
      expect(await again.standing()).toEqual(before.standing);
      expect(await again.dump()).toEqual(before.dump);
      expect(await again.append(poll.closed)).toMatchObject({ ok: true, cursor: before.standing.cursor + 1 });
      expect((await again.entries(before.standing.cursor + 1, 1))[0]?.atMs).toBe(T0);
    });

    test("the projection thrown away and folded anew equals the live one, and the fold in memory", async () => {
      const { ledger } = await opened();
      const [poll, later] = [testPoll(sha256, 1, { counts: "last" }), testPoll(sha256, 2)];
      const log = await begin(ledger, poll);
      const station = testId(0xd);
      const offline = createTestLog(sha256, { log: testId(2), station, event: EVENT, openedAtMs: T0 - 9999 });
      await ledger.append(admitted(station));
      await ledger.append(offline.opened);
      await cast(ledger, offline, vote(poll, 1, 3, 10), vote(later, 1, 1, 20), vote(poll, 2, 3, 30));
      await cast(ledger, log, vote(poll, 1, 1, 10), vote(poll, 2, 2, 5000), vote(poll, 1, 2, 60));
      await cast(ledger, offline, clockAt(T0 + 50), vote(poll, 3, 3, 40));
      setClock(100);
      for (const act of [later.defined, later.opened, poll.paused, poll.opened, poll.closed]) await ledger.append(act);
      await expectRebuilt(ledger);
    });

    test("a thousand appends at once are all there, in the order of their caller", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      const { cursor } = await ledger.standing();
      log.add(...Array.from({ length: 1000 }, (_, at) => vote(poll, at, 1 + (at % 3), at)));
      const answers = await Promise.all(Array.from({ length: 1000 }, (_, at) => ledger.append(log.batch(at + 2, 1))));
      expect(answers.map((answer) => answer.ok && answer.cursor)).toEqual(
        Array.from({ length: 1000 }, (_, at) => cursor + at + 1),
      );
      expect(await tallyOf(ledger, poll)).toEqual([334, 333, 333]);
      await expectRebuilt(ledger);
    });

    test("a closed ledger takes nothing and says so", async () => {
      const { ledger } = await opened();
      const waiting = ledger.standing(1).then(
        () => "told",
        (error: unknown) => String(error),
      );
      await ledger.close();
      expect(await waiting).toContain("closed");
      expect(await ledger.append({ kind: "event-created", event: EVENT })).toMatchObject({
        ok: false,
        why: "not-stored",
      });
    });
  });
}
