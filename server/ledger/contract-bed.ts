/** What the contract's tests stand on: ledgers that are closed after each test, a clock, and an event to begin with. */
// oxlint-disable-next-line no-restricted-imports -- a part of the contract suite, which *.test.ts files run
import { afterEach, expect } from "vitest";
import { createMemoryProjection } from "../../shared/domain/memory-projection.ts";
import { foldEntry } from "../../shared/domain/fold.ts";
import type { Change } from "../../shared/domain/entry.ts";
import type { LogRecord } from "../../shared/domain/record.ts";
import type { Verdict } from "../../shared/domain/verdict.ts";
import { createTestLog, testId, testTag, type TestLog, type TestPoll } from "../../shared/domain/testing.ts";
import type { Appended, Ledger } from "./ledger.ts";
import { sha256 } from "./sha256.ts";

/** One data directory, opened any number of times one after another. */
export interface LedgerPlace {
  open(clock: () => number): Promise<Ledger>;
  remove(): Promise<void>;
}

export const EVENT = testId(0xc);
export const STATION = testId(0xb);
export const T0 = 1_800_000_000_000;

export const vote = (poll: TestPoll, tag: number, option: number, ms: number): LogRecord => ({
  kind: "ballot",
  poll: poll.short,
  option,
  tagKey: testTag(tag),
  ms,
  reader: 1,
});
export const clockAt = (serverMs: number): LogRecord => ({ kind: "clock", ms: 0, serverMs, uncertaintyMs: 5 });
export const drained = (poll: TestPoll, ms: number): LogRecord => ({ kind: "drained", poll: poll.short, ms });

export const admitted = (station: string): Change => ({ kind: "station-admitted", station, key: new Uint8Array(32) });

/** Appends changes that all take effect. */
export async function appendAll(ledger: Ledger, ...changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    const appended = await ledger.append(change);
    expect(appended).toMatchObject({ ok: true });
    if (appended.ok && appended.folded.kind === "act") expect(appended.folded.refused).toBeNull();
  }
}

/** An event with one admitted station, one open poll, and a log whose clock started at `T0`. */
export async function begin(ledger: Ledger, poll: TestPoll): Promise<TestLog> {
  await appendAll(ledger, { kind: "event-created", event: EVENT }, admitted(STATION), poll.defined, poll.opened);
  return startLog(ledger, { log: testId(0xa) });
}

/** A log of the event whose clock started at `T0`; `STATION`'s unless told otherwise. */
export async function startLog(
  ledger: Ledger,
  options: Pick<NonNullable<Parameters<typeof createTestLog>[1]>, "log" | "station" | "parent">,
): Promise<TestLog> {
  const log = createTestLog(sha256, { station: STATION, event: EVENT, openedAtMs: T0, ...options });
  log.add(clockAt(T0));
  await appendAll(ledger, log.opened, log.batch());
  return log;
}

/** The fold of a ledger's entries in memory: what any projection of them must say. */
async function foldInMemory(ledger: Ledger): Promise<unknown> {
  const projection = createMemoryProjection();
  for (const entry of await ledger.entries(1, 100_000)) foldEntry(projection, sha256, entry);
  return projection.dump();
}

/** The projection is what its entries make of it: thrown away and folded anew, and folded in memory. */
export async function expectRebuilt(ledger: Ledger): Promise<void> {
  const live = await ledger.dump();
  const { cursor } = await ledger.standing();
  expect(await ledger.rebuild()).toBe(cursor);
  expect(await ledger.dump()).toEqual(live);
  expect(await foldInMemory(ledger)).toEqual(live);
}

/** Adds records to a log and appends them as one batch. */
export async function send(ledger: Ledger, log: TestLog, ...records: LogRecord[]): Promise<Appended> {
  const first = log.records.length + 1;
  log.add(...records);
  return ledger.append(log.batch(first));
}

/** The same, where the batch is folded; the verdicts. */
export async function cast(ledger: Ledger, log: TestLog, ...records: LogRecord[]): Promise<Verdict[]> {
  const appended = await send(ledger, log, ...records);
  if (!appended.ok || appended.folded.kind !== "batch")
    throw new Error(`no batch was folded: ${JSON.stringify(appended)}`);
  return appended.folded.verdicts.map(({ verdict }) => verdict);
}

export const pollOf = async (ledger: Ledger, poll: TestPoll) => (await ledger.standing()).polls.get(poll.definition.id);
export const tallyOf = async (ledger: Ledger, poll: TestPoll) => (await pollOf(ledger, poll))?.tally;

export interface Bed {
  opened(place?: LedgerPlace): Promise<{ place: LedgerPlace; ledger: Ledger }>;
  /** The server's clock from now on, in milliseconds after `T0`. */
  setClock(ms: number): void;
}

/** To be called inside of `describe`: it cleans up after each test. */
export function createBed(newPlace: () => LedgerPlace): Bed {
  const places: LedgerPlace[] = [];
  const ledgers: Ledger[] = [];
  let nowMs = T0;
  afterEach(async () => {
    nowMs = T0;
    for (const ledger of ledgers.splice(0)) await ledger.close();
    for (const place of places.splice(0)) await place.remove();
  });
  return {
    async opened(place = newPlace()) {
      places.push(place);
      const ledger = await place.open(() => nowMs);
      ledgers.push(ledger);
      return { place, ledger };
    },
    setClock: (ms) => void (nowMs = T0 + ms),
  };
}
