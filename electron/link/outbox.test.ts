import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { decodeBatch, hashRecords } from "../../shared/domain/batch.ts";
import {
  batchToSign,
  decodeHeader,
  encodeHeader,
  encodeRecord,
  firstHash,
  nextHash,
  type LogRecord,
} from "../../shared/domain/record.ts";
import { VERDICT_CODES, type Verdict } from "../../shared/domain/verdict.ts";
import { FRAME, STANDING_CODES, VERDICT_TOLD_BEFORE, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../shared/link/limits.ts";
import { newStationKeyPem, signatureFits, stationKey } from "../identity/ed25519.ts";
import { ballotAt, clockAt, sha256 } from "../log/log-bed.testing.ts";
import type { StoredLog } from "../log/log-messages.ts";
import { createOutbox } from "./outbox.ts";

const key = stationKey(newStationKeyPem());
const ID = new Uint8Array(16);

interface TestLog {
  header: Uint8Array;
  records: LogRecord[];
  /** Running hash after each record, the header's first. */
  hashes: Uint8Array[];
  acked: number;
}

/** What waits for somebody to let it happen: reads of the disk, answers of the server. */
function createQueue() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    add: (run: () => void) => void waiting.push(run),
    /** Let one happen, not always the oldest. */
    letOne: (at = 0) => waiting.splice(at % Math.max(1, waiting.length), 1)[0]?.(),
  };
}

/** A station's logs and outbox, with a server that judges like the real one, and nothing happening by itself. */
function createBed() {
  const logs = new Map<string, TestLog>();
  const disk = createQueue();
  const net = createQueue();
  const verdicts: [string, number, Verdict][] = [];
  const troubles: string[] = [];
  /** The server's records by log. */
  const taken = new Map<string, LogRecord[]>();
  let connection = 0;
  let unanswered = 0;
  let mostUnanswered = 0;
  let signatures = 0;
  const refused: Frame[] = [];
  const hashAt = (id: string, number: number) => {
    const hash = logs.get(id)?.hashes[number];
    if (hash === undefined) throw new Error("no such place");
    return hash;
  };
  const outbox = createOutbox({
    store: {
      read: (log, from, limit) =>
        new Promise((resolve) =>
          disk.add(() => {
            const records = logs.get(toHex(log))?.records.slice(from - 1, from - 1 + limit) ?? [];
            resolve({ hashBefore: hashAt(toHex(log), from - 1), records: records.map(encodeRecord) });
          }),
        ),
      acked(log, upTo) {
        const known = logs.get(toHex(log));
        if (known !== undefined) known.acked = upTo;
      },
      standing: () => {},
    },
    current: () => [...logs.keys()].at(-1),
    salvage: () => Promise.reject(new Error("nothing is to be salvaged")),
    hear: () => Promise.resolve(),
    soon: (run) => void setImmediate(run),
    onSalvaged: () => {},
    onBranch: () => {},
    sign(bytes) {
      signatures += 1;
      return key.sign(bytes);
    },
    sha256,
    onVerdict: (log, number, verdict) => verdicts.push([log, number, verdict]),
    onChange: () => {},
    onTrouble: (reason) => troubles.push(reason),
  });
  const ackOf = (id: string, exceptions: FrameOf<"ack">[4]): FrameOf<"ack"> => {
    const head = taken.get(id)?.length ?? 0;
    return [FRAME.ack, new Uint8Array(Buffer.from(id, "hex")), head, hashAt(id, head), exceptions];
  };
  const answer = (own: number, ack: FrameOf<"ack">) => {
    net.add(() => {
      if (own !== connection) return;
      unanswered -= Number(unanswered > 0);
      void outbox.onAck(ack).then((fits) => {
        if (!fits) troubles.push("another history");
        return undefined;
      });
    });
  };
  const onServer = (own: number, opened: Set<string>, frame: Frame) => {
    if (own !== connection) return;
    if (frame[0] === FRAME.log) {
      const header = decodeHeader(frame[1]);
      if (header === undefined) throw new Error("no header");
      const id = toHex(header.log);
      if (!taken.has(id)) taken.set(id, []);
      opened.add(id);
      return answer(own, ackOf(id, []));
    }
    const batch = frame[0] === FRAME.batch ? decodeBatch(frame[1]) : undefined;
    if (batch === undefined || !opened.has(toHex(batch.log))) return void refused.push(frame);
    unanswered += 1;
    mostUnanswered = Math.max(mostUnanswered, unanswered);
    const id = toHex(batch.log);
    const records = taken.get(id) ?? [];
    const { log, first, hashBefore } = batch;
    const hashAfter = hashRecords(sha256, hashBefore, batch.records);
    const signed = batchToSign({ log, first, count: batch.records.length, hashBefore, hashAfter });
    if (first > records.length + 1 || !signatureFits(key.publicKey, signed, batch.signature))
      return void refused.push(frame);
    records.push(...batch.records.slice(records.length + 1 - first));
    return answer(own, ackOf(id, []));
  };
  return {
    outbox,
    logs,
    disk,
    net,
    taken,
    verdicts,
    troubles,
    refused,
    mostUnanswered: () => mostUnanswered,
    signatures: () => signatures,
    unanswered: () => unanswered,
    /** It went off to the disk. */
    leave: (record: LogRecord) => outbox.coming(record, encodeRecord(record)),
    /** A log that was found with these records in it, or one that is begun. */
    begin(...records: LogRecord[]): string {
      const log = new Uint8Array(16).fill(logs.size + 1);
      const header = encodeHeader({ log, station: ID, event: ID, openedAtMs: 0, parent: null });
      const hashes = [firstHash(sha256, header)];
      for (const record of records)
        hashes.push(nextHash(sha256, hashes.at(-1) ?? new Uint8Array(), encodeRecord(record)));
      logs.set(toHex(log), { header, records, hashes, acked: 0 });
      outbox.add({ ...found(log, header), head: records.length, hash: hashAt(toHex(log), records.length) });
      return toHex(log);
    },
    store(...records: LogRecord[]) {
      const newest = [...logs.values()].at(-1);
      const id = [...logs.keys()].at(-1) ?? "";
      for (const record of records) {
        const number = newest?.records.push(record) ?? 0;
        newest?.hashes.push(nextHash(sha256, hashAt(id, number - 1), encodeRecord(record)));
        outbox.stored({ ok: true, log: id, number, hash: hashAt(id, number) }, record);
      }
    },
    connect() {
      const own = ++connection;
      const opened = new Set<string>();
      unanswered = 0;
      outbox.connected((frame) => onServer(own, opened, frame));
    },
    drop() {
      connection += 1;
      net.waiting.length = 0;
      outbox.disconnected();
    },
    /** An ack as the server might say it, outside of its turn. */
    ack: (id: string, exceptions: FrameOf<"ack">[4]) => outbox.onAck(ackOf(id, exceptions)),
    async settle() {
      for (let quiet = 0; quiet < 3;) {
        if (disk.waiting.length + net.waiting.length > 0) quiet = 0;
        else quiet += 1;
        disk.letOne();
        net.letOne();
        await turn();
      }
    },
  };
}

