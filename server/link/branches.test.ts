/** Copies of a station, what becomes of their logs, and a station that is sent away. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { bytesOfHex } from "../../shared/bytes.ts";
import type { Change } from "../../shared/domain/entry.ts";
import type { LogRecord } from "../../shared/domain/record.ts";
import { testTag, type TestLog } from "../../shared/domain/testing.ts";
import { FRAME, STANDING_CODES } from "../../shared/link/frames.ts";
import { admit, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import {
  batchFrame,
  challenged,
  closing,
  connect,
  framesOf,
  greet,
  logFrame,
  placeOf,
  proofFrame,
  settle,
  until,
  type TestLink,
  type TestStation,
} from "./test-station.testing.ts";

let bed: LinkBed;
let logs = 0x100;
let tags = 0;

beforeAll(async () => {
  bed = await openLinkBed();
});
afterEach(async () => {
  bed.plant(null);
  bed.hangUp();
  await vi.waitUntil(() => bed.links.waiting().length + bed.links.connected().length === 0, { timeout: 10_000 });
});
afterAll(() => bed.stop());

const taps = (count: number): LogRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: "ballot",
    poll: bed.poll.short,
    option: 1,
    tagKey: testTag(++tags),
    ms: 10 + at,
    reader: 1,
  }));

async function open(link: TestLink, log: TestLog): Promise<void> {
  link.send(logFrame(log));
  await link.next("ack");
}

const standing = (log: TestLog, code: number) => [FRAME.standing, bytesOfHex(log.id), code];
const ack = (log: TestLog, head: number) => [FRAME.ack, bytesOfHex(log.id), head, log.hashAt(head), []];
const judged = (log: TestLog, admitted: boolean): Change => ({ kind: "log-judged", log: log.id, admitted });

/** A station and its copy, each on a link, each with a log of its own that goes on from the same place. */
async function cloned() {
  const station = await admit(bed);
  const [link, copy] = [await greet(bed.port, station), await greet(bed.port, station)];
  const before = station.newLog(++logs);
  before.add(...taps(2));
  await open(link, before);
  link.send(batchFrame(before));
  await link.next("ack");
  const own = station.newLog(++logs, placeOf(before, 2));
  const other = station.newLog(++logs, placeOf(before, 2));
  own.add(...taps(3));
  other.add(...taps(3));
  await open(link, own);
  await open(copy, other);
  return { station, link, copy, before, own, other };
}

/** And both have grown: the later one is set aside. */
async function branched() {
  const both = await cloned();
  const { link, copy, own, other } = both;
  link.send(batchFrame(own, 1, 1));
  await link.next("ack");
  copy.send(batchFrame(other, 1, 1));
  await copy.next("ack");
  await Promise.all([settle(link), settle(copy)]);
  return both;
}

/** What is said of logs, up to a standing. A tally may come in between: it goes out when its time is. */
async function untilStanding(link: Parameters<typeof until>[0]) {
  return (await until(link, "standing")).filter(([type]) => type === FRAME.ack || type === FRAME.standing);
}

