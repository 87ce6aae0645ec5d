import { afterEach, beforeEach, expect, test } from "vitest";
import type { Deliveries, LateBallots } from "../../shared/api/certification.ts";
import type { Poll, Tally } from "../../shared/api/polls.ts";
import type { Problem } from "../../shared/api/problem.ts";
import { CERTIFY_AFTER_MS } from "../../shared/domain/certification.ts";
import type { PollRules } from "../../shared/domain/poll.ts";
import { createTestLog, testId, testPoll, testTag, type TestPoll } from "../../shared/domain/testing.ts";
import type { Appended } from "../ledger/ledger.ts";
import { sha256 } from "../ledger/sha256.ts";
import { MAX_STATIONS_NAMED } from "./limits.ts";
import { EVENT, createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
let openedMs: number;
beforeEach(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
  for (const [at, name] of ["Entrance", "Bar"].entries()) await admit(at, name);
});
afterEach(() => bed.close());

const stationOf = (at: number) => testId(0xb0 + at);
async function admit(at: number, name: string) {
  bed.texts.setStationName(stationOf(at), name);
  await bed.ledger.append({ kind: "station-admitted", station: stationOf(at), key: new Uint8Array(32) });
}
async function closedPoll(number = 1, rules: Partial<PollRules> = {}): Promise<TestPoll> {
  const poll = testPoll(sha256, number, { certify: "by-hand", ...rules });
  bed.pass(1000);
  await bed.ledger.append(poll.defined);
  const opened = await bed.ledger.append(poll.opened);
  bed.pass(1000);
  await bed.ledger.append(poll.closed);
  openedMs =
    (await bed.ledger.standing(opened.ok ? opened.cursor : 0)).polls.get(poll.definition.id)?.windows[0]?.fromMs ?? 0;
  return poll;
}
/** A station's log with one vote cast while the poll was open, and its word that no more will come. */
async function deliver(at: number, poll: TestPoll, drained = true) {
  const log = createTestLog(sha256, { log: testId(0xa0 + at), station: stationOf(at), event: EVENT });
  log.add({ kind: "clock", ms: 0, serverMs: openedMs, uncertaintyMs: 1 });
  log.add({ kind: "ballot", poll: poll.short, option: at + 1, tagKey: testTag(at), ms: 500, reader: 0 });
  if (drained) log.add({ kind: "drained", poll: poll.short, ms: 1500 });
  await bed.ledger.append(log.opened);
  await bed.ledger.append(log.batch());
  return log;
}
const get = async <Shown>(path: string, as: object = headers) =>
  (await bed.api.inject({ url: `/api/v1/polls/${path}`, headers: { ...as } })).json<Shown>();
const certify = ({ definition }: TestPoll, reason?: string, more: object = {}) =>
  bed.api.inject({
    method: "POST",
    url: `/api/v1/polls/${definition.id}/certify`,
    headers: { ...headers, ...more },
    ...(reason !== undefined && { payload: { reason } }),
  });

test("the organiser sees how far each station has delivered, and what it still has", async () => {
  const poll = await closedPoll(1, { certify: "by-itself" });
  await deliver(0, poll);
  bed.connected.push({ station: stationOf(1), sinceMs: 0, software: "", undelivered: 42, diverged: false });
  const shown = await get<Deliveries>(`${poll.definition.id}/certification`);
  const closedAt = (await get<Poll>(poll.definition.id)).closedAt ?? "";
  expect(shown).toEqual({
    poll: poll.definition.id,
    provisional: true,
    certifiesAt: new Date(Date.parse(closedAt) + CERTIFY_AFTER_MS).toISOString(),
    stations: [
      {
        station: stationOf(0),
        name: "Entrance",
        delivered: new Date(openedMs + 1500).toISOString(),
        missing: null,
        undelivered: null,
      },
      { station: stationOf(1), name: "Bar", delivered: null, missing: "not-drained", undelivered: 42 },
    ],
    cursor: (await bed.ledger.standing()).cursor,
  });
});

