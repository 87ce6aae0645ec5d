/** Part of the ledger's contract: the event's settings, and what organisers want a station's readers to stand for. */
// oxlint-disable-next-line no-restricted-imports -- a part of the contract suite, which *.test.ts files run
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/entry.ts";
import { encodeRollChunk } from "../../shared/domain/roll.ts";
import { testId, testPoll, testTag } from "../../shared/domain/testing.ts";
import { toHex } from "../../shared/bytes.ts";
import {
  STATION,
  admitted,
  appendAll,
  begin,
  cast,
  createBed,
  expectRebuilt,
  pollOf,
  vote,
  type LedgerPlace,
} from "./contract-bed.ts";
import type { Ledger } from "./ledger.ts";
import { sha256 } from "./sha256.ts";

const wished = (station: string, base: number, fill: string): Change => ({
  kind: "mapping-wished",
  station,
  base,
  hash: fill.repeat(32),
});
const answered = (station: string, wish: number, answer: "taken" | "conflict" | "unknown-reader"): Change => ({
  kind: "mapping-answered",
  station,
  wish,
  answer,
});

async function refusalOf(ledger: Ledger, change: Change): Promise<unknown> {
  const appended = await ledger.append(change);
  return appended.ok && appended.folded.kind === "act" ? appended.folded.refused : appended;
}

const wishOf = async (ledger: Ledger, station = STATION) => (await ledger.standing()).stations.get(station)?.wish;

