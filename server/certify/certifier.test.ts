import { afterEach, beforeEach, expect, test } from "vitest";
import { CERTIFY_AFTER_MS } from "../../shared/domain/certification.ts";
import type { Certify } from "../../shared/domain/poll.ts";
import { createTestLog, testId, testPoll, testTag, type TestPoll } from "../../shared/domain/testing.ts";
import { createCertifier, type Certifier } from "./certifier.ts";
import { createMemoryLedger, sha256, type MemoryLedger } from "./memory-ledger.testing.ts";

const EVENT = testId(0xe);
const STATIONS = [testId(0xb1), testId(0xb2)];
let nowMs: number;
let timers: { atMs: number; run: () => void }[];
let ledger: MemoryLedger;
let certifier: Certifier | null;
let reports: string[];
/** When stations were on the link first. */
let met: Map<string, number>;
beforeEach(async () => {
  nowMs = 1_000;
  timers = [];
  reports = [];
  certifier = null;
  // On the link for longer than anybody waits; a test says so where it is about that.
  met = new Map(STATIONS.map((station) => [station, -1_000_000]));
  ledger = createMemoryLedger(() => nowMs);
  await ledger.append({ kind: "event-created", event: EVENT });
  for (const station of STATIONS) {
    await ledger.append({ kind: "station-admitted", station, key: new Uint8Array(32) });
  }
});
afterEach(() => certifier?.close());

/** Everything that is only waiting for promises. */
const settle = () => new Promise((resolve) => void setImmediate(resolve));

function start() {
  certifier = createCertifier({
    ledger,
    clock: () => nowMs,
    setTimer(run, delayMs) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    metAtMs: (station) => met.get(station),
    onRefused: (poll, why) => void reports.push(`${poll} ${why}`),
    onFailed: (error) => void reports.push(String(error)),
  });
  return settle();
}

async function pass(ms: number) {
  await settle();
  const untilMs = nowMs + ms;
  for (;;) {
    const [next] = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
    if (next === undefined) break;
    nowMs = Math.max(nowMs, next.atMs);
    timers = timers.filter((other) => other !== next);
    next.run();
    await settle();
  }
  nowMs = untilMs;
}

async function closedPoll(number: number, certify: Certify = "by-itself"): Promise<TestPoll> {
  const poll = testPoll(sha256, number, { certify });
  for (const act of [poll.defined, poll.opened]) await ledger.append(act);
  nowMs += 100;
  await ledger.append(poll.closed);
  await settle();
  return poll;
}

/** The station's log: a vote in time, and its word that it has drained. */
async function logOf(at: number, poll: TestPoll) {
  const openedMs = (await rowOf(poll))?.windows[0]?.fromMs ?? 0;
  const log = createTestLog(sha256, { log: testId(0xa0 + at), station: STATIONS[at] ?? "", event: EVENT });
  log.add({ kind: "clock", ms: 0, serverMs: openedMs, uncertaintyMs: 1 });
  log.add({ kind: "ballot", poll: poll.short, option: 1, tagKey: testTag(at), ms: 50, reader: 0 });
  log.add({ kind: "drained", poll: poll.short, ms: 150 });
  return log;
}
async function drain(at: number, poll: TestPoll) {
  const log = await logOf(at, poll);
  await ledger.append(log.opened);
  await ledger.append(log.batch());
  await settle();
}
const rowOf = async ({ definition }: TestPoll) => (await ledger.standing()).polls.get(definition.id);
const refusals = () => ledger.acts.flatMap(({ refused }) => refused ?? []);

test("a closed poll is certified a second after the last station has drained, at the latest", async () => {
  await start();
  const poll = await closedPoll(1);
  await drain(0, poll);
  await pass(5_000);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  await drain(1, poll);
  await pass(1_000);
  expect(await rowOf(poll)).toMatchObject({
    state: "certified",
    tally: [2, 0, 0],
    barrier: { why: "drained", missing: [] },
  });
  expect(refusals()).toEqual([]);
});

test("with nobody to wait for, a poll is certified at once", async () => {
  ledger = createMemoryLedger(() => nowMs);
  await ledger.append({ kind: "event-created", event: EVENT });
  await start();
  const poll = await closedPoll(1);
  expect(await rowOf(poll)).toMatchObject({ state: "certified" });
});

