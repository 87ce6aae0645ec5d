/** A server that was put back to a backup, and what its stations bring back to it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import type { PackedCourse } from "../../shared/domain/course.ts";
import { encodeDefinition } from "../../shared/domain/poll.ts";
import { testPoll, testTag } from "../../shared/domain/testing.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { pollWordToSign } from "../../shared/link/poll-word.ts";
import { newKeyPem, signingKey } from "../identity/ed25519.ts";
import { sha256 } from "../ledger/sha256.ts";
import { admit, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import {
  EVENT,
  T0,
  batchFrame,
  closing,
  createTestStation,
  framesOf,
  greet,
  logFrame,
  settle,
  type Greeted,
  type TestStation,
} from "./test-station.testing.ts";

const SIGNING = signingKey(newKeyPem());
const OLD_EPOCH = new Uint8Array(8).fill(0xaa);
const POLL = testPoll(sha256, 1);
const DEFINITION = encodeDefinition(POLL.definition);
/** Open from T0 to T0 + 100, then closed: two moves. */
const CLOSED: PackedCourse = [3, 2, [[T0, T0 + 100]], T0 + 100, null];

/** What the server once said, and the station kept. */
function word(course: PackedCourse, definition = DEFINITION, key = SIGNING): FrameOf<"poll"> {
  return [FRAME.poll, 77, course, definition, key.sign(pollWordToSign(EVENT, definition, course))];
}

let bed: LinkBed;
beforeEach(async () => {
  bed = await openLinkBed({ signing: SIGNING, changes: [] });
});
afterEach(async () => {
  bed.hangUp();
  await bed.stop();
});

/** A station that comes back from the time before, and was told of the poll then. */
async function comeBack(moves = 2, state = 1): Promise<{ station: TestStation; link: Greeted }> {
  const station = await admit(bed);
  return {
    station,
    link: await greet(bed.port, station, { epoch: OLD_EPOCH, polls: [[POLL.short, state, moves, 900]] }),
  };
}

const row = () => bed.known.pollByHash(toHex(POLL.short));
const restored = async () => (await bed.ledger.entries(1, 100)).filter(({ change }) => change.kind === "poll-restored");