describe("two links of one station whose logs both grow", () => {
  test("are both told that the later log is set aside; its batch is acknowledged where the log was before", async () => {
    const { link, copy, own, other } = await cloned();
    const stranger = await greet(bed.port, await admit(bed));
    link.send(batchFrame(own));
    expect(await link.next("ack")).toEqual(ack(own, 3));
    copy.send(batchFrame(other));
    expect(await copy.next("ack")).toEqual(ack(other, 0));
    // After the ack in any case: whoever reads only answers knows why it did not go on.
    expect(await copy.next("standing")).toEqual(standing(other, STANDING_CODES.aside));
    expect(framesOf(await settle(link), "standing")).toEqual([standing(other, STANDING_CODES.aside)]);
    expect(framesOf(await settle(stranger), "standing")).toEqual([]);
    // The elder goes on as if nothing had been.
    own.add(...taps(1));
    link.send(batchFrame(own, 4));
    expect(await link.next("ack")).toEqual(ack(own, 4));
  });

  test("are told again when they connect, and other stations are told nothing", async () => {
    const { station, other } = await branched();
    const again = await greet(bed.port, station);
    expect(framesOf(await settle(again), "standing")).toEqual([standing(other, STANDING_CODES.aside)]);
    const stranger = await greet(bed.port, await admit(bed));
    expect(framesOf(await settle(stranger), "standing")).toEqual([]);
  });

  test("are both told when the organiser admits the log, which then goes on", async () => {
    const { link, copy, other } = await branched();
    await bed.ledger.append(judged(other, true));
    for (const one of [link, copy])
      expect(framesOf(await settle(one), "standing")).toEqual([standing(other, STANDING_CODES.admitted)]);
    copy.send(batchFrame(other));
    expect(await copy.next("ack")).toEqual(ack(other, 3));
  });

  test("are both told when the organiser rejects it; what still comes is acknowledged nowhere", async () => {
    const { link, copy, own, other } = await branched();
    await bed.ledger.append(judged(other, false));
    for (const one of [link, copy])
      expect(framesOf(await settle(one), "standing")).toEqual([standing(other, STANDING_CODES.rejected)]);
    copy.send(batchFrame(other));
    expect(await copy.next("ack")).toEqual(ack(other, 0));
    expect(await copy.next("standing")).toEqual(standing(other, STANDING_CODES.rejected));
    // The place a log is asked about is its own, whatever it counts as.
    copy.send([FRAME.where, bytesOfHex(other.id), 0]);
    expect(await copy.next("place")).toEqual([FRAME.place, bytesOfHex(other.id), 0, other.hashAt(0)]);
    expect((await bed.ledger.log(own.id))?.head).toBe(1);
  });

  test("fill no disk when the one set aside sends on regardless", async () => {
    const { copy, other } = await branched();
    const { cursor } = await bed.ledger.standing();
    for (let time = 0; time < 3; time++) {
      copy.send(batchFrame(other));
      expect(await untilStanding(copy)).toEqual([ack(other, 0), standing(other, STANDING_CODES.aside)]);
    }
    expect((await bed.ledger.standing()).cursor).toBe(cursor);
  });

  test("have a header answered by the head and the standing", async () => {
    const { station, other } = await branched();
    const again = await greet(bed.port, station);
    await settle(again);
    again.send(logFrame(other));
    expect(await untilStanding(again)).toEqual([ack(other, 0), standing(other, STANDING_CODES.aside)]);
  });

  test("never hear an old standing after a newer one, however the organiser's word and a batch cross", async () => {
    const { link, copy, own, other } = await cloned();
    link.send(batchFrame(own));
    await link.next("ack");
    // The organiser's word is folded after the batch was ignored, and told before the batch is answered.
    bed.plant(async (change) => {
      bed.plant(null);
      const ignored = await bed.ledger.append(change);
      await bed.ledger.append(judged(other, true));
      return ignored;
    });
    copy.send(batchFrame(other));
    const told = [...(await until(copy, "ack")), ...(await settle(copy))];
    expect(framesOf(told, "standing").at(-1)).toEqual(standing(other, STANDING_CODES.admitted));
  });
});

