import { expect, test } from "vitest";
import { decodeBatch } from "../../shared/domain/batch.ts";
import type { LogRecord } from "../../shared/domain/record.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../shared/link/limits.ts";
import { createSentLog } from "./sent-log.ts";
import { stationKey } from "./station-keys.ts";

const ID = new Uint8Array(16).fill(7);
const ballot = (option: number): LogRecord => ({
  kind: "ballot",
  poll: new Uint8Array(8),
  option,
  tagKey: new Uint8Array(16),
  ms: option,
  reader: 0,
});

function begin(records: number) {
  const log = createSentLog({ key: stationKey("test", 0), log: ID, station: ID, event: ID, openedAtMs: 1 });
  for (let at = 1; at <= records; at++) log.append(ballot(at), at * 10);
  const next = () => {
    const frame = log.nextBatch();
    return frame && decodeBatch(frame[1]);
  };
  /** Running hash as the log itself says it at its end. */
  const end = () => log.opening()[4];
  return { log, next, end };
}

test("records leave once on a link, those that wait together", () => {
  const { log, next } = begin(3);
  expect(next()).toMatchObject({ first: 1, records: { length: 3 } });
  expect(next()).toBeUndefined();
  log.append(ballot(4), 40);
  expect(next()).toMatchObject({ first: 4, records: { length: 1 } });
});

test("no more batches are on the way than the window allows; an ack makes room", () => {
  const { log, next, end } = begin(0);
  const hashes: Uint8Array[] = [];
  for (let at = 1; at <= MAX_BATCHES_IN_FLIGHT + 1; at++) {
    log.append(ballot(1), 0);
    hashes.push(end());
    expect(next() === undefined).toBe(at > MAX_BATCHES_IN_FLIGHT);
  }
  log.acked(1, hashes[0] ?? ID, 0, false);
  expect(next()).toMatchObject({ first: MAX_BATCHES_IN_FLIGHT + 1 });
});

test("an ack tells how long each ballot waited, once", () => {
  const { log, end, next } = begin(2);
  next();
  expect(log.acked(2, end(), 100, false)).toEqual({ ok: true, waitedMs: [90, 80] });
  expect(log.acked(2, end(), 200, false)).toEqual({ ok: true, waitedMs: [] });
  expect(log.waiting()).toBe(0);
});

test("on the next link what the server does not have is sent again", () => {
  const { log, next, end } = begin(1);
  const first = end();
  log.append(ballot(2), 0);
  next();
  log.acked(1, first, 0, true);
  expect(next()).toMatchObject({ first: 2, records: { length: 1 } });
});

test("a server that has less than it acknowledged, or another history, is found out", () => {
  const { log, next, end } = begin(2);
  next();
  expect(log.acked(2, ID, 0, false)).toEqual({ ok: false, why: "other-history" });
  log.acked(2, end(), 0, false);
  expect(log.acked(1, ID, 0, true)).toEqual({ ok: false, why: "fell-behind" });
});