test("a poll that closes in the middle of a look is seen by the next", async () => {
  const poll = testPoll(sha256, 1);
  for (const act of [poll.defined, poll.opened]) await ledger.append(act);
  for (const station of STATIONS) await ledger.append({ kind: "station-revoked", station, accepted: [] });
  const { standing } = ledger;
  ledger.standing = async () => {
    const before = await standing();
    ledger.standing = standing;
    await ledger.append(poll.closed);
    return before;
  };
  await start();
  await pass(1_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified" });
});

test("a day after the close it is certified without the stations that are missing, and names them", async () => {
  await start();
  const poll = await closedPoll(1);
  await drain(1, poll);
  const closedMs = (await rowOf(poll))?.closed?.atMs ?? 0;
  await pass(closedMs + CERTIFY_AFTER_MS - 1 - nowMs);
  expect(await rowOf(poll)).toMatchObject({ state: "closed" });
  await pass(1_001);
  expect(await rowOf(poll)).toMatchObject({
    state: "certified",
    tally: [1, 0, 0],
    barrier: { why: "time", missing: [STATIONS[0]], reason: null },
  });
});

test("a poll that a station brought back is certified after a day, though all that are known have drained", async () => {
  await start();
  const poll = testPoll(sha256, 1);
  const course = {
    state: "closed",
    moves: 2,
    windows: [{ fromMs: 0, toMs: 100 }],
    closedAtMs: 100,
    totals: null,
  } as const;
  await ledger.append({ kind: "poll-restored", ...poll.facts, ...course, windows: [...course.windows] });
  for (const at of [0, 1]) await drain(at, poll);
  const backMs = (await rowOf(poll))?.closed?.backAtMs ?? 0;
  await pass(backMs + CERTIFY_AFTER_MS - 1 - nowMs);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  await pass(1_001);
  expect(await rowOf(poll)).toMatchObject({ state: "certified", barrier: { why: "drained", missing: [] } });
  expect(refusals()).toEqual([]);
});

test("after a start it waits for all stations to be back, since they may know of a certificate that it does not", async () => {
  const poll = await closedPoll(1);
  for (const at of [0, 1]) await drain(at, poll);
  met = new Map([[STATIONS[0] ?? "", nowMs]]);
  await start();
  await pass(60_000);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  met.set(STATIONS[1] ?? "", nowMs);
  await pass(1_000);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  await pass(2_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified", barrier: { why: "drained" } });
});

test("after a start it does not wait for ever for one that had delivered everything", async () => {
  const poll = await closedPoll(1);
  for (const at of [0, 1]) await drain(at, poll);
  met = new Map();
  await start();
  await pass(299_000);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  await pass(2_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified", barrier: { why: "drained" } });
});

test("a server that was away for a day waits for its stations to come back before it gives them up", async () => {
  const poll = await closedPoll(1);
  await pass(2 * CERTIFY_AFTER_MS);
  await start();
  await pass(60_000);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  for (const at of [0, 1]) await drain(at, poll);
  await pass(1_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified", barrier: { why: "drained" } });
});

test("a poll by hand is left to the organiser, however long", async () => {
  await start();
  const poll = await closedPoll(1, "by-hand");
  for (const at of [0, 1]) await drain(at, poll);
  await pass(2 * CERTIFY_AFTER_MS);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
  expect(ledger.asked).toBe(0);
});

test("a barrier without its certificate, left by a crash, is completed at the start, by hand or not", async () => {
  for (const [number, certify] of [
    [1, "by-itself"],
    [2, "by-hand"],
  ] as const) {
    const poll = await closedPoll(number, certify);
    const missing = ledger.missing(poll.definition.id);
    const reason = "a".repeat(64);
    await ledger.append({ kind: "poll-barred", poll: poll.definition.id, why: "by-hand", missing, reason });
  }
  await start();
  await pass(1_000);
  const states = [...(await ledger.standing()).polls.values()].map(({ state }) => state);
  expect(states).toEqual(["certified", "certified"]);
});

test("a certificate that somebody else is about to append is not raced", async () => {
  await start();
  const poll = await closedPoll(1, "by-hand");
  const missing = ledger.missing(poll.definition.id);
  const reason = "a".repeat(64);
  await ledger.append({ kind: "poll-barred", poll: poll.definition.id, why: "by-hand", missing, reason });
  const { cursor } = await ledger.standing();
  for (let votes = 0; votes < 5; votes++) {
    await ledger.append({ kind: "roll-adopted", chunks: [] });
    await settle();
  }
  await ledger.append({ kind: "poll-certified", poll: poll.definition.id, barrier: cursor, totals: [0, 0, 0] });
  await pass(5_000);
  expect(refusals()).toEqual([]);
});

test("a full disk is tried again until it takes it", async () => {
  await start();
  const poll = await closedPoll(1);
  for (const at of [0, 1]) await drain(at, poll);
  ledger.disk.full = true;
  await pass(10_000);
  expect(await rowOf(poll)).toMatchObject({ state: "closed" });
  ledger.disk.full = false;
  await pass(2_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified" });
  expect(reports).toEqual([]);
});

test("a disk that is full between the barrier and the certificate delays the certificate only", async () => {
  await start();
  const poll = await closedPoll(1);
  await drain(0, poll);
  await drain(1, poll);
  // Full from the moment the barrier was committed.
  const stop = ledger.onCommit(({ polls }) => void (ledger.disk.full = polls.some(({ barrier }) => barrier !== null)));
  await pass(3_000);
  const barred = await rowOf(poll);
  expect(barred).toMatchObject({ state: "closed", barrier: { why: "drained" } });
  stop();
  ledger.disk.full = false;
  await pass(3_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified", barrier: barred?.barrier });
});

test("a station that joins between the look and the barrier stops it, and is waited for", async () => {
  const poll = await closedPoll(1);
  for (const at of [0, 1]) await drain(at, poll);
  const copy = createTestLog(sha256, { log: testId(0xaf), station: STATIONS[0] ?? "", event: EVENT });
  ledger.meanwhile = () => ledger.append(copy.opened);
  await start();
  await pass(1_000);
  expect(refusals()).toEqual(["missing-changed"]);
  expect(await rowOf(poll)).toMatchObject({ state: "closed", barrier: null });
});

test("watermarks are asked for once a second at most, and not at all while nothing changes", async () => {
  await start();
  const poll = await closedPoll(1);
  await pass(60_000);
  expect(ledger.asked).toBeLessThanOrEqual(2);
  const before = ledger.asked;
  const log = await logOf(0, poll);
  await ledger.append(log.opened);
  for (let at = 0; at < 100; at++) {
    await ledger.append({ kind: "roll-adopted", chunks: [] });
    await pass(100);
  }
  expect(ledger.asked - before).toBeGreaterThanOrEqual(9);
  expect(ledger.asked - before).toBeLessThanOrEqual(11);
});

test("with no closed poll there is nothing to wake up for", async () => {
  await start();
  await ledger.append(testPoll(sha256, 1).defined);
  await settle();
  expect(timers).toEqual([]);
});

test("what the fold refuses for good is reported, and not asked of it every second", async () => {
  const poll = await closedPoll(1);
  for (const at of [0, 1]) await drain(at, poll);
  const { watermarks } = ledger;
  // A ledger whose watermarks are ahead of its fold: the disagreement of a bug.
  ledger.watermarks = async (id) => (await watermarks(id))?.map((mark) => ({ ...mark, missing: null }));
  const append = ledger.append;
  ledger.append = (change) => append(change.kind === "poll-barred" ? { ...change, poll: testId(0xff) } : change);
  await start();
  await pass(59_000);
  expect(refusals()).toEqual(["unknown-poll"]);
  expect(reports).toEqual([`${testId(1)} unknown-poll`]);
});

test("once closed, it does nothing more", async () => {
  await start();
  const poll = await closedPoll(1);
  await certifier?.close();
  for (const at of [0, 1]) await drain(at, poll);
  await pass(CERTIFY_AFTER_MS * 2);
  expect(await rowOf(poll)).toMatchObject({ state: "closed" });
  expect(timers).toEqual([]);
});

test("a revoked station is not waited for", async () => {
  await start();
  const poll = await closedPoll(1);
  await drain(0, poll);
  await pass(2_000);
  await ledger.append({ kind: "station-revoked", station: STATIONS[1] ?? "", accepted: [] });
  await pass(1_000);
  expect(await rowOf(poll)).toMatchObject({ state: "certified", barrier: { missing: [] } });
});
