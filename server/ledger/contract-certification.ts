/** The contract's part about the end of a poll, about who may vote, and about what comes back after a loss. */
// oxlint-disable-next-line no-restricted-imports -- a part of the contract suite, which *.test.ts files run
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { encodeRollChunk, type Entitled } from "../../shared/domain/roll.ts";
import { testId, testPoll, testTag, type TestPoll } from "../../shared/domain/testing.ts";
import {
  STATION,
  T0,
  admitted,
  appendAll,
  begin,
  cast,
  createBed,
  drained,
  expectRebuilt,
  pollOf,
  send,
  startLog,
  tallyOf,
  vote,
  type LedgerPlace,
} from "./contract-bed.ts";
import { sha256 } from "./sha256.ts";

const OTHER = testId(0xd);

type Barred = Extract<Change, { kind: "poll-barred" }>;
const barred = (poll: TestPoll, rest: Partial<Barred> = {}): Barred => ({
  kind: "poll-barred",
  poll: poll.definition.id,
  why: "drained",
  missing: [],
  reason: null,
  ...rest,
});
const certified = (poll: TestPoll, barrier: number, totals: number[]): Change => ({
  kind: "poll-certified",
  poll: poll.definition.id,
  barrier,
  totals,
});

/** A chunk of a roll, and its hash: tags by number, `[tag, voter, weight, group]`. */
function chunkOf(...rows: readonly (readonly [tag: number, voter: number, weight: number, group: number])[]) {
  const tags = rows.map(([tag, voter, weight, group]): Entitled => ({ tagKey: testTag(tag), voter, weight, group }));
  const chunk = encodeRollChunk(tags);
  return { chunk, hash: toHex(sha256(chunk)), put: { kind: "roll-chunk", chunk, lfBits: 32 } satisfies Change };
}
const adopted = (...chunks: { hash: string }[]): Change => ({
  kind: "roll-adopted",
  chunks: chunks.map(({ hash }) => hash),
});

