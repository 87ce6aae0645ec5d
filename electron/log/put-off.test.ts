import { expect, test } from "vitest";
import { createManualClock } from "../clock.testing.ts";
import type { LogRequest } from "./log-messages.ts";
import { createPutOff } from "./put-off.ts";

const LOG = new Uint8Array(16);
const acked = (upTo: number): LogRequest => ({ kind: "acked", log: LOG, upTo });

function createBed() {
  const clock = createManualClock();
  const told: LogRequest[] = [];
  return { clock, told, putOff: createPutOff((request) => void told.push(request), clock.setTimer) };
}

test("of many acks the newest is passed on, a few times a second", () => {
  const { clock, told, putOff } = createBed();
  for (let upTo = 1; upTo <= 100; upTo++) {
    putOff.add("acked", acked(upTo));
    clock.goOn(20);
  }
  expect(told.length).toBeGreaterThan(5);
  expect(told.length).toBeLessThan(15);
  clock.goOn(1_000);
  expect(told.at(-1)).toEqual(acked(100));
});

test("what is asked meanwhile finds it passed on, once", () => {
  const { clock, told, putOff } = createBed();
  putOff.add("acked", acked(1));
  putOff.flush();
  putOff.flush();
  clock.goOn(1_000);
  expect(told).toEqual([acked(1)]);
  expect(clock.set()).toBe(0);
});
