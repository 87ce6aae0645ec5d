/** The contract's part about logs: what they count as beside others of their station, and what can be asked of them. */
// oxlint-disable-next-line no-restricted-imports -- a part of the contract suite, which *.test.ts files run
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/entry.ts";
import type { LogRow } from "../../shared/domain/projection.ts";
import { createTestLog, testId, testPoll } from "../../shared/domain/testing.ts";
import {
  EVENT,
  STATION,
  T0,
  admitted,
  appendAll,
  begin,
  cast,
  clockAt,
  createBed,
  expectRebuilt,
  send,
  startLog,
  tallyOf,
  vote,
  type LedgerPlace,
} from "./contract-bed.ts";
import type { Ledger } from "./ledger.ts";
import { sha256 } from "./sha256.ts";

const judged = (log: string, admit: boolean): Change => ({ kind: "log-judged", log, admitted: admit });

async function standingsOf(ledger: Ledger): Promise<[string, string][]> {
  return [...(await ledger.standing()).branches.values()].map(({ log, standing }) => [log, standing]);
}

export function describeBranches(newPlace: () => LedgerPlace): void {
  describe("two logs of one station that both grow", () => {
    const { opened } = createBed(newPlace);

    /** Two live branches: the second is known, then the first grows. */
    async function beginTwo(ledger: Ledger) {
      const poll = testPoll(sha256, 1);
      const first = await begin(ledger, poll);
      const second = createTestLog(sha256, { log: testId(2), station: STATION, event: EVENT, openedAtMs: T0 });
      await appendAll(ledger, second.opened);
      expect(await cast(ledger, first, vote(poll, 1, 1, 10))).toEqual(["counted"]);
      return { poll, first, second };
    }

    test("are branches: the batch of the one opened later sets it aside, is kept, and is not folded", async () => {
      const { ledger } = await opened();
      const { poll, second } = await beginTwo(ledger);
      const { cursor } = await ledger.standing();
      const aside = await send(ledger, second, clockAt(T0), vote(poll, 2, 2, 10));
      expect(aside).toMatchObject({ cursor: cursor + 1, folded: { ignored: "set-aside", head: 0, verdicts: [] } });
      // From now on nothing changes, and nothing is stored.
      expect(await ledger.append(second.batch())).toMatchObject({
        cursor: cursor + 1,
        folded: { ignored: "set-aside" },
      });
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 0]);
      await expectRebuilt(ledger);
    });

    test("are told with the commit that made it so, and stand in the standing, also of the next start", async () => {
      const { ledger, place } = await opened();
      const { poll, second } = await beginTwo(ledger);
      const told: [string, string, number][] = [];
      ledger.onCommit(({ branches }) =>
        told.push(...branches.map((row): (typeof told)[number] => [row.log, row.standing, row.head])),
      );
      await send(ledger, second, clockAt(T0), vote(poll, 2, 2, 10));
      await appendAll(ledger, judged(second.id, true), second.batch());
      const child = { log: Buffer.from(second.id, "hex"), number: 2, hash: second.hashAt(2) };
      await startLog(ledger, { log: testId(3), parent: child });
      await appendAll(ledger, judged(second.id, false));
      // Growing is no news; what goes on from a branch that was let in is a log like any, until both are judged.
      expect(told).toEqual([
        [second.id, "aside", 0],
        [second.id, "admitted", 0],
        [second.id, "rejected", 2],
        [testId(3), "rejected", 1],
      ]);
      const before = await ledger.standing();
      expect([...before.branches.values()].map(({ log, head }) => [log, head])).toEqual([
        [second.id, 2],
        [testId(3), 1],
      ]);
      await ledger.close();
      expect((await (await opened(place)).ledger.standing()).branches).toEqual(before.branches);
    });

    test("count both when the organiser lets the second in, and one again when it is rejected", async () => {
      const { ledger } = await opened();
      const { poll, first, second } = await beginTwo(ledger);
      await send(ledger, second, clockAt(T0), vote(poll, 2, 2, 10), vote(poll, 1, 3, 5));
      await appendAll(ledger, judged(second.id, true));
      expect(await ledger.append(second.batch())).toMatchObject({ folded: { ignored: null, head: 3 } });
      // The earlier tap of the same voter is in the log that was let in.
      expect(await tallyOf(ledger, poll)).toEqual([0, 1, 1]);
      await appendAll(ledger, judged(second.id, false));
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 0]);
      expect(await send(ledger, second, vote(poll, 3, 3, 20))).toMatchObject({
        folded: { ignored: "rejected", head: 3 },
      });
      expect(await cast(ledger, first, vote(poll, 3, 1, 20))).toEqual(["counted"]);
      expect(await standingsOf(ledger)).toEqual([[second.id, "rejected"]]);
      await expectRebuilt(ledger);
    });

    test("keep all logs of a station in the order they became known, also in the next start", async () => {
      const { ledger, place } = await opened();
      const poll = testPoll(sha256, 1);
      await begin(ledger, poll);
      const other = testId(0xd);
      await appendAll(ledger, admitted(other));
      for (const number of [9, 7, 8]) await startLog(ledger, { log: testId(number) });
      const elsewhere = await startLog(ledger, { log: testId(1), station: other });
      const ids = (rows: readonly LogRow[]) => rows.map(({ log }) => log);
      expect(ids(await ledger.logsOf(STATION))).toEqual([0xa, 9, 7, 8].map(testId));
      expect(await ledger.logsOf(other)).toEqual([await ledger.log(elsewhere.id)]);
      expect(await ledger.logsOf(testId(0xe))).toEqual([]);
      const before = await ledger.logsOf(STATION);
      await ledger.close();
      expect(await (await opened(place)).ledger.logsOf(STATION)).toEqual(before);
    });
  });

  describe("a station that is revoked", () => {
    const { opened } = createBed(newPlace);

    test("ends where the act says: later ballots count no more, and nothing is added", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      await cast(ledger, log, vote(poll, 1, 1, 10), vote(poll, 2, 2, 20), vote(poll, 3, 3, 30));
      const revoked = (number: number): Change => ({
        kind: "station-revoked",
        station: STATION,
        accepted: [{ log: log.id, number }],
      });
      expect(await ledger.append(revoked(5))).toMatchObject({ folded: { refused: "not-folded" } });
      await appendAll(ledger, revoked(2));
      expect(await tallyOf(ledger, poll)).toEqual([1, 0, 0]);
      const { cursor, stations } = await ledger.standing();
      expect(stations.get(STATION)).toMatchObject({ revoked: cursor });
      expect(await ledger.log(log.id)).toMatchObject({ accepted: 2, head: 4 });
      expect(await send(ledger, log, vote(poll, 4, 1, 40))).toMatchObject({
        cursor,
        folded: { ignored: "revoked", head: 4 },
      });
      const next = createTestLog(sha256, { log: testId(2), station: STATION, event: EVENT });
      expect(await ledger.append(next.opened)).toMatchObject({
        cursor,
        folded: { kind: "ignored", why: "not-admitted" },
      });
      await expectRebuilt(ledger);
    });
  });

  describe("the running hash inside a log", () => {
    const { opened } = createBed(newPlace);

    test("is told for each record up to the head, however the batches were cut and whatever lies between", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      const station = testId(0xd);
      await appendAll(ledger, admitted(station));
      const other = await startLog(ledger, { log: testId(2), station });
      log.add(...Array.from({ length: 40 }, (_, at) => vote(poll, at, 1, at)));
      // Single, short and long ones; two repeat what was there.
      for (const [first, count] of [
        [2, 1],
        [3, 20],
        [20, 4],
        [24, 1],
        [20, 10],
      ] as const) {
        await appendAll(ledger, log.batch(first, count));
        await cast(ledger, other, vote(poll, 100 + first, 1, first));
      }
      const asked = async (upTo: number) => {
        for (let number = 0; number <= upTo; number++)
          expect(await ledger.hashAt(log.id, number)).toEqual(log.hashAt(number));
        expect(await ledger.hashAt(log.id, upTo + 1)).toBeUndefined();
      };
      await asked(29);
      expect(await ledger.hashAt(other.id, 3)).toEqual(other.hashAt(3));
      await asked(29);
      await appendAll(ledger, log.batch(30));
      await asked(41);
      expect(await ledger.hashAt(testId(99), 0)).toBeUndefined();
    });

    test("is that of what was folded, where a stored batch that set the log aside said otherwise", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const first = await begin(ledger, poll);
      const log = createTestLog(sha256, { log: testId(2), station: STATION, event: EVENT, openedAtMs: T0 });
      log.add(...Array.from({ length: 14 }, (_, at) => vote(poll, at, 2, at)));
      // Up to record 5 the log belongs to what goes on from it, too, and its records are no growth.
      const parent = { log: Buffer.from(log.id, "hex"), number: 5, hash: log.hashAt(5) };
      const child = createTestLog(sha256, { log: testId(3), station: STATION, event: EVENT, parent });
      await appendAll(ledger, log.opened, child.opened, log.batch(1, 3));
      await cast(ledger, first, vote(poll, 99, 1, 10));
      const copy = log.copy(3);
      copy.add(...Array.from({ length: 12 }, (_, at) => vote(poll, 50 + at, 3, at)));
      const { cursor } = await ledger.standing();
      expect(await ledger.append(copy.batch(2))).toMatchObject({
        cursor: cursor + 1,
        folded: { ignored: "set-aside", head: 3 },
      });
      const asked = async (upTo: number) => {
        for (let number = 0; number <= upTo; number++)
          expect(await ledger.hashAt(log.id, number)).toEqual(log.hashAt(number));
        expect(await ledger.hashAt(log.id, upTo + 1)).toBeUndefined();
      };
      await asked(3);
      await appendAll(ledger, judged(log.id, true), log.batch(4, 3));
      await asked(6);
      await appendAll(ledger, log.batch(5));
      await asked(14);
      expect(await ledger.append(copy.batch(4))).toMatchObject({ folded: { ignored: "diverged", head: 14 } });
    });
  });
}
