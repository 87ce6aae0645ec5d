import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fromHex } from "../../shared/bytes.ts";
import { decodeBatch, encodeBatch } from "../../shared/domain/batch.ts";
import type { LogRecord } from "../../shared/domain/record.ts";
import { createTestLog, testId, testTag } from "../../shared/domain/testing.ts";
import { VERDICT_CODES } from "../../shared/domain/verdict.ts";
import { CLOSE, closeWords, type CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, VERDICT_TOLD_BEFORE, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { FRAME_BURST, MAX_FRAME_BYTES, MAX_LINKS_PER_STATION, SILENCE_MS } from "../../shared/link/limits.ts";
import { sha256 } from "../ledger/sha256.ts";
import { admit, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import {
  batchFrame,
  createTestStation,
  greet,
  logFrame,
  settle,
  type Greeted,
  type TestLink,
  type TestStation,
} from "./test-station.testing.ts";

let bed: LinkBed;
/** Tags of one test are not those of another; the tally is told from here on. */
let firstTag = 0;
let tallyBefore: readonly number[] = [];

beforeAll(async () => {
  bed = await openLinkBed();
});
beforeEach(async () => {
  firstTag += 1_000;
  tallyBefore = await wholeTally();
});
afterEach(async () => {
  bed.plant(null);
  bed.hangUp();
  await vi.waitUntil(() => bed.links.waiting().length + bed.links.connected().length === 0, { timeout: 10_000 });
});
afterAll(() => bed.stop());

const tap = (tag: number, option: number, ms: number): LogRecord => ({
  kind: "ballot",
  poll: bed.poll.short,
  option,
  tagKey: testTag(firstTag + tag),
  ms,
  reader: 1,
});

/** A link of an admitted station with its log opened, and three ballots ready in it. */
async function ready(): Promise<{ station: TestStation; link: Greeted; log: ReturnType<TestStation["newLog"]> }> {
  const station = await admit(bed);
  const link = await greet(bed.port, station);
  const log = station.newLog(firstTag);
  log.add(tap(1, 1, 10), tap(2, 2, 20), tap(1, 2, 30));
  link.send(logFrame(log));
  await link.next("ack");
  return { station, link, log };
}

async function wholeTally(): Promise<readonly number[]> {
  const standing = await bed.ledger.standing();
  return [...standing.polls.values()][0]?.tally ?? [];
}

/** What this test added. */
async function tally(): Promise<number[]> {
  const now = await wholeTally();
  return now.map((count, at) => count - (tallyBefore[at] ?? 0));
}

async function expectClose(link: TestLink, why: CloseName): Promise<void> {
  expect(await link.closed).toEqual({ code: CLOSE[why], reason: closeWords(why) });
}

/** Another station is served as if nothing had been. */
async function expectOthersServed(): Promise<void> {
  expect(await servesOthers(bed)).toBe(true);
}

describe("a link of an admitted station", () => {
  test("has its log's head told, its ballots judged, and each batch acknowledged with the exceptions", async () => {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const log = station.newLog(firstTag);
    link.send(logFrame(log));
    expect(await link.next("ack")).toEqual([FRAME.ack, fromHex(log.id), 0, log.hashAt(0), []]);
    log.add(tap(1, 1, 10), tap(2, 2, 20), tap(1, 2, 30), tap(3, 9, 40));
    link.send(batchFrame(log, 1, 2));
    link.send(batchFrame(log, 3, 2));
    expect(await link.next("ack")).toEqual([FRAME.ack, fromHex(log.id), 2, log.hashAt(2), []]);
    expect(await link.next("ack")).toEqual([
      FRAME.ack,
      fromHex(log.id),
      4,
      log.hashAt(4),
      [
        [3, VERDICT_CODES["already-counted"]],
        [4, VERDICT_CODES["unknown-option"]],
      ],
    ]);
    expect(await tally()).toEqual([1, 1, 0]);
  });

  test("that repeats itself, cut otherwise, is acknowledged again, and nothing counts twice", async () => {
    const { link, log } = await ready();
    link.send(batchFrame(log, 1, 2));
    link.send(batchFrame(log, 1, 2));
    link.send(batchFrame(log, 2, 2));
    const acks = [await link.next("ack"), await link.next("ack"), await link.next("ack")];
    expect(acks.map(([, , upTo]) => upTo)).toEqual([2, 2, 3]);
    // What was judged before is not passed off as counted: its first ack may have been lost.
    expect(acks.map(([, , , , exceptions]) => exceptions)).toEqual([
      [],
      [
        [1, VERDICT_TOLD_BEFORE],
        [2, VERDICT_TOLD_BEFORE],
      ],
      [
        [2, VERDICT_TOLD_BEFORE],
        [3, VERDICT_CODES["already-counted"]],
      ],
    ]);
    expect(await tally()).toEqual([1, 1, 0]);
  });

  test("resumes after it broke where the server is", async () => {
    const { station, link, log } = await ready();
    link.send(batchFrame(log, 1, 2));
    await link.next("ack");
    link.socket.terminate();
    const next = await greet(bed.port, station);
    next.send(logFrame(log));
    expect(await next.next("ack")).toEqual([FRAME.ack, fromHex(log.id), 2, log.hashAt(2), []]);
  });

  test("is told what changes: the tally as a whole, then the one option that moved", async () => {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const [, poll, first, counts] = await link.next("tally");
    const [one = 0, two = 0] = counts;
    const log = station.newLog(firstTag);
    log.add(tap(1, 1, 10), tap(2, 2, 20));
    link.send(logFrame(log));
    await link.next("ack");
    link.send(batchFrame(log, 1, 1));
    const [, , second, ...change] = await link.next("delta");
    expect(change).toEqual([first, 1, one + 1]);
    link.send(batchFrame(log, 2, 1));
    expect(await link.next("delta")).toEqual([FRAME.delta, poll, expect.any(Number), second, 2, two + 1]);
    bed.links.onTitle("Fair II");
    expect(await link.next("event")).toEqual([FRAME.event, "Fair II"]);
  });

  test("that has the feed already is told nothing again", async () => {
    const station = await admit(bed);
    const first = await greet(bed.port, station);
    const [, , [state, moves]] = await first.next("poll");
    const [, hash, tallyCursor] = await first.next("tally");
    const link = await greet(bed.port, station, { epoch: bed.epoch, polls: [[hash, state, moves, tallyCursor]] });
    expect(await settle(link)).toEqual([[FRAME.roll, []]]);
  });

  type Ready = Awaited<ReturnType<typeof ready>>;
  test.each<[string, CloseName, (ready: Ready) => void | Promise<void>]>([
    ["a frame that is garbage", "badFrame", ({ link }) => link.sendRaw(randomBytes(99))],
    ["a frame over size", "oversize", ({ link }) => link.sendRaw(new Uint8Array(MAX_FRAME_BYTES + 1))],
    ["a frame only a server sends", "outOfOrder", ({ link }) => link.send([FRAME.event, "x"])],
    [
      "a second greeting",
      "outOfOrder",
      ({ link, station }) => link.send([FRAME.hello, [1], station.key, station.key, ""]),
    ],
    ["a batch that is garbage", "badFrame", ({ link }) => link.send([FRAME.batch, randomBytes(40)])],
    [
      "a header that is garbage",
      "badFrame",
      ({ link }) => link.send([FRAME.log, randomBytes(40), new Uint8Array(64), 0, new Uint8Array(32)]),
    ],
    [
      "a batch of a log it did not open",
      "outOfOrder",
      ({ link, station }) => {
        const log = station.newLog(firstTag + 2);
        log.add(tap(5, 1, 1));
        link.send(batchFrame(log));
      },
    ],
    [
      "a batch before its log was answered",
      "outOfOrder",
      ({ link, station }) => {
        const log = station.newLog(firstTag + 2);
        log.add(tap(5, 1, 1));
        link.send(logFrame(log));
        link.send(batchFrame(log));
      },
    ],
    ["a gap in the numbers", "gap", ({ link, log }) => link.send(batchFrame(log, 2))],
    [
      "another history than before",
      "gap",
      async ({ link, log, station }) => {
        link.send(batchFrame(log, 1, 2));
        await link.next("ack");
        const other = station.newLog(firstTag + 9);
        other.add(tap(1, 1, 10), tap(2, 3, 20), tap(9, 3, 30));
        link.send(batchFrame(other, 3));
      },
    ],
    [
      "a header signed by somebody else",
      "badSignature",
      ({ link, station }) => {
        const [type, header, , ...reach] = logFrame(station.newLog(firstTag + 2));
        link.send([type, header, createTestStation().sign(header), ...reach]);
      },
    ],
    ["a batch signed by somebody else", "badSignature", ({ link, log }) => link.send(unsigned(batchFrame(log)))],
    [
      "a batch whose records are not those that were signed",
      "badSignature",
      ({ link, log }) => {
        const batch = decodeBatch(batchFrame(log)[1]);
        if (batch === undefined) throw new Error("no batch");
        link.send([FRAME.batch, encodeBatch({ ...batch, records: [tap(8, 3, 10), ...batch.records.slice(1)] })]);
      },
    ],
    [
      "the log of another station",
      "notAdmitted",
      ({ link }) => link.send(logFrame(createTestStation().newLog(firstTag + 2))),
    ],
    [
      "a log id that another station has",
      "notAdmitted",
      async ({ link, station }) => {
        const other = await admit(bed);
        const theirs = await greet(bed.port, other);
        theirs.send(logFrame(other.newLog(firstTag + 7)));
        await theirs.next("ack");
        link.send(logFrame(station.newLog(firstTag + 7)));
      },
    ],
    [
      "a log of another event",
      "notAdmitted",
      ({ link, station }) => {
        const { id, sign } = station;
        link.send(
          logFrame(createTestLog(sha256, { station: id, event: testId(0xd), log: testId(firstTag + 2), sign })),
        );
      },
    ],
    ["nothing for too long", "silence", () => bed.goOn(SILENCE_MS + 1)],
    [
      "more than a station ever says",
      "tooFast",
      ({ link }) => {
        const ping = encodeFrame([FRAME.ping, 1]);
        for (let sent = 0; sent <= FRAME_BURST; sent++) link.sendRaw(ping);
      },
    ],
  ])("that sends %s is closed as %s; what was acknowledged stays, and others are served", async (_, why, misbehave) => {
    const good = await ready();
    good.log.add(tap(4, 3, 40));
    good.link.send(batchFrame(good.log));
    await good.link.next("ack");
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const log = station.newLog(firstTag + 9);
    log.add(tap(21, 1, 10), tap(22, 1, 20), tap(23, 1, 30));
    link.send(logFrame(log));
    await link.next("ack");
    const before = await tally();
    expect(before).toEqual([1, 1, 1]);
    await misbehave({ station, link, log });
    await expectClose(link, why);
    await expectOthersServed();
    expect((await bed.ledger.log(good.log.id))?.head).toBe(4);
  });

  test("that talked too fast may not go on by connecting again, only by waiting", async () => {
    const station = await admit(bed);
    const ping = encodeFrame([FRAME.ping, 1]);
    const first = await greet(bed.port, station);
    for (let sent = 0; sent <= FRAME_BURST; sent++) first.sendRaw(ping);
    await expectClose(first, "tooFast");
    const again = await greet(bed.port, station);
    again.sendRaw(ping);
    await expectClose(again, "tooFast");
    bed.goOn(1_000);
    const later = await greet(bed.port, station);
    later.sendRaw(ping);
    await later.next("pong");
  });

  const id = new Uint8Array(16);
  const hash = new Uint8Array(32);
  test.each<[string, Frame]>([
    ["challenge", [FRAME.challenge, 1, id, hash, hash, new Uint8Array(64)]],
    ["welcome", [FRAME.welcome, true, hash, "", new Uint8Array(8)]],
    ["ack", [FRAME.ack, id, 0, hash, []]],
    ["place", [FRAME.place, id, 0, null]],
    ["standing", [FRAME.standing, id, 3]],
    ["tally", [FRAME.tally, new Uint8Array(8), 1, [1, 2]]],
    ["delta", [FRAME.delta, new Uint8Array(8), 2, 1, 1, 1]],
    ["lacks", [FRAME.lacks, new Uint8Array(8)]],
    ["roll", [FRAME.roll, []]],
    ["forget", [FRAME.forget]],
  ])("that sends %s, which only a server says, is closed", async (_, frame) => {
    const link = await greet(bed.port, await admit(bed));
    link.send(frame);
    await expectClose(link, "outOfOrder");
  });

  test("whose batch follows a forged one has neither taken", async () => {
    const { link, log } = await ready();
    link.send(unsigned(batchFrame(log, 1, 1)));
    link.send(batchFrame(log, 1, 3));
    await expectClose(link, "badSignature");
    await expectOthersServed();
    expect((await bed.ledger.log(log.id))?.head).toBe(0);
  });

  test("is closed when the ledger cannot store; nothing is acknowledged, and the next link brings it all", async () => {
    const { station, link, log } = await ready();
    bed.plant(() => Promise.resolve({ ok: false, why: "not-stored", reason: "disk full" }));
    link.send(batchFrame(log));
    await expectClose(link, "trouble");
    expect(link.heard.some(([type]) => type === FRAME.ack)).toBe(false);
    bed.plant(null);
    const next = await greet(bed.port, station);
    next.send(logFrame(log));
    expect(await next.next("ack")).toEqual([FRAME.ack, fromHex(log.id), 0, log.hashAt(0), []]);
    next.send(batchFrame(log));
    expect(await next.next("ack")).toMatchObject({ 2: 3 });
  });

  test("is closed, and the server lives on, when the ledger breaks its word and rejects", async () => {
    const { link, log } = await ready();
    bed.plant(() => Promise.reject(new Error("the thread failed")));
    link.send(batchFrame(log));
    await expectClose(link, "trouble");
    bed.plant(null);
    await expectOthersServed();
  });

  test("gives way to newer ones of the same station", async () => {
    const station = await admit(bed);
    const links: Greeted[] = [];
    for (let at = 0; at <= MAX_LINKS_PER_STATION; at++) links.push(await greet(bed.port, station));
    const [oldest, ...newer] = links;
    if (oldest === undefined) throw new Error("no link");
    await expectClose(oldest, "replaced");
    for (const link of newer) {
      link.send([FRAME.ping, 1]);
      await link.next("pong");
    }
  });

  test("is told when the server stops, and one that does not answer is cut", async () => {
    const own = await openLinkBed();
    const link = await greet(own.port, createTestStation());
    const mute = await greet(own.port, createTestStation());
    mute.socket.pause();
    const began = performance.now();
    await own.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
    await expectClose(link, "goingAway");
    mute.socket.terminate();
  });
});

function unsigned([type, bytes]: Extract<Frame, [typeof FRAME.batch, ...unknown[]]>): Frame {
  const batch = decodeBatch(bytes);
  if (batch === undefined) throw new Error("no batch");
  return [type, encodeBatch({ ...batch, signature: createTestStation().sign(bytes) })];
}
