import fc from "fast-check";
import { expect, test } from "vitest";
import { createManualClock } from "../clock.testing.ts";
import { createLogClock } from "./log-clock.ts";

const HOUR = 3_600_000;

function createBed() {
  const clock = createManualClock();
  let disturbances = 0;
  const log = createLogClock(clock);
  const stop = log.watch(() => void (disturbances += 1));
  return { clock, log, stop, disturbances: () => disturbances };
}

test("milliseconds go on through an hour of sleep, so a ballot after it without a link has the right time", () => {
  const { clock, log, disturbances } = createBed();
  clock.goOn(10_000);
  clock.sleep(HOUR);
  // The first thing after it, before any timer.
  expect(Math.abs(log.nowMs() - (HOUR + 10_000))).toBeLessThan(1_000);
  clock.goOn(5_000);
  expect(Math.abs(log.nowMs() - (HOUR + 15_000))).toBeLessThan(1_000);
  expect(disturbances()).toBe(1);
});

test("records of one moment ask for the uptime once: it costs more than all else of a record's time", () => {
  const clock = createManualClock();
  let asked = 0;
  const log = createLogClock({
    ...clock,
    uptimeMs() {
      asked += 1;
      return clock.uptimeMs();
    },
  });
  clock.goOn(1_000);
  for (let at = 0; at < 100; at++) expect(log.nowMs()).toBe(1_000);
  expect(asked).toBe(2);
  clock.goOn(30);
  expect(log.nowMs()).toBe(1_030);
  expect(asked).toBe(2);
  // In the middle of them: it may sleep at any moment.
  clock.sleep(HOUR);
  expect(Math.abs(log.nowMs() - (HOUR + 1_030))).toBeLessThan(1_000);
});

test("sleep is noticed by itself, within a second", () => {
  const { clock, stop, disturbances } = createBed();
  clock.goOn(3_500);
  clock.sleep(HOUR);
  expect(disturbances()).toBe(0);
  clock.goOn(1_000);
  expect(disturbances()).toBe(1);
  clock.goOn(60_000);
  expect(disturbances()).toBe(1);
  stop();
  clock.sleep(HOUR);
  clock.goOn(10_000);
  expect(disturbances()).toBe(1);
});

test("a calendar that is set moves no record, and has the server's clock measured anew", () => {
  const { clock, log, disturbances } = createBed();
  clock.goOn(2_000);
  clock.setWall(-HOUR);
  clock.goOn(1_000);
  expect([log.nowMs(), disturbances()]).toEqual([3_000, 1]);
  clock.setWall(500);
  clock.goOn(10_000);
  expect([log.nowMs(), disturbances()]).toEqual([13_000, 1]);
  expect(log.openedAtMs).toBe(1_800_000_000_000);
});

test("an uptime that only counts whole seconds is never taken for sleep, and time never goes back", () => {
  const step = fc.oneof(fc.record({ goOn: fc.nat({ max: 9_999 }) }), fc.record({ sleep: fc.nat({ max: 10 * HOUR }) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { clock, log } = createBed();
      let [awakeMs, sleptMs, sleeps, beforeMs] = [0, 0, 0, 0];
      for (const event of steps) {
        if ("goOn" in event) {
          clock.goOn(event.goOn);
          awakeMs += event.goOn;
        } else {
          clock.sleep(event.sleep);
          sleptMs += event.sleep;
          sleeps += 1;
        }
        const nowMs = log.nowMs();
        expect(nowMs).toBeGreaterThanOrEqual(beforeMs);
        expect(sleeps > 0 || nowMs === awakeMs).toBe(true);
        // Each sleep is known to the second; one of under three seconds may be missed.
        expect(Math.abs(nowMs - awakeMs - sleptMs)).toBeLessThan(1 + sleeps * 4_000);
        beforeMs = nowMs;
      }
    }),
  );
});