test("a poll by hand says no time at which it certifies itself", async () => {
  const poll = await closedPoll();
  expect(await get(`${poll.definition.id}/certification`)).toMatchObject({ certifiesAt: null });
});

test("once every station has delivered, a poll is certified without a reason, and its counts are final", async () => {
  const poll = await closedPoll();
  for (const at of [0, 1]) await deliver(at, poll);
  expect(await get(`${poll.definition.id}/tally`)).toMatchObject({ provisional: true });
  const reply = await certify(poll);
  expect(reply.statusCode).toBe(200);
  const shown = reply.json<Poll>();
  expect(shown).toMatchObject({ state: "certified", certified: { why: "by-hand", missing: [], reason: null } });
  expect(reply.headers.etag).toBe(`"${shown.cursor}"`);
  expect(await get<Tally>(`${poll.definition.id}/tally`, {})).toMatchObject({
    state: "certified",
    counts: [1, 1, 0],
    provisional: false,
    late: 0,
  });
  expect(await get(`${poll.definition.id}/certification`)).toMatchObject({ provisional: false, certifiesAt: null });
  expect(slugOf(await certify(poll))).toBe("already-certified");
});

test("without a reason a poll is not certified while stations are missing, and they are named", async () => {
  const poll = await closedPoll();
  await deliver(0, poll);
  const reply = await certify(poll);
  expect([reply.statusCode, slugOf(reply)]).toEqual([409, "reason-needed"]);
  expect(reply.json<Problem>().detail).toContain("Bar");
  expect(reply.json<Problem>().detail).not.toContain("Entrance");
  expect(await get(poll.definition.id)).toMatchObject({ state: "closed", certified: null });
});

test("of many missing stations a few are named and the rest counted", async () => {
  for (let at = 2; at < MAX_STATIONS_NAMED + 5; at++) await admit(at, `Tent ${at}`);
  const detail = (await certify(await closedPoll())).json<Problem>().detail;
  expect(detail).toContain("Tent 9 and 5 more");
});

test("with a reason it is; everybody can read which stations were missing, and the organiser why", async () => {
  const poll = await closedPoll();
  await deliver(0, poll);
  expect((await certify(poll, " The bar's kiosk fell into the pool. ")).statusCode).toBe(200);
  const shown = { why: "by-hand", missing: [{ station: stationOf(1), name: "Bar" }] };
  expect((await get<Poll>(poll.definition.id, {})).certified).toMatchObject({ ...shown, reason: null });
  const reason = "The bar's kiosk fell into the pool.";
  expect((await get<Poll>(poll.definition.id)).certified).toMatchObject({ ...shown, reason });
  const [{ change } = { change: undefined }] = (await bed.ledger.entries(1, 100)).filter(
    (entry) => entry.change.kind === "poll-barred",
  );
  expect(JSON.stringify(change)).not.toContain("pool");
});

test.each([
  ["draft", [], "not-closed"],
  ["open", ["opened"], "not-closed"],
  ["paused", ["opened", "paused"], "not-closed"],
] as const)("a poll that is %s is not certified", async (_, moves, slug) => {
  const poll = testPoll(sha256, 1);
  await bed.ledger.append(poll.defined);
  for (const move of moves) await bed.ledger.append(poll[move]);
  const reply = await certify(poll, "Why not?");
  expect([reply.statusCode, slugOf(reply)]).toEqual([409, slug]);
});

test("a poll that is not there, and an older sight of one, are not certified", async () => {
  expect(slugOf(await certify(testPoll(sha256, 99), "x"))).toBe("unknown-poll");
  const poll = await closedPoll();
  expect(slugOf(await certify(poll, "x", { "if-match": '"1"' }))).toBe("moved-on");
  const { cursor } = await get<Poll>(poll.definition.id);
  expect((await certify(poll, "x", { "if-match": `"${cursor}"` })).statusCode).toBe(200);
});

