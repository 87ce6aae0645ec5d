import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as v from "valibot";
import { Problem } from "../../shared/api/problem.ts";
import { StationReaders } from "../../shared/api/readers.ts";
import type { MappingAnswer } from "../../shared/domain/entry.ts";
import type { MappedReader } from "../../shared/domain/mapping.ts";
import { createTestBed, slugOf, type TestBed } from "./test-bed.ts";

const STATION = "5".repeat(32);
const BAR: MappedReader = { id: "usb-1", name: "Bar", target: { kind: "slot", slot: 1 } };
const DOOR: MappedReader = { ...BAR, name: "Door", target: { kind: "choose" } };

let bed: TestBed;
let headers: { authorization: string };
/** Long enough for any machine; of what comes in time nothing waits so long. */
const MAPPING_WAIT_MS = 10_000;
const openBed = async (mappingWaitMs: number) => {
  bed = await createTestBed({ mappingWaitMs });
  headers = await bed.organiser();
  await bed.ledger.append({ kind: "station-admitted", station: STATION, key: new Uint8Array(32) });
};
beforeEach(() => openBed(MAPPING_WAIT_MS));
afterEach(() => bed.close());

const report = (revision: number, reader: MappedReader = BAR) =>
  bed.desk.take(STATION, {
    revision,
    testMode: false,
    readers: [{ ...reader, state: "present", reason: null, lastTapMs: 7, taps: 1, errors: 0 }],
  });
const read = async () => {
  const reply = await bed.api.inject({ url: `/api/v1/stations/${STATION}/readers`, headers });
  return { etag: reply.headers.etag, shown: v.parse(StationReaders, reply.json()) };
};
const put = (readers: unknown, ifMatch?: string, station = STATION) =>
  bed.api.inject({
    method: "PUT",
    url: `/api/v1/stations/${station}/mapping`,
    headers: { ...headers, ...(ifMatch === undefined ? {} : { "if-match": ifMatch }) },
    payload: { readers },
  });
/** The station on its link: it answers every change with this. */
function stationAnswers(answer: MappingAnswer, then: () => void): void {
  bed.desk.joined(STATION);
  let answered = 0;
  bed.ledger.onCommit(({ stations }) => {
    for (const { station, wish } of stations) {
      if (wish === null || wish.answer !== null || wish.cursor === answered) continue;
      answered = wish.cursor;
      then();
      void bed.ledger.append({ kind: "mapping-answered", station, wish: wish.cursor, answer });
    }
  });
}

describe("a station's readers", () => {
  test("are shown as the station said last, and nothing of them before it did", async () => {
    expect(await read()).toEqual({
      etag: undefined,
      shown: { station: STATION, name: null, connected: false, reported: null, pending: null, refused: null },
    });
    report(3);
    const { etag, shown } = await read();
    expect(etag).toBe('"3"');
    expect(shown.reported).toEqual({
      at: "2026-05-01T09:00:00.000Z",
      revision: 3,
      testMode: false,
      readers: [{ ...BAR, state: "present", reason: null, lastTapAt: "1970-01-01T00:00:00.007Z", taps: 1, errors: 0 }],
    });
  });

  test("are for the organiser, and of stations that were admitted", async () => {
    const url = `/api/v1/stations/${STATION}/readers`;
    expect((await bed.api.inject(url)).statusCode).toBe(401);
    const unknown = await bed.api.inject({ url: `/api/v1/stations/${"6".repeat(32)}/readers`, headers });
    expect([unknown.statusCode, slugOf(unknown)]).toEqual([404, "unknown-station"]);
  });
});