describe("what a station still has", () => {
  const undelivered = () => bed.links.connected().map((link) => link.undelivered);

  test("is shown by what it claims of each log, and melts as it arrives", async () => {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const [one, two] = [station.newLog(++logs), station.newLog(++logs)];
    one.add(...taps(5));
    two.add(...taps(2));
    expect(undelivered()).toEqual([0]);
    await open(link, one);
    await open(link, two);
    expect(undelivered()).toEqual([7]);
    link.send(batchFrame(one, 1, 3));
    await link.next("ack");
    expect(undelivered()).toEqual([4]);
    one.add(...taps(1));
    link.send(batchFrame(one, 4));
    await link.next("ack");
    expect(undelivered()).toEqual([2]);
    // A log whose records moved to another one ends earlier than it said before.
    const [type, header, signature] = logFrame(two);
    link.send([type, header, signature, 0, two.hashAt(0)]);
    await link.next("ack");
    expect(undelivered()).toEqual([0]);
  });

  test("that has another history at the same number is shown as such, until it begins anew", async () => {
    const station = await admit(bed);
    const log = station.newLog(++logs);
    log.add(...taps(2));
    const link = await greet(bed.port, station);
    await open(link, log);
    link.send(batchFrame(log));
    await link.next("ack");
    const diverged = () => bed.links.connected().map((each) => each.diverged);
    expect(diverged()).toEqual([false]);
    const [type, header, signature] = logFrame(log);
    link.send([type, header, signature, 2, log.hashAt(1)]);
    await link.next("ack");
    expect(diverged()).toEqual([true]);
    link.send(logFrame(log));
    await link.next("ack");
    expect(diverged()).toEqual([false]);
  });

  test("is counted once for all its links, and not for a log that was rejected", async () => {
    const { station, own, other } = await branched();
    const again = await greet(bed.port, station);
    await open(again, own);
    expect(undelivered()).toEqual([5, 5, 5]);
    await bed.ledger.append(judged(other, false));
    expect(undelivered()).toEqual([2, 2, 2]);
  });

  test("stays a number, whatever it claims", async () => {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    for (const log of [station.newLog(++logs), station.newLog(++logs)]) {
      const [type, header, signature] = logFrame(log);
      link.send([type, header, signature, Number.MAX_SAFE_INTEGER, log.hashAt(0)]);
      await link.next("ack");
    }
    expect(undelivered()).toEqual([Number.MAX_SAFE_INTEGER]);
  });
});

describe("a station that was revoked", () => {
  const revoke = (station: TestStation): Change => ({ kind: "station-revoked", station: station.id, accepted: [] });

  test("has all its links closed at once, and nobody else's", async () => {
    const station = await admit(bed);
    const links = [await greet(bed.port, station), await greet(bed.port, station)];
    const stranger = await greet(bed.port, await admit(bed));
    await bed.ledger.append(revoke(station));
    for (const link of links) expect(await link.closed).toEqual(closing("revoked"));
    await settle(stranger);
  });

  test("is told so after its proof, and never waits for approval", async () => {
    const station = await admit(bed);
    await bed.ledger.append(revoke(station));
    const link = await connect(bed.port);
    const nonce = new Uint8Array(32);
    link.send(proofFrame(station, await challenged(link, station, nonce), nonce));
    expect(await link.closed).toEqual(closing("revoked"));
    expect(link.heard).toEqual([]);
    expect(bed.links.waiting()).toEqual([]);
    expect(await servesOthers(bed)).toBe(true);
  });

  test("has nothing taken that was on its way", async () => {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const log = station.newLog(++logs);
    log.add(...taps(2));
    await open(link, log);
    // The batch is checked while the act is folded.
    bed.plant(async (change) => {
      bed.plant(null);
      await bed.ledger.append(revoke(station));
      return bed.ledger.append(change);
    });
    link.send(batchFrame(log));
    expect(await link.closed).toEqual(closing("revoked"));
    expect(link.heard.some(([type]) => type === FRAME.ack)).toBe(false);
    expect((await bed.ledger.log(log.id))?.head).toBe(0);
  });

  test("has no log opened that was on its way", async () => {
    const station = await admit(bed);
    const link = await greet(bed.port, station);
    const log = station.newLog(++logs);
    bed.plant(async (change) => {
      bed.plant(null);
      await bed.ledger.append(revoke(station));
      return bed.ledger.append(change);
    });
    link.send(logFrame(log));
    expect(await link.closed).toEqual(closing("revoked"));
    expect(await bed.ledger.log(log.id)).toBeUndefined();
  });
});

test("a header that the fold finds to be another's is not admitted, even when both came at once", async () => {
  const link = await greet(bed.port, await admit(bed));
  const [mine, theirs] = [await admit(bed), await admit(bed)];
  link.socket.terminate();
  const own = await greet(bed.port, mine);
  // Between the look into the ledger and the append, the other's header is folded.
  const id = ++logs;
  bed.plant(async (change) => {
    bed.plant(null);
    await bed.ledger.append(theirs.newLog(id).opened);
    return bed.ledger.append(change);
  });
  own.send(logFrame(mine.newLog(id)));
  expect(await own.closed).toEqual(closing("notAdmitted"));
  expect((await bed.ledger.log(theirs.newLog(id).id))?.station).toBe(theirs.id);
});
