import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { MappedReader } from "../../shared/domain/mapping.ts";
import { packReaders } from "../../shared/domain/mapping-bytes.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { FRAME, MAPPED_CODES, type FrameOf, type PackedReaderReport } from "../../shared/link/frames.ts";
import { sha256 } from "../ledger/sha256.ts";
import { admit, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import {
  batchFrame,
  challenged,
  closing,
  connect,
  createTestStation,
  framesOf,
  greet,
  logFrame,
  settle,
  type TestStation,
} from "./test-station.testing.ts";

let bed: LinkBed;
beforeAll(async () => {
  bed = await openLinkBed();
});
afterEach(async () => {
  bed.hangUp();
  await vi.waitUntil(() => bed.links.connected().length === 0, { timeout: 10_000 });
});
afterAll(() => bed.stop());

const NEW = [2, 1];
const BAR: MappedReader = { id: "usb-1", name: "Bar", target: { kind: "slot", slot: 2 } };
const REPORT: FrameOf<"readers"> = [FRAME.readers, 3, false, 0, 1, [["usb-1", "Bar", [1, 1], 1, null, null, 4, 0]]];
const wishOf = (station: TestStation) => bed.known.station(station.id)?.wish ?? null;
const greetNew = (station: TestStation) => greet(bed.port, station, null, NEW);

describe("a link of version 2", () => {
  test("is told the event's settings before anything else, and again when they change", async () => {
    const own = await openLinkBed({ changes: [] });
    const station = await admit(own);
    const [link, old] = [await greet(own.port, station, null, NEW), await greet(own.port, await admit(own))];
    expect(await link.any()).toEqual([FRAME.settings, [[1, 32]]]);
    await own.ledger.append({ kind: "lf-bits-set", lfBits: 24 });
    expect(await link.next("settings")).toEqual([FRAME.settings, [[1, 24]]]);
    expect(framesOf(await settle(old), "settings")).toEqual([]);
    await own.stop();
  });

  test("has what a station says of its readers known as long as the server runs", async () => {
    const station = await admit(bed);
    const link = await greetNew(station);
    expect(bed.desk.isHere(station.id)).toBe(true);
    link.send(REPORT);
    await settle(link);
    link.socket.terminate();
    await vi.waitUntil(() => !bed.desk.isHere(station.id));
    expect(bed.desk.reportOf(station.id)).toMatchObject({
      revision: 3,
      readers: [{ ...BAR, target: { slot: 1 }, taps: 4 }],
    });
  });

  test("ends at readers whose names would show other than they are, and others are served on", async () => {
    const link = await greetNew(await admit(bed));
    const bad: PackedReaderReport[] = [["usb-1", "Bar\u202egniht", null, 1, null, null, 0, 0]];
    link.send([FRAME.readers, 3, false, 0, 1, bad]);
    expect(await link.closed).toEqual(closing("badFrame"));
    expect(await servesOthers(bed)).toBe(true);
  });

  test("carries what an organiser wants, once, and the station's word on it", async () => {
    const station = await admit(bed);
    const link = await greetNew(station);
    const cursor = await bed.wish(station.id, 3, [BAR]);
    expect(await link.next("mapping")).toEqual([FRAME.mapping, cursor, 3, packReaders([BAR])]);
    // Something else of the station is committed.
    const log = station.newLog(cursor);
    log.add({ kind: "forgot", ms: 1 });
    link.send(logFrame(log));
    await link.next("ack");
    link.send(batchFrame(log));
    await vi.waitUntil(() => bed.known.station(station.id)?.forgot !== null);
    expect(framesOf(await settle(link), "mapping")).toEqual([]);
    link.send([FRAME.mapped, cursor, MAPPED_CODES.ok]);
    await vi.waitUntil(() => wishOf(station)?.answer === "taken");
    link.send([FRAME.mapped, cursor, MAPPED_CODES.conflict]);
    expect(framesOf(await settle(link), "mapping")).toEqual([]);
    expect(wishOf(station)).toMatchObject({ cursor, answer: "taken" });
  });

  test.each(["conflict", "unknown-reader"] as const)("has the answer %s kept", async (word) => {
    const station = await admit(bed);
    const link = await greetNew(station);
    const cursor = await bed.wish(station.id, 3, [BAR]);
    await link.next("mapping");
    link.send([FRAME.mapped, cursor, MAPPED_CODES[word]]);
    await vi.waitUntil(() => wishOf(station)?.answer !== null);
    expect(wishOf(station)).toMatchObject({ cursor, answer: word });
  });

  test("is asked what waits as soon as it is there, and again on the next when its disk did not take it", async () => {
    const station = await admit(bed);
    const cursor = await bed.wish(station.id, 0, [BAR]);
    const link = await greetNew(station);
    expect((await link.next("mapping"))[1]).toBe(cursor);
    link.send([FRAME.mapped, cursor, MAPPED_CODES["not-stored"]]);
    await settle(link);
    expect([wishOf(station)?.answer, bed.desk.notStoredOf(station.id)]).toEqual([null, cursor]);
    link.socket.terminate();
    const next = await greetNew(station);
    expect((await next.next("mapping"))[1]).toBe(cursor);
    expect(bed.desk.notStoredOf(station.id)).toBeUndefined();
    // A word of a later version ends nothing either.
    next.send([FRAME.mapped, cursor, 77]);
    await settle(next);
    expect(wishOf(station)?.answer).toBeNull();
  });

  test("may answer late what was replaced: that says nothing of what is wanted now", async () => {
    const station = await admit(bed);
    const link = await greetNew(station);
    const first = await bed.wish(station.id, 3, [BAR]);
    await link.next("mapping");
    const second = await bed.wish(station.id, 3, [{ ...BAR, name: "Door" }]);
    await link.next("mapping");
    link.send([FRAME.mapped, first, MAPPED_CODES.ok]);
    await settle(link);
    await bed.ledger.rollSize();
    expect(wishOf(station)).toMatchObject({ cursor: second, answer: null });
    link.send([FRAME.mapped, second, MAPPED_CODES.conflict]);
    await vi.waitUntil(() => wishOf(station)?.answer === "conflict");
  });

  test("cannot answer what it was never asked, nor for another station", async () => {
    const [station, other] = [await admit(bed), await admit(bed)];
    const cursor = await bed.wish(other.id, 3, [BAR]);
    const link = await greetNew(station);
    link.send([FRAME.mapped, cursor, MAPPED_CODES.ok]);
    await settle(link);
    await bed.ledger.rollSize();
    expect(wishOf(other)).toMatchObject({ cursor, answer: null });
    // One whose words were erased is wished still, and never sent.
    const wished = { kind: "mapping-wished", station: station.id, base: 3, hash: "ab".repeat(32) } as const;
    await bed.ledger.append(wished);
    link.send([FRAME.mapped, wishOf(station)?.cursor ?? 0, MAPPED_CODES.ok]);
    expect(framesOf(await settle(link), "mapping")).toEqual([]);
    await bed.ledger.rollSize();
    expect(wishOf(station)).toMatchObject({ answer: null });
  });

  test("has a revoked station's readers forgotten", async () => {
    const station = await admit(bed);
    const link = await greetNew(station);
    link.send(REPORT);
    await bed.wish(station.id, 3, [BAR]);
    await link.next("mapping");
    await settle(link);
    await bed.ledger.append({ kind: "station-revoked", station: station.id, accepted: [] });
    expect(await link.closed).toEqual(closing("revoked"));
    expect(bed.desk.reportOf(station.id)).toBeUndefined();
    expect(wishOf(station)).toBeNull();
  });
});

describe("the version of a link", () => {
  test("1 is chosen for a station that speaks no other, and nothing of version 2 is sent or taken on it", async () => {
    const station = await admit(bed);
    await bed.wish(station.id, 3, [BAR]);
    const link = await greet(bed.port, station);
    expect(link.encounter.version).toBe(1);
    const heard = await settle(link);
    expect(heard.filter(([type]) => type >= FRAME.readers)).toEqual([]);
    expect(bed.desk.isHere(station.id)).toBe(false);
    link.send(REPORT);
    expect(await link.closed).toEqual(closing("badFrame"));
  });

  test("1 is chosen by a server that speaks no other, whatever the station offers", async () => {
    const old = await openLinkBed({ versions: [1] });
    const station = await admit(old);
    const link = await greet(old.port, station, null, NEW);
    expect(link.encounter.version).toBe(1);
    expect(framesOf(await settle(link), "settings")).toEqual([]);
    await old.stop();
  });

  test("2 lets nobody say anything of readers who is not admitted", async () => {
    const link = await greet(bed.port, createTestStation(), null, NEW);
    expect(link.welcome[1]).toBe(false);
    link.send(REPORT);
    expect(await link.closed).toEqual(closing("notAdmitted"));
  });

  test("that nobody else speaks is none", async () => {
    const link = await connect(bed.port);
    const station = await admit(bed);
    await expect(challenged(link, station, new Uint8Array(randomBytes(32)), [3])).rejects.toThrow("closed");
    expect(await link.closed).toEqual(closing("unknownVersion"));
  });

  test("1 hears nothing of polls without tags, whose definition it could not read; 2 does", async () => {
    const tagless = testPoll(sha256, 1, { tagless: true });
    const own = await openLinkBed({ poll: tagless });
    const [old, link] = [await greet(own.port, await admit(own)), await greet(own.port, await admit(own), null, NEW)];
    expect((await link.next("poll"))[2][0]).toBe(1);
    await own.ledger.append(tagless.paused);
    expect((await link.next("poll"))[2][0]).toBe(2);
    expect(framesOf(await settle(old), "poll")).toEqual([]);
    await own.stop();
  });
});