const found = (log: Uint8Array, header: Uint8Array): StoredLog => ({
  log,
  header,
  signature: new Uint8Array(64),
  head: 0,
  hash: firstHash(sha256, header),
  lastMs: 0,
  acked: 0,
  others: [],
  standing: "taken",
  wasCurrent: true,
  heard: true,
});

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const ballots = (count: number, from = 0) => Array.from({ length: count }, (_, at) => ballotAt(from + at));

describe("the outbox", () => {
  test("brings everything stored to the server once and in order, whatever breaks, is slow, or forgets", async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant("store" as const), count: fc.integer({ min: 1, max: 300 }) }),
      },
      { weight: 8, arbitrary: fc.record({ kind: fc.constant("disk" as const), at: fc.nat({ max: 3 }) }) },
      { weight: 8, arbitrary: fc.record({ kind: fc.constant("net" as const) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("leave" as const), foreseen: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("connect" as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("begin" as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("restore" as const), keep: fc.nat({ max: 200 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const bed = createBed();
        bed.begin();
        for (const event of steps) {
          if (event.kind === "store") bed.store(...ballots(event.count), clockAt(1));
          // One that fails leaves, too, and another is stored in its place.
          if (event.kind === "leave") {
            bed.leave(ballotAt(7));
            await turn();
            bed.store(ballotAt(event.foreseen ? 7 : 8));
          }
          if (event.kind === "disk") bed.disk.letOne(event.at);
          if (event.kind === "net") bed.net.letOne();
          if (event.kind === "drop") bed.drop();
          if (event.kind === "begin") bed.begin();
          if (event.kind === "connect") {
            bed.drop();
            bed.connect();
          }
          if (event.kind === "restore") {
            bed.drop();
            for (const records of bed.taken.values()) records.splice(event.keep);
          }
          await turn();
        }
        bed.drop();
        bed.connect();
        await bed.settle();
        expect(bed.troubles).toEqual([]);
        expect(bed.refused).toEqual([]);
        for (const [id, { records, acked }] of bed.logs) {
          expect(bed.taken.get(id) ?? []).toEqual(records);
          expect(acked).toBe(records.length);
        }
        expect(bed.outbox.waiting()).toBe(0);
        expect(bed.mostUnanswered()).toBeLessThanOrEqual(MAX_BATCHES_IN_FLIGHT);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test("signs a lone ballot while the disk takes it, and sends it only once it is there", async () => {
    const bed = createBed();
    const id = bed.begin();
    bed.connect();
    await bed.settle();
    bed.leave(ballotAt(1));
    await turn();
    await turn();
    expect([bed.signatures(), bed.unanswered()]).toEqual([1, 0]);
    bed.store(ballotAt(1));
    await bed.settle();
    expect([bed.signatures(), bed.taken.get(id), bed.refused]).toEqual([1, [ballotAt(1)], []]);
  });

  test.each([
    ["another record was stored in its place", [ballotAt(2)]],
    ["more was stored with it", [ballotAt(1), ballotAt(2)]],
    ["something came before it", [clockAt(1), ballotAt(1)]],
  ])("a signature made ready is worth nothing when %s", async (_, records) => {
    const bed = createBed();
    const id = bed.begin();
    bed.connect();
    await bed.settle();
    bed.leave(ballotAt(1));
    await turn();
    bed.store(...records);
    await bed.settle();
    expect([bed.signatures(), bed.taken.get(id), bed.refused]).toEqual([2, records, []]);
  });

  test("makes no signature ready that could not go out at once", async () => {
    const bed = createBed();
    bed.begin();
    bed.leave(ballotAt(1));
    await turn();
    expect(bed.signatures()).toBe(0);
    bed.store(ballotAt(1));
    bed.connect();
    // The log's header is not answered yet.
    bed.leave(ballotAt(2));
    await turn();
    expect(bed.signatures()).toBe(0);
  });

  test("makes none ready either while the server owes the answers to a whole window", async () => {
    const bed = createBed();
    bed.begin();
    bed.connect();
    await bed.settle();
    for (let batch = 1; batch <= MAX_BATCHES_IN_FLIGHT; batch++) {
      bed.store(ballotAt(batch));
      await turn();
      await turn();
    }
    expect([bed.signatures(), bed.unanswered()]).toEqual([MAX_BATCHES_IN_FLIGHT, MAX_BATCHES_IN_FLIGHT]);
    bed.leave(ballotAt(99));
    await turn();
    expect(bed.signatures()).toBe(MAX_BATCHES_IN_FLIGHT);
  });

  test("fills its window and no more until the server answers", async () => {
    const bed = createBed();
    bed.begin();
    bed.store(...ballots(3_000));
    bed.connect();
    bed.net.letOne();
    for (let at = 0; at < 40; at++) {
      bed.disk.letOne();
      await turn();
    }
    expect(bed.mostUnanswered()).toBe(MAX_BATCHES_IN_FLIGHT);
    await bed.settle();
    expect(bed.outbox.waiting()).toBe(0);
    expect(bed.mostUnanswered()).toBe(MAX_BATCHES_IN_FLIGHT);
  });

  test("sends nothing before the server has answered for every log shown to it", async () => {
    const bed = createBed();
    const first = bed.begin();
    bed.store(...ballots(3));
    bed.begin();
    bed.connect();
    await turn();
    // One answer is there; of the other log it is not known yet whether its history is ours.
    bed.net.letOne();
    for (let at = 0; at < 20; at++) {
      bed.disk.letOne();
      await turn();
    }
    expect([bed.net.waiting.length, bed.taken.get(first)]).toEqual([1, []]);
    await bed.settle();
    expect(bed.taken.get(first)).toEqual(ballots(3));
  });

  test("a log that is set aside holds up no other, whatever of it was on the way", async () => {
    const bed = createBed();
    const first = bed.begin();
    bed.store(...ballots(3_000));
    bed.connect();
    for (let at = 0; at < 40; at++) {
      if (at === 0) bed.net.letOne();
      bed.disk.letOne();
      await turn();
    }
    expect(bed.mostUnanswered()).toBe(MAX_BATCHES_IN_FLIGHT);
    bed.net.waiting.length = 0;
    const second = bed.begin();
    bed.store(...ballots(5));
    await bed.settle();
    expect(bed.taken.get(second)).toEqual([]);
    bed.outbox.onStanding([FRAME.standing, new Uint8Array(Buffer.from(first, "hex")), STANDING_CODES.aside]);
    await bed.settle();
    expect(bed.taken.get(second)).toEqual(ballots(5));
    expect(bed.taken.get(first)?.length).toBeLessThan(3_000);

    bed.outbox.onStanding([FRAME.standing, new Uint8Array(Buffer.from(first, "hex")), STANDING_CODES.admitted]);
    await bed.settle();
    expect(bed.taken.get(first)).toEqual(ballots(3_000));
    expect([bed.refused, bed.troubles, bed.outbox.waiting()]).toEqual([[], [], 0]);
  });

  test("counts as waiting again what a server that was put back lost, until it has it again", async () => {
    const bed = createBed();
    const id = bed.begin();
    bed.connect();
    bed.store(...ballots(5));
    await bed.settle();
    expect(bed.outbox.waiting()).toBe(0);
    bed.drop();
    bed.taken.set(id, []);
    bed.connect();
    bed.net.letOne();
    await turn();
    bed.disk.letOne();
    await turn();
    expect(bed.outbox.waiting()).toBe(5);
    await bed.settle();
    expect(bed.outbox.waiting()).toBe(0);
  });

  test("counts only ballots as waiting", async () => {
    const bed = createBed();
    bed.begin();
    bed.store(clockAt(0), ballotAt(1), clockAt(2), ballotAt(3));
    expect(bed.outbox.waiting()).toBe(2);
    bed.connect();
    await bed.settle();
    expect(bed.outbox.waiting()).toBe(0);
  });

  test("takes a log once, however often it is added", async () => {
    const bed = createBed();
    const id = bed.begin();
    const header = bed.logs.get(id)?.header ?? new Uint8Array();
    bed.outbox.add(found(new Uint8Array(16).fill(1), header));
    bed.store(ballotAt(1));
    expect(bed.outbox.waiting()).toBe(1);
  });

  test("an ack that reads the disk for long is not overtaken by the next, so no verdict is lost", async () => {
    const bed = createBed();
    const id = bed.begin(...ballots(3));
    bed.connect();
    bed.net.letOne();
    // The hash of the place to begin at, then the batch.
    for (let reads = 0; reads < 2; reads++) {
      await turn();
      bed.disk.letOne();
    }
    await turn();
    expect(bed.taken.get(id)).toHaveLength(3);
    bed.taken.set(id, ballots(2));
    const amidBatch = bed.ack(id, [[2, VERDICT_CODES["already-counted"]]]);
    bed.taken.set(id, ballots(3));
    const atItsEnd = bed.ack(id, []);
    await turn();
    expect(bed.disk.waiting).toHaveLength(1);
    await bed.settle();
    expect(await Promise.all([amidBatch, atItsEnd])).toEqual([true, true]);
    expect(bed.verdicts.map(([, number, verdict]) => [number, verdict])).toEqual([
      [1, "counted"],
      [2, "already-counted"],
      [3, "counted"],
    ]);
  });

  test("an ack of a connection that is gone says nothing on the next", async () => {
    const bed = createBed();
    const id = bed.begin();
    bed.store(...ballots(2));
    bed.taken.set(id, []);
    bed.connect();
    const late = bed.ack(id, []);
    bed.drop();
    bed.connect();
    bed.net.waiting.length = 0;
    await bed.settle();
    expect(await late).toBe(true);
    expect(bed.refused).toEqual([]);
    expect(bed.taken.get(id)).toEqual([]);
  });

  test("another history than the one it had before is said, not sent over", async () => {
    const bed = createBed();
    bed.begin();
    bed.connect();
    await bed.settle();
    bed.store(...ballots(2));
    const [known, unknown] = [1, 9].map((byte) => new Uint8Array(16).fill(byte));
    if (known === undefined || unknown === undefined) throw new Error("no ids");
    const answered = Promise.all([
      bed.outbox.onAck([FRAME.ack, known, 1, new Uint8Array(32), []]),
      bed.outbox.onAck([FRAME.ack, unknown, 0, new Uint8Array(32), []]),
      bed.outbox.onAck([FRAME.ack, known, 3, new Uint8Array(32), []]),
    ]);
    await bed.settle();
    expect(await answered).toEqual([false, false, false]);
  });

  test("what was stored just now is sent without asking the disk", async () => {
    const bed = createBed();
    const id = bed.begin();
    bed.connect();
    await bed.settle();
    bed.store(...ballots(100));
    await turn();
    bed.net.letOne();
    await turn();
    expect(bed.taken.get(id)).toHaveLength(100);
    expect(bed.disk.waiting).toHaveLength(0);
  });

  test("tells each ballot's verdict by its number: silence is counted, a code it does not know is nothing", async () => {
    const bed = createBed();
    const id = bed.begin();
    bed.connect();
    await bed.settle();
    bed.store(...ballots(5));
    bed.taken.set(id, ballots(5));
    const answered = bed.ack(id, [
      [2, 1],
      [3, 2],
      [4, VERDICT_TOLD_BEFORE],
      [5, 77],
    ]);
    await bed.settle();
    expect(await answered).toBe(true);
    expect(bed.verdicts).toEqual([
      [id, 1, "counted"],
      [id, 2, "changed"],
      [id, 3, "already-counted"],
    ]);
  });

  test("a server that had the ballots already says nothing of how they were judged", async () => {
    const bed = createBed();
    const id = bed.begin();
    bed.store(...ballots(3));
    bed.taken.set(id, ballots(3));
    bed.connect();
    await bed.settle();
    expect(bed.outbox.waiting()).toBe(0);
    expect(bed.verdicts).toEqual([]);
  });
});