test.each(["", "  ", "x".repeat(501), "a\u0000b"])("the reason %j is refused", async (reason) => {
  expect(slugOf(await certify(await closedPoll(), reason))).toBe("invalid-body");
});

test("a certified poll takes no move any more", async () => {
  const poll = await closedPoll();
  await certify(poll, "x");
  for (const move of ["open", "pause", "close"]) {
    const url = `/api/v1/polls/${poll.definition.id}/${move}`;
    expect(slugOf(await bed.api.inject({ method: "POST", url, headers }))).toBe("already-certified");
  }
});

test("a station that delivers between the look and the barrier is looked at again", async () => {
  const poll = await closedPoll();
  await deliver(0, poll);
  let first = true;
  const hurried = await createTestBed({
    ledger: {
      ...bed.ledger,
      async watermarks(id) {
        const marks = await bed.ledger.watermarks(id);
        if (first) await deliver(1, poll);
        first = false;
        return marks;
      },
    },
  });
  const url = `/api/v1/polls/${poll.definition.id}/certify`;
  const reply = await hurried.api.inject({ method: "POST", url, headers: await hurried.organiser() });
  expect(reply.json()).toMatchObject({ state: "certified", certified: { missing: [] } });
  await hurried.close();
});

test("a disk that was full after the barrier is told, and the next attempt finishes it", async () => {
  const poll = await closedPoll();
  let full = true;
  const refusal: Appended = { ok: false, why: "not-stored", reason: "disk full. Free space." };
  const failing = await createTestBed({
    ledger: {
      ...bed.ledger,
      append: async (change, options) =>
        full && change.kind === "poll-certified" ? refusal : bed.ledger.append(change, options),
    },
  });
  const attempt = async () => {
    const url = `/api/v1/polls/${poll.definition.id}/certify`;
    return failing.api.inject({ method: "POST", url, headers: await failing.organiser(), payload: { reason: "x" } });
  };
  const failed = await attempt();
  expect([failed.statusCode, slugOf(failed)]).toEqual([503, "not-stored"]);
  expect(await get(poll.definition.id)).toMatchObject({ state: "closed", certified: null });
  full = false;
  expect((await attempt()).json()).toMatchObject({ state: "certified" });
  await failing.close();
});

test("ballots that come after the certificate are listed without their tags, and not counted", async () => {
  const poll = await closedPoll();
  await certify(poll, "Nobody came.");
  const log = await deliver(1, poll);
  const shown = await get<LateBallots>(`${poll.definition.id}/late`);
  expect(shown).toMatchObject({
    poll: poll.definition.id,
    total: 1,
    ballots: [
      {
        station: stationOf(1),
        name: "Bar",
        log: log.id,
        number: 2,
        option: 2,
        weight: 1,
        synchronised: true,
        castAt: new Date(openedMs + 500).toISOString(),
      },
    ],
  });
  expect(Object.keys(shown.ballots[0] ?? {})).not.toContain("tagKey");
  expect(await get(`${poll.definition.id}/tally`)).toMatchObject({ counts: [0, 0, 0], late: 1 });
});

test("a result after the close is shown to the public when it is certified, too", async () => {
  const poll = await closedPoll(1, { results: "after-close" });
  await certify(poll, "x");
  expect(await get(`${poll.definition.id}/tally`, {})).toMatchObject({ provisional: false });
});

test("counted ballots of a station whose clock was never compared are told", async () => {
  const poll = await closedPoll();
  const log = createTestLog(sha256, { station: stationOf(0), event: EVENT, openedAtMs: openedMs });
  log.add({ kind: "ballot", poll: poll.short, option: 1, tagKey: testTag(1), ms: 500, reader: 0 });
  await bed.ledger.append(log.opened);
  await bed.ledger.append(log.batch());
  expect(await get(`${poll.definition.id}/tally`)).toMatchObject({ counts: [1, 0, 0], unsynchronised: 1 });
});