describe("a change of what readers stand for", () => {
  test("of a station that is here is done when the station took it", async () => {
    report(3);
    stationAnswers("taken", () => report(4, DOOR));
    const reply = await put([DOOR], '"3"');
    expect([reply.statusCode, reply.headers.etag]).toEqual([200, '"4"']);
    const shown = v.parse(StationReaders, reply.json());
    expect(shown).toMatchObject({ connected: true, pending: null, refused: null });
    expect(shown.reported?.readers).toMatchObject([{ name: "Door", target: { kind: "choose" } }]);
  });

  test("of one that is away waits for it, is shown so, and is replaced by who saw it only", async () => {
    report(3);
    const reply = await put([DOOR], '"3"');
    const { cursor } = await bed.ledger.standing();
    expect([reply.statusCode, reply.headers.etag]).toEqual([202, `"3+${cursor}"`]);
    const { shown, etag } = await read();
    expect(shown.pending).toEqual({ cursor, base: 3, readers: [DOOR], notStored: false });
    expect(etag).toBe(`"3+${cursor}"`);
    const another = await put([BAR], '"3"');
    expect([another.statusCode, slugOf(another), another.headers.etag]).toEqual([412, "moved-on", etag]);
    expect((await put([{ ...BAR, name: "Gate" }], etag)).statusCode).toBe(202);
    expect((await read()).shown.pending).toMatchObject({ readers: [{ name: "Gate" }] });
  });

  test("is stored when the station is here and does not answer in time, and says when its disk took nothing", async () => {
    await bed.close();
    await openBed(20);
    report(3);
    bed.desk.joined(STATION);
    expect((await put([DOOR], '"3"')).statusCode).toBe(202);
    const { cursor } = await bed.ledger.standing();
    bed.desk.notStored(STATION, cursor);
    expect((await read()).shown).toMatchObject({ connected: true, pending: { cursor, notStored: true } });
  });

  test("waits under the revision its asker saw when the station's is not known, as after a start of the server", async () => {
    expect((await put([DOOR], '"8"')).statusCode).toBe(202);
    const { etag, shown } = await read();
    expect(etag).toBe(`"8+${shown.pending?.cursor}"`);
    expect(shown).toMatchObject({ reported: null, pending: { base: 8, readers: [DOOR] } });
  });

  test.each([
    ["conflict", "mapping-conflict"],
    ["unknown-reader", "unknown-reader"],
  ] as const)(
    "that the station refuses as %s is told with the mapping now, and stays to be seen",
    async (why, slug) => {
      report(3);
      stationAnswers(why, () => report(5));
      const reply = await put([DOOR], '"3"');
      expect([reply.statusCode, slugOf(reply), reply.headers.etag]).toEqual([409, slug, '"5"']);
      expect(v.parse(Problem, reply.json()).mapping).toEqual({ revision: 5, readers: [BAR] });
      expect((await read()).shown).toMatchObject({ pending: null, refused: { base: 3, readers: [DOOR], why } });
    },
  );

  test("of two organisers at once is the first's; the second is told", async () => {
    report(3);
    const replies = await Promise.all([put([BAR], '"3"'), put([DOOR], '"3"')]);
    expect(replies.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([202, 412]);
    const won = replies.findIndex(({ statusCode }) => statusCode === 202);
    expect((await read()).shown.pending?.readers).toEqual([won === 0 ? BAR : DOOR]);
  });

  test.each([
    ["no revision", undefined, 428, "no-if-match"],
    ["an older one", '"2"', 412, "moved-on"],
    ["any", "*", 400, "invalid-request"],
    ["what is none", '"x"', 400, "invalid-request"],
    ["a change that is not pending", '"3+1"', 412, "moved-on"],
  ])("that names %s is refused, and nothing is asked of the station", async (_, ifMatch, status, slug) => {
    report(3);
    const reply = await put([DOOR], ifMatch);
    expect([reply.statusCode, slugOf(reply)]).toEqual([status, slug]);
    expect((await read()).shown.pending).toBeNull();
  });

  test("of a station that is not there, or was revoked, is refused", async () => {
    const unknown = await put([DOOR], '"3"', "6".repeat(32));
    expect([unknown.statusCode, slugOf(unknown)]).toEqual([404, "unknown-station"]);
    await bed.ledger.append({ kind: "station-revoked", station: STATION, accepted: [] });
    const revoked = await put([DOOR], '"3"');
    expect([revoked.statusCode, slugOf(revoked)]).toEqual([409, "station-revoked"]);
  });

  test.each([
    ["a reader twice", [BAR, BAR]],
    ["a name that turns the writing around", [{ ...BAR, name: "a\u202eb" }]],
    ["a name of nothing", [{ ...BAR, name: " " }]],
    ["an id with half a character", [{ ...BAR, id: "usb\ud800" }]],
    ["a slot there is not", [{ ...BAR, target: { kind: "slot", slot: 51 } }]],
    ["more readers than there may be", Array.from({ length: 101 }, (_, at) => ({ ...BAR, id: `usb-${at}` }))],
  ])("with %s is none", async (_, readers) => {
    report(3);
    expect((await put(readers, '"3"')).statusCode).toBe(422);
  });

  test("of which the words were erased is still known to be pending", async () => {
    report(3);
    await put([DOOR], '"3"');
    bed.texts.keepOnlyReaderList(STATION, "");
    expect((await read()).shown.pending).toMatchObject({ base: 3, readers: null });
  });
});

describe("bits of a 125 kHz number", () => {
  const event = async () => (await bed.api.inject("/api/v1/event")).json<{ title: string; lfBits: number }>();
  const name = (payload: object) => bed.api.inject({ method: "PUT", url: "/api/v1/event", headers, payload });

  test("are 32, may be set with the event's title, and stay when only that is given", async () => {
    expect(await event()).toMatchObject({ title: "", lfBits: 32 });
    expect((await name({ title: "Fair", lfBits: 24 })).json()).toMatchObject({ title: "Fair", lfBits: 24 });
    const { cursor } = await bed.ledger.standing();
    expect((await name({ title: "Summer fair" })).json()).toMatchObject({ title: "Summer fair", lfBits: 24, cursor });
    expect((await name({ title: "Fair", lfBits: 25 })).statusCode).toBe(422);
  });

  test("are fixed while a roll is in force, and the title is not changed either", async () => {
    const voters = { voters: [{ voter: 1, tags: ["04a1b2c3"] }] };
    const made = await bed.api.inject({ method: "POST", url: "/api/v1/roll/chunks", headers, payload: voters });
    const { chunk } = made.json<{ chunk: string }>();
    await bed.api.inject({ method: "PUT", url: "/api/v1/roll", headers, payload: { chunks: [chunk] } });
    const refused = await name({ title: "Fair", lfBits: 24 });
    expect([refused.statusCode, slugOf(refused)]).toEqual([409, "roll-in-force"]);
    expect(await event()).toMatchObject({ title: "", lfBits: 32 });
    expect((await name({ title: "Fair", lfBits: 32 })).statusCode).toBe(200);
  });
});

test("a poll may be voted in without a tag only where its organiser says so", async () => {
  const poll = { question: "How was it?", options: ["Good", "Bad"], counts: "first" };
  const make = async (payload: object) =>
    (await bed.api.inject({ method: "POST", url: "/api/v1/polls", headers, payload })).json<{ tagless: boolean }>();
  expect(await make(poll)).toMatchObject({ tagless: false });
  expect(await make({ ...poll, tagless: true })).toMatchObject({ tagless: true });
});