describe("a server put back to a backup from before a poll", () => {
  test("asks who was told of it, takes it back closed with its windows, and counts the ballots cast then", async () => {
    const { station, link } = await comeBack();
    expect(await settle(link)).toEqual([
      [FRAME.roll, []],
      [FRAME.lacks, POLL.short],
    ]);
    const log = station.newLog(1);
    const cast = (tag: number, ms: number) =>
      ({ kind: "ballot", poll: POLL.short, option: 2, tagKey: testTag(tag), ms, reader: 1 }) as const;
    log.add(cast(1, 10), cast(2, 50), cast(3, 150));
    link.send(logFrame(log));
    await link.next("ack");
    link.send(batchFrame(log));
    await link.next("ack");
    link.send(word(CLOSED));
    const [, , course, definition] = await link.next("poll");
    expect([course, definition]).toEqual([CLOSED, DEFINITION]);
    expect(await link.next("tally")).toEqual([FRAME.tally, POLL.short, expect.any(Number), [0, 2, 0]]);
    expect(row()).toMatchObject({ state: "closed", moves: 2, windows: [{ fromMs: T0, toMs: T0 + 100 }] });
  });

  test("takes it once, however many bring it", async () => {
    const before = await Promise.all(Array.from({ length: 10 }, () => comeBack()));
    for (const { link } of before) link.send(word(CLOSED));
    for (const { link } of before) await link.next("poll");
    expect(await bed.restorer.restore(word(CLOSED))).toBeNull();
    expect(await restored()).toHaveLength(1);
    // Who comes later with no more is not asked any more.
    const { link } = await comeBack();
    expect(framesOf(await settle(link), "lacks")).toEqual([]);
  });

  test("appends once what is brought by many while it is being checked", async () => {
    const answers = Array.from({ length: 10 }, () => bed.restorer.restore(word(CLOSED)));
    expect(new Set(await Promise.all(answers))).toEqual(new Set([null]));
    expect(await restored()).toHaveLength(1);
  });

  test("keeps to what it opened since with other words, and appends nothing", async () => {
    const edited = testPoll(sha256, 1, { options: 4 });
    await bed.ledger.append(edited.defined);
    await bed.ledger.append(edited.opened);
    expect(await bed.restorer.restore(word(CLOSED))).toBeNull();
    expect(await restored()).toEqual([]);
    expect(bed.known.poll(POLL.definition.id)).toMatchObject({ state: "open", hash: edited.hash });
  });

  test("takes the longer course from whoever was told of it", async () => {
    const [early, late] = [await comeBack(1), await comeBack(2)];
    early.link.send(word([1, 1, [[T0, null]], null, null]));
    await vi.waitUntil(() => row()?.state === "open");
    late.link.send(word(CLOSED));
    await vi.waitUntil(() => row()?.state === "closed");
    const stale = await comeBack(1);
    expect(framesOf(await settle(stale.link), "lacks")).toEqual([]);
  });

  test("asks for a poll that it knows as a draft, or not that it came so far", async () => {
    await bed.ledger.append(POLL.defined);
    const first = await comeBack(1);
    expect(framesOf(await settle(first.link), "lacks")).toEqual([[FRAME.lacks, POLL.short]]);
    await bed.ledger.append(POLL.opened);
    const second = await comeBack(1);
    expect(framesOf(await settle(second.link), "lacks")).toEqual([]);
    const third = await comeBack(2);
    expect(framesOf(await settle(third.link), "lacks")).toEqual([[FRAME.lacks, POLL.short]]);
  });

  test("certifies again what was certified with the totals it showed, and what was not shown comes back closed", async () => {
    const shown = await comeBack(3);
    shown.link.send(word([4, 3, [[T0, T0 + 100]], T0 + 100, [5, 6, 7]]));
    await vi.waitUntil(() => row() !== undefined);
    expect(row()).toMatchObject({ state: "certified", tally: [5, 6, 7], barrier: { why: "restored" } });

    const secret = testPoll(sha256, 2, { results: "organiser" });
    const station = await admit(bed);
    const link = await greet(bed.port, station, { epoch: OLD_EPOCH, polls: [[secret.short, 4, 3, 0]] });
    link.send(word([4, 3, [[T0, T0 + 100]], T0 + 100, null], encodeDefinition(secret.definition)));
    await vi.waitUntil(() => bed.known.pollByHash(toHex(secret.short)) !== undefined);
    expect(bed.known.pollByHash(toHex(secret.short))).toMatchObject({ state: "closed", moves: 2, barrier: null });
    const again = await greet(bed.port, station, { epoch: OLD_EPOCH, polls: [[secret.short, 4, 3, 0]] });
    expect(framesOf(await settle(again), "lacks")).toEqual([]);
  });

  test("is not told what it did not ask for, nor the same twice", async () => {
    const stranger = await greet(bed.port, await admit(bed));
    stranger.send(word(CLOSED));
    expect(await stranger.closed).toEqual(closing("outOfOrder"));
    expect(row()).toBeUndefined();
    const { link } = await comeBack();
    link.send(word(CLOSED));
    link.send(word(CLOSED));
    expect(await link.closed).toEqual(closing("outOfOrder"));
    const waiting = await greet(bed.port, createTestStation(), { epoch: OLD_EPOCH, polls: [[POLL.short, 1, 2, 0]] });
    waiting.send(word(CLOSED));
    expect(await waiting.closed).toEqual(closing("notAdmitted"));
    expect(await servesOthers(bed)).toBe(true);
  });

  test.each<[string, () => FrameOf<"poll">]>([
    ["another server signed", () => word(CLOSED, DEFINITION, signingKey(newKeyPem()))],
    [
      "the station made longer",
      () => [FRAME.poll, 77, [3, 9, [[0, T0 * 2]], T0 * 2, null], DEFINITION, word(CLOSED)[4]],
    ],
    ["has no signature", () => [FRAME.poll, 77, CLOSED, DEFINITION, new Uint8Array(64)]],
  ])("closes a link that brings back what %s, and takes nothing", async (_, frame) => {
    const { link } = await comeBack();
    link.send(frame());
    expect(await link.closed).toEqual(closing("badSignature"));
    expect(await restored()).toEqual([]);
    // Another station's true word is still welcome.
    const honest = await comeBack();
    honest.link.send(word(CLOSED));
    await vi.waitUntil(() => row() !== undefined);
  });

  test("closes a link whose poll is signed but cannot be read", async () => {
    const garbage = new Uint8Array(20).fill(7);
    const station = await admit(bed);
    const told = {
      epoch: OLD_EPOCH,
      polls: [[sha256(garbage).slice(0, 8), 1, 2, 0]] satisfies [Uint8Array, number, number, number][],
    };
    const link = await greet(bed.port, station, told);
    link.send(word(CLOSED, garbage));
    expect(await link.closed).toEqual(closing("badFrame"));
    expect(await restored()).toEqual([]);
  });

  test("closes the link and takes it from the next one when its disk has trouble", async () => {
    const [first, second, third] = [await comeBack(), await comeBack(), await comeBack()];
    bed.breakTexts(true);
    first.link.send(word(CLOSED));
    expect(await first.link.closed).toEqual(closing("trouble"));
    bed.breakTexts(false);
    bed.plant(() => Promise.resolve({ ok: false, why: "not-stored", reason: "disk full" }));
    second.link.send(word(CLOSED));
    expect(await second.link.closed).toEqual(closing("trouble"));
    bed.plant(null);
    expect(row()).toBeUndefined();
    third.link.send(word(CLOSED));
    await vi.waitUntil(() => row() !== undefined);
  });
});