export function describeSettings(newPlace: () => LedgerPlace): void {
  describe("the event's settings", () => {
    const { opened } = createBed(newPlace);

    test("bits of a 125 kHz number are 32 until set, told with the commit, and there after another start", async () => {
      const { ledger, place } = await opened();
      expect((await ledger.standing()).lfBits).toBe(32);
      const told: number[] = [];
      ledger.onCommit(({ lfBits }) => told.push(lfBits));
      await begin(ledger, testPoll(sha256, 1));
      await appendAll(ledger, { kind: "lf-bits-set", lfBits: 24 });
      expect([told.at(0), told.at(-1)]).toEqual([32, 24]);
      expect((await ledger.standing()).lfBits).toBe(24);
      await expectRebuilt(ledger);
      await ledger.close();
      expect((await (await opened(place)).ledger.standing()).lfBits).toBe(24);
    });

    test("are fixed at the first ballot, even of a poll nobody knows, and stay as they were", async () => {
      const { ledger } = await opened();
      const log = await begin(ledger, testPoll(sha256, 1));
      await appendAll(ledger, { kind: "lf-bits-set", lfBits: 24 });
      expect(await cast(ledger, log, vote(testPoll(sha256, 9), 1, 1, 10))).toEqual(["unknown-poll"]);
      expect(await refusalOf(ledger, { kind: "lf-bits-set", lfBits: 32 })).toBe("ballots-cast");
      expect((await ledger.standing()).lfBits).toBe(24);
      await expectRebuilt(ledger);
    });

    test("stay while a roll is in force that was made by them", async () => {
      const { ledger } = await opened();
      const chunk = encodeRollChunk([{ tagKey: testTag(1), voter: 1, weight: 1, group: 0 }]);
      await appendAll(
        ledger,
        { kind: "roll-chunk", chunk, lfBits: 32 },
        { kind: "roll-adopted", chunks: [toHex(sha256(chunk))] },
      );
      expect(await refusalOf(ledger, { kind: "lf-bits-set", lfBits: 24 })).toBe("roll-in-force");
      await appendAll(ledger, { kind: "roll-adopted", chunks: [] }, { kind: "lf-bits-set", lfBits: 24 });
      await expectRebuilt(ledger);
    });

    test.each([
      [32, 24],
      [24, 32],
    ] as const)("chunks made under %i bits are no roll under %i, also after another start", async (made, now) => {
      const { ledger, place } = await opened();
      const chunk = encodeRollChunk([{ tagKey: testTag(1), voter: 1, weight: 1, group: 0 }]);
      const put: Change = { kind: "roll-chunk", chunk, lfBits: made };
      const adopt: Change = { kind: "roll-adopted", chunks: [toHex(sha256(chunk))] };
      await appendAll(ledger, { kind: "lf-bits-set", lfBits: made }, put, { kind: "lf-bits-set", lfBits: now });
      expect(await refusalOf(ledger, adopt)).toBe("other-lf-bits");
      await expectRebuilt(ledger);
      expect(await refusalOf(ledger, adopt)).toBe("other-lf-bits");
      await ledger.close();
      const { ledger: again } = await opened(place);
      expect(await refusalOf(again, adopt)).toBe("other-lf-bits");
      expect((await again.standing()).roll).toEqual([]);
      // Sent again: these are tags whose key is the same under any bits, so it is the same chunk, with another note.
      await appendAll(again, { ...put, lfBits: now }, adopt);
      await expectRebuilt(again);
      expect((await again.rollChunk(toHex(sha256(chunk))))?.lfBits).toBe(now);
    });

    test("a chunk made meanwhile, and stored only after the bits were changed, is no roll", async () => {
      const { ledger } = await opened();
      const chunk = encodeRollChunk([{ tagKey: testTag(1), voter: 1, weight: 1, group: 0 }]);
      await appendAll(ledger, { kind: "lf-bits-set", lfBits: 24 }, { kind: "roll-chunk", chunk, lfBits: 32 });
      expect(await refusalOf(ledger, { kind: "roll-adopted", chunks: [toHex(sha256(chunk))] })).toBe("other-lf-bits");
    });

    test("a roll adopted before bits were noted is in force still when its ledger is folded anew", async () => {
      const { ledger } = await opened();
      const chunk = encodeRollChunk([{ tagKey: testTag(1), voter: 1, weight: 1, group: 0 }]);
      await appendAll(
        ledger,
        { kind: "roll-chunk", chunk, lfBits: null },
        { kind: "lf-bits-set", lfBits: 24 },
        { kind: "roll-adopted", chunks: [toHex(sha256(chunk))] },
      );
      await expectRebuilt(ledger);
      expect((await ledger.standing()).roll).toEqual([toHex(sha256(chunk))]);
    });

    test("a poll that may be voted in without a tag is known for it, and its definition's bytes say so", async () => {
      const { ledger } = await opened();
      const [plain, tagless] = [testPoll(sha256, 1), testPoll(sha256, 1, { tagless: true })];
      expect(plain.hash).not.toBe(tagless.hash);
      await appendAll(ledger, tagless.defined);
      expect(await pollOf(ledger, tagless)).toMatchObject({ tagless: true, hash: tagless.hash });
      await expectRebuilt(ledger);
    });
  });

  describe("what a station's readers are to stand for", () => {
    const { opened } = createBed(newPlace);

    test("waits for the station's word, over a start of the server, and a newer wish takes its place", async () => {
      const { ledger, place } = await opened();
      await begin(ledger, testPoll(sha256, 1));
      await appendAll(ledger, wished(STATION, 3, "aa"));
      const first = await wishOf(ledger);
      expect(first).toMatchObject({ base: 3, hash: "aa".repeat(32), answer: null });
      await appendAll(ledger, wished(STATION, 3, "bb"));
      await expectRebuilt(ledger);
      await ledger.close();
      const { ledger: again } = await opened(place);
      const second = await wishOf(again);
      expect(second).toMatchObject({ base: 3, hash: "bb".repeat(32), answer: null });
      expect(await refusalOf(again, answered(STATION, first?.cursor ?? 0, "taken"))).toBe("not-wished");
      expect(await wishOf(again)).toEqual(second);
    });

    test.each(["taken", "conflict", "unknown-reader"] as const)("is answered %s, once", async (answer) => {
      const { ledger } = await opened();
      await begin(ledger, testPoll(sha256, 1));
      await appendAll(ledger, wished(STATION, 0, "aa"));
      const cursor = (await wishOf(ledger))?.cursor ?? 0;
      await appendAll(ledger, answered(STATION, cursor, answer));
      expect(await wishOf(ledger)).toEqual({ cursor, base: 0, hash: "aa".repeat(32), answer });
      expect(await refusalOf(ledger, answered(STATION, cursor, "taken"))).toBe("not-wished");
      await expectRebuilt(ledger);
    });

    test("is wished of stations of the event only, and of none that was revoked", async () => {
      const { ledger } = await opened();
      await begin(ledger, testPoll(sha256, 1));
      const other = testId(0xb9);
      await appendAll(ledger, admitted(other), wished(other, 1, "aa"));
      await appendAll(ledger, { kind: "station-revoked", station: other, accepted: [] });
      expect(await wishOf(ledger, other)).toBeNull();
      expect(await refusalOf(ledger, wished(other, 1, "aa"))).toBe("station-revoked");
      expect(await refusalOf(ledger, wished(testId(0xb8), 1, "aa"))).toBe("unknown-station");
      expect(await refusalOf(ledger, answered(testId(0xb8), 1, "taken"))).toBe("unknown-station");
      expect(await wishOf(ledger)).toBeNull();
      await expectRebuilt(ledger);
    });
  });
}
