/** What an admitted station asks for: places in its logs, and the roll. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import { encodeRollChunk } from "../../shared/domain/roll.ts";
import { testTag } from "../../shared/domain/testing.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { sha256 } from "../ledger/sha256.ts";
import { admit, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import { createQuestions } from "./questions.ts";
import {
  batchFrame,
  closing,
  createTestStation,
  framesOf,
  greet,
  logFrame,
  settle,
  until,
} from "./test-station.testing.ts";

let bed: LinkBed;
let logs = 0x200;

beforeAll(async () => {
  bed = await openLinkBed();
});
afterEach(async () => {
  bed.hangUp();
  await vi.waitUntil(() => bed.links.waiting().length + bed.links.connected().length === 0, { timeout: 10_000 });
});
afterAll(() => bed.stop());

describe("a station that compares its log with the server's", () => {
  async function ready() {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const log = station.newLog(++logs);
    log.add(...[1, 2, 3].map((ms) => ({ kind: "clock" as const, ms, serverMs: 1_000 + ms, uncertaintyMs: 5 })));
    link.send(logFrame(log));
    await link.next("ack");
    link.send(batchFrame(log, 1, 2));
    await link.next("ack");
    return { station, link, log, id: bytesOfHex(log.id) };
  }

  test("is told the running hash at each place up to the head, the header's own first", async () => {
    const { link, log, id } = await ready();
    for (const number of [0, 1, 2]) {
      link.send([FRAME.where, id, number]);
      expect(await link.next("place")).toEqual([FRAME.place, id, number, log.hashAt(number)]);
    }
  });

  test("is told that there is none beyond it", async () => {
    const { link, id } = await ready();
    for (const number of [3, Number.MAX_SAFE_INTEGER]) {
      link.send([FRAME.where, id, number]);
      expect(await link.next("place")).toEqual([FRAME.place, id, number, null]);
    }
  });

  test("may not ask about a log that it did not open on this link", async () => {
    const { station, link } = await ready();
    const other = station.newLog(++logs);
    await bed.ledger.append(other.opened);
    link.send([FRAME.where, bytesOfHex(other.id), 0]);
    expect(await link.closed).toEqual(closing("outOfOrder"));
    expect(await servesOthers(bed)).toBe(true);
  });

  test("may not ask before it is admitted", async () => {
    const link = await greet(bed.port, createTestStation());
    link.send([FRAME.where, new Uint8Array(16), 0]);
    expect(await link.closed).toEqual(closing("notAdmitted"));
  });
});

describe("the roll", () => {
  const chunk = (first: number) =>
    encodeRollChunk([1, 2, 3].map((at) => ({ tagKey: testTag(first + at), voter: first + at, weight: 1, group: 0 })));
  const adopt = async (...chunks: Uint8Array[]) => {
    for (const bytes of chunks) await bed.ledger.append({ kind: "roll-chunk", chunk: bytes, lfBits: 32 });
    const hashes = chunks.map(sha256);
    await bed.ledger.append({ kind: "roll-adopted", chunks: hashes.map(toHex) });
    return hashes;
  };
  afterEach(() => adopt());

  test("is told to each station that connects, also when there is none", async () => {
    const none = await greet(bed.port, await admit(bed));
    expect(framesOf(await settle(none), "roll")).toEqual([[FRAME.roll, []]]);
    const hashes = await adopt(chunk(10), chunk(20));
    const link = await greet(bed.port, await admit(bed));
    expect(framesOf(await settle(link), "roll")).toEqual([[FRAME.roll, hashes]]);
  });

  test("is told to all who are there when it changes, and not to who only waits", async () => {
    const links = [await greet(bed.port, await admit(bed)), await greet(bed.port, await admit(bed))];
    const waiting = await greet(bed.port, createTestStation());
    for (const link of links) await settle(link);
    const hashes = await adopt(chunk(30));
    for (const link of links) expect(framesOf(await settle(link), "roll")).toEqual([[FRAME.roll, hashes]]);
    expect(await settle(waiting)).toEqual([]);
    await adopt();
    for (const link of links) expect(framesOf(await settle(link), "roll")).toEqual([[FRAME.roll, []]]);
  });

  test("comes chunk by chunk to who wants it; what is not there is not answered", async () => {
    const chunks = [chunk(40), chunk(50)];
    const hashes = await adopt(...chunks);
    const link = await greet(bed.port, await admit(bed));
    await settle(link);
    for (const [at, hash] of hashes.entries()) {
      link.send([FRAME.want, hash]);
      expect(await link.next("chunk")).toEqual([FRAME.chunk, chunks[at]]);
    }
    // Answers keep the order of the questions: were the first answered, it would come first.
    link.send([FRAME.want, new Uint8Array(32)]);
    link.send([FRAME.want, sha256(chunk(40))]);
    expect(await until(link, "chunk")).toEqual([[FRAME.chunk, chunk(40)]]);
  });

  test("is not given to who only waits", async () => {
    const [hash = new Uint8Array()] = await adopt(chunk(60));
    const link = await greet(bed.port, createTestStation());
    link.send([FRAME.want, hash]);
    expect(await link.closed).toEqual(closing("notAdmitted"));
  });

  test("is never sent by a station", async () => {
    const link = await greet(bed.port, await admit(bed));
    link.send([FRAME.chunk, chunk(70)]);
    expect(await link.closed).toEqual(closing("outOfOrder"));
  });
});

describe("questions", () => {
  /** A ledger that answers when it is told to. */
  function slowLedger() {
    const answers: ((hash: Uint8Array | undefined) => void)[] = [];
    const sent: unknown[] = [];
    const closed: string[] = [];
    const questions = createQuestions({
      ledger: {
        hashAt: () => new Promise((resolve) => answers.push(resolve)),
        rollChunk: () => Promise.reject(new Error("the thread failed")),
      },
      isOpened: () => true,
      send: (frame) => void sent.push(frame),
      close: (why) => void closed.push(why),
    });
    return { questions, answers, sent, closed };
  }

  test("are asked of the ledger one at a time, in the order they came", async () => {
    const { questions, answers, sent } = slowLedger();
    for (const number of [1, 2, 3]) questions.where([FRAME.where, new Uint8Array(16), number]);
    for (const at of [0, 1, 2]) {
      await vi.waitUntil(() => answers.length === at + 1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(answers).toHaveLength(at + 1);
      answers[at]?.(undefined);
    }
    await vi.waitUntil(() => sent.length === 3);
    expect(sent).toEqual([1, 2, 3].map((number) => [FRAME.place, new Uint8Array(16), number, null]));
  });

  test("are not piled up without bound", () => {
    const { questions, closed } = slowLedger();
    for (let number = 0; number < 8; number++) questions.where([FRAME.where, new Uint8Array(16), number]);
    expect(closed).toEqual([]);
    questions.where([FRAME.where, new Uint8Array(16), 8]);
    expect(closed).toEqual(["tooFast"]);
  });

  test("that the ledger cannot answer end the link, not the server", async () => {
    const { questions, closed } = slowLedger();
    questions.want([FRAME.want, new Uint8Array(32)]);
    await vi.waitUntil(() => closed.length > 0);
    expect(closed).toEqual(["trouble"]);
  });
});
