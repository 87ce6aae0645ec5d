import { afterEach, beforeEach, expect, test } from "vitest";
import type { StationList } from "../../shared/api/stations.ts";
import { createTestLog, testId, testPoll, testTag, type TestLog } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { EVENT, createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
const STATION = testId(0xb0);
const POLL = testPoll(sha256, 1);
beforeEach(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
  bed.texts.setStationName(STATION, "Entrance");
  await bed.ledger.append({ kind: "station-admitted", station: STATION, key: new Uint8Array(32) });
  for (const act of [POLL.defined, POLL.opened]) await bed.ledger.append(act);
  bed.pass(60_000);
});
afterEach(() => bed.close());

const post = (url: string, payload?: object, more: object = {}) =>
  bed.api.inject({
    method: "POST",
    url: `/api/v1${url}`,
    headers: { ...headers, ...more },
    ...(payload && { payload }),
  });
const stations = async () => (await bed.api.inject({ url: "/api/v1/stations", headers })).json<StationList>().stations;
const counts = async () => {
  const url = `/api/v1/polls/${POLL.definition.id}/tally`;
  return (await bed.api.inject({ url, headers })).json<{ counts: number[] }>().counts;
};

async function openLog(id: number): Promise<TestLog> {
  const openedAtMs = Date.parse("2026-05-01T09:00:10Z");
  const log = createTestLog(sha256, { log: testId(id), station: STATION, event: EVENT, openedAtMs });
  await bed.ledger.append(log.opened);
  return log;
}
async function vote(log: TestLog, tag: number) {
  const first = log.records.length + 1;
  log.add({ kind: "ballot", poll: POLL.short, option: 1, tagKey: testTag(tag), ms: 1000 + tag, reader: 0 });
  await bed.ledger.append(log.batch(first));
}
/** A station and its copy, both alive: the copy, known later, is set aside. */
async function twoAlive() {
  const own = await openLog(0xa1);
  const copy = await openLog(0xa2);
  await vote(own, 1);
  await vote(copy, 2);
  return { own, copy };
}

test("two live copies of a station are both shown, and which one waits", async () => {
  const { own, copy } = await twoAlive();
  const [station] = await stations();
  expect(station?.branches).toEqual([
    { log: own.id, standing: "taken", openedAt: "2026-05-01T09:00:10.000Z", head: 1 },
    { log: copy.id, standing: "aside", openedAt: "2026-05-01T09:00:10.000Z", head: 0 },
  ]);
  expect(await counts()).toEqual([1, 0, 0]);
});

test("a log that was set aside is admitted, and what it brings counts", async () => {
  const { copy } = await twoAlive();
  const reply = await post(`/logs/${copy.id}/admit`);
  const { cursor } = await bed.ledger.standing();
  expect(reply.json()).toMatchObject({ station: STATION, log: copy.id, standing: "admitted", head: 0, cursor });
  expect(reply.headers.etag).toBe(`"${cursor}"`);
  await bed.ledger.append(copy.batch());
  expect(await counts()).toEqual([2, 0, 0]);
  expect((await stations())[0]?.branches).toMatchObject([{ log: copy.id, standing: "admitted" }]);
  expect(slugOf(await post(`/logs/${copy.id}/admit`))).toBe("already-judged");
});

test("a rejected log counts nothing, and nobody waits for a decision any more", async () => {
  const { own } = await twoAlive();
  expect((await post(`/logs/${own.id}/reject`)).json()).toMatchObject({ standing: "rejected" });
  expect(await counts()).toEqual([0, 0, 0]);
});

test("a log that is not there is told as such", async () => {
  const reply = await post(`/logs/${"f".repeat(32)}/reject`);
  expect([reply.statusCode, slugOf(reply)]).toEqual([404, "unknown-log"]);
});

test("a revoked station keeps what it delivered, and delivers nothing more", async () => {
  const log = await openLog(0xa1);
  await vote(log, 1);
  const reply = await post(`/stations/${STATION}/revoke`);
  const { cursor } = await bed.ledger.standing();
  expect([reply.statusCode, reply.json()]).toEqual([200, { station: STATION, name: "Entrance", cursor }]);
  await vote(log, 2);
  expect(await counts()).toEqual([1, 0, 0]);
  expect((await stations())[0]).toMatchObject({ station: STATION, revoked: true });
  expect(slugOf(await post(`/stations/${STATION}/revoke`))).toBe("already-revoked");
});

test("a revocation names the last record that counts", async () => {
  const log = await openLog(0xa1);
  for (const tag of [1, 2, 3]) await vote(log, tag);
  const beyond = await post(`/stations/${STATION}/revoke`, { accepted: [{ log: log.id, number: 4 }] });
  expect([beyond.statusCode, slugOf(beyond)]).toEqual([409, "not-folded"]);
  await post(`/stations/${STATION}/revoke`, { accepted: [{ log: log.id, number: 2 }] });
  expect(await counts()).toEqual([2, 0, 0]);
});

test("a revocation that names a log twice, or no station, is refused", async () => {
  const accepted = [1, 2].map((number) => ({ log: testId(1), number }));
  expect(slugOf(await post(`/stations/${STATION}/revoke`, { accepted }))).toBe("invalid-body");
  const nobody = await post(`/stations/${"f".repeat(32)}/revoke`);
  expect([nobody.statusCode, slugOf(nobody)]).toEqual([404, "unknown-station"]);
});