describe("a station that connects with what it has", () => {
  let own: LinkBed;
  beforeAll(async () => {
    own = await openLinkBed();
  });
  afterAll(() => own.stop());

  const connectWith = async (epoch: Uint8Array, moves: number, tallyCursor: number) => {
    const link = await greet(own.port, await admit(own), { epoch, polls: [[POLL.short, 1, moves, tallyCursor]] });
    return (await settle(link)).filter(([type]) => type !== FRAME.roll).map(([type]) => type);
  };
  const tallyCursor = () => own.known.pollByHash(toHex(POLL.short))?.tallyCursor ?? 0;

  test("gets only what it lacks, when it was told by this life of the server", async () => {
    expect(await connectWith(own.epoch, 1, tallyCursor())).toEqual([]);
    expect(await connectWith(own.epoch, 0, tallyCursor())).toEqual([FRAME.poll]);
    expect(await connectWith(own.epoch, 1, tallyCursor() - 1)).toEqual([FRAME.tally]);
  });

  test("gets every poll and every tally, when it was told by another", async () => {
    expect(await connectWith(OLD_EPOCH, 1, tallyCursor())).toEqual([FRAME.poll, FRAME.tally]);
  });

  test("gets every poll and every tally, when it was never told an epoch", async () => {
    const link = await greet(own.port, await admit(own));
    expect((await settle(link)).map(([type]) => type)).toEqual([FRAME.roll, FRAME.poll, FRAME.tally]);
  });

  test("has its pongs taken and not answered", async () => {
    const link = await greet(own.port, await admit(own));
    await settle(link);
    link.send([FRAME.pong, 1, T0]);
    expect(await settle(link)).toEqual([]);
    const waiting = await greet(own.port, createTestStation());
    waiting.send([FRAME.pong, 1, T0]);
    expect(await settle(waiting)).toEqual([]);
  });
});