export function describeCertification(newPlace: () => LedgerPlace): void {
  describe("a poll that is over", () => {
    const { opened, setClock } = createBed(newPlace);

    test("is certified when all have drained: its totals stay, and what comes later is listed as late", async () => {
      const { ledger, place } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      await appendAll(ledger, admitted(OTHER));
      const other = await startLog(ledger, { log: testId(2), station: OTHER });
      await cast(ledger, log, vote(poll, 1, 1, 10));
      setClock(1000);
      await appendAll(ledger, poll.closed);
      expect(await ledger.append(barred(poll))).toMatchObject({ folded: { refused: "missing-changed" } });
      await send(ledger, log, drained(poll, 1100));
      expect(await ledger.watermarks(poll.definition.id)).toEqual([
        { station: STATION, missing: null, deliveredMs: T0 + 1100 },
        { station: OTHER, missing: "not-drained", deliveredMs: T0 },
      ]);
      expect(await ledger.watermarks(testId(99))).toBeUndefined();
      await cast(ledger, other, vote(poll, 2, 2, 20), drained(poll, 1200));
      await appendAll(ledger, barred(poll));
      const { cursor: barrier } = await ledger.standing();
      expect(await cast(ledger, other, vote(poll, 4, 3, 40), vote(poll, 3, 3, 30), vote(poll, 5, 3, 50))).toEqual([
        "late",
        "late",
        "late",
      ]);
      expect(await ledger.append(certified(poll, barrier, [1, 1, 3]))).toMatchObject({
        folded: { refused: "totals-differ" },
      });
      await appendAll(ledger, certified(poll, barrier, [1, 1, 0]));
      expect(await pollOf(ledger, poll)).toMatchObject({ state: "certified", moves: 3, tally: [1, 1, 0], late: 3 });
      const late = await ledger.lateBallots(poll.definition.id, 2);
      // Time never goes back within a log.
      expect(late.map(({ tagKey, atMs }) => [tagKey, atMs - T0])).toEqual([
        [testTag(4), 1200],
        [testTag(3), 1200],
      ]);
      expect(await ledger.lateBallots(testId(99), 2)).toEqual([]);
      await expectRebuilt(ledger);
      const before = { standing: await ledger.standing(), dump: await ledger.dump() };
      await ledger.close();
      const again = (await opened(place)).ledger;
      expect(await again.standing()).toEqual(before.standing);
      expect(await again.dump()).toEqual(before.dump);
    });

    test("keeps who was missing and why it was certified without", async () => {
      const { ledger, place } = await opened();
      const poll = testPoll(sha256, 1, { certify: "by-hand", groups: [2, 5], round: 2, first: testId(7) });
      await begin(ledger, poll);
      await appendAll(ledger, poll.closed);
      const reason = toHex(sha256(new Uint8Array()));
      await appendAll(ledger, barred(poll, { why: "by-hand", missing: [STATION], reason }));
      const row = await pollOf(ledger, poll);
      expect(row?.barrier).toMatchObject({ why: "by-hand", missing: [STATION], reason });
      expect(row).toMatchObject({ certify: "by-hand", groups: [2, 5], round: 2, first: testId(7) });
      await ledger.close();
      expect(await pollOf((await opened(place)).ledger, poll)).toEqual(row);
    });

    test("comes back with its certified totals from a station, when the ledger is of before", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      await cast(ledger, log, vote(poll, 1, 1, 10));
      const restored: Change = {
        kind: "poll-restored",
        ...poll.facts,
        state: "certified",
        moves: 4,
        windows: [{ fromMs: T0, toMs: T0 + 500 }],
        closedAtMs: T0 + 500,
        totals: [5, 6, 7],
      };
      await appendAll(ledger, restored);
      expect(await pollOf(ledger, poll)).toMatchObject({
        state: "certified",
        tally: [5, 6, 7],
        barrier: { why: "restored" },
      });
      expect(await cast(ledger, log, vote(poll, 2, 2, 20))).toEqual(["late"]);
      expect(await ledger.append(restored)).toMatchObject({ folded: { refused: "nothing-new" } });
      await expectRebuilt(ledger);
    });

    test("lets the event key be destroyed, which each commit and the standing tell, and who has confirmed it", async () => {
      const { ledger, place } = await opened();
      const poll = testPoll(sha256, 1);
      const log = await begin(ledger, poll);
      const told: (number | null)[] = [];
      ledger.onCommit(({ keyDestroyed }) => told.push(keyDestroyed));
      expect(await ledger.append({ kind: "key-destroyed" })).toMatchObject({ folded: { refused: "polls-open" } });
      await appendAll(ledger, poll.closed, { kind: "key-destroyed" });
      const { cursor } = await ledger.standing();
      await send(ledger, log, { kind: "forgot", ms: 2000 });
      expect(told).toEqual([null, null, cursor, cursor]);
      await expectRebuilt(ledger);
      await ledger.close();
      const { keyDestroyed, stations } = await (await opened(place)).ledger.standing();
      expect(keyDestroyed).toBe(cursor);
      expect(stations.get(STATION)?.forgot).toBe(cursor + 1);
    });
  });

  describe("the roll", () => {
    const { opened, setClock } = createBed(newPlace);

    test("says who may vote and how much a vote weighs, one voter's tags together, and judges again what is cast", async () => {
      const { ledger, place } = await opened();
      const poll = testPoll(sha256, 1);
      const forGroup = testPoll(sha256, 2, { groups: [2] });
      const log = await begin(ledger, poll);
      await appendAll(ledger, forGroup.defined, forGroup.opened);
      await cast(
        ledger,
        log,
        vote(poll, 1, 1, 10),
        vote(poll, 2, 2, 20),
        vote(poll, 3, 3, 30),
        vote(forGroup, 3, 1, 30),
      );
      const [one, two] = [chunkOf([1, 70, 5, 0], [2, 70, 5, 0]), chunkOf([3, 71, 2, 2])];
      const told: (readonly string[] | null)[] = [];
      ledger.onCommit(({ roll }) => told.push(roll));
      expect(await ledger.append(adopted(one))).toMatchObject({ folded: { refused: "unknown-chunk" } });
      await appendAll(ledger, one.put, two.put, adopted(one, two));
      expect(told).toEqual([null, null, null, [one.hash, two.hash]]);
      expect(await tallyOf(ledger, poll)).toEqual([5, 0, 2]);
      expect(await tallyOf(ledger, forGroup)).toEqual([2, 0, 0]);
      expect(await ledger.rollSize()).toEqual({ tags: 3, voters: 2 });
      expect(await ledger.rollChunk(two.hash)).toEqual({ bytes: two.chunk, lfBits: 32 });
      expect(await ledger.rollChunk(testId(1))).toBeUndefined();
      const verdicts = await cast(ledger, log, vote(poll, 9, 1, 40), vote(forGroup, 1, 1, 40), vote(poll, 2, 1, 50));
      expect(verdicts).toEqual(["unknown-tag", "not-entitled", "already-counted"]);
      await expectRebuilt(ledger);
      const { roll } = await ledger.standing();
      await ledger.close();
      const again = (await opened(place)).ledger;
      expect((await again.standing()).roll).toEqual(roll);
      // Without a roll each tag is a voter of its own, and anyone may vote.
      await appendAll(again, adopted());
      expect(await tallyOf(again, poll)).toEqual([2, 1, 1]);
      expect(await tallyOf(again, forGroup)).toEqual([0, 0, 0]);
      expect(await again.rollSize()).toEqual({ tags: 0, voters: 0 });
      await expectRebuilt(again);
    });

    test("judges every ballot once however many there are, and leaves a certified poll as it was", async () => {
      const { ledger } = await opened();
      const poll = testPoll(sha256, 1);
      const over = testPoll(sha256, 2);
      const log = await begin(ledger, poll);
      await appendAll(ledger, over.defined, over.opened);
      await cast(ledger, log, vote(over, 1, 1, 10));
      setClock(50);
      await appendAll(ledger, over.closed);
      await send(ledger, log, drained(over, 20));
      await appendAll(ledger, barred(over));
      const tags = Array.from({ length: 2600 }, (_, at) => at);
      for (let at = 0; at < tags.length; at += 100)
        await cast(ledger, log, ...tags.slice(at, at + 100).map((tag) => vote(poll, tag, 1 + (tag % 3), 100 + tag)));
      expect(await tallyOf(ledger, poll)).toEqual([867, 867, 866]);
      // Voters' keys lie before and after those of tags, so that ballots move both ways while they are judged.
      const rows = tags.slice(0, 900).map((tag) => [tag, tag * 4_000_000, 2, 0] as const);
      const chunk = chunkOf(...rows);
      await appendAll(ledger, chunk.put, adopted(chunk));
      expect(await tallyOf(ledger, poll)).toEqual([600, 600, 600]);
      await appendAll(ledger, adopted());
      expect(await tallyOf(ledger, poll)).toEqual([867, 867, 866]);
      expect(await tallyOf(ledger, over)).toEqual([1, 0, 0]);
      await appendAll(ledger, adopted(chunk));
      await expectRebuilt(ledger);
    });
  });
}
