import { expect, test } from "vitest";
import { createServerClock } from "./clock.ts";

function createClock(wall = 1_000_000) {
  const state = { wall, monotonic: 0 };
  const clock = createServerClock(
    () => state.wall,
    () => state.monotonic,
  );
  const pass = (ms: number) => {
    state.wall += ms;
    state.monotonic += ms;
    return clock.now();
  };
  return { state, clock, pass };
}

test("says what the computer's clock says", () => {
  const { pass } = createClock();
  expect([pass(0), pass(10), pass(5_000)]).toEqual([1_000_000, 1_000_010, 1_005_010]);
});

test("goes on when the computer's clock is put back, at the same pace", () => {
  const { state, pass } = createClock();
  pass(100);
  state.wall -= 600_000;
  expect([pass(0), pass(1), pass(1_000)]).toEqual([1_000_100, 1_000_101, 1_001_101]);
});

test("goes along when it is put forward, or the computer has slept", () => {
  const { state, pass } = createClock();
  pass(100);
  state.wall += 3_600_000;
  expect([pass(0), pass(7)]).toEqual([4_600_100, 4_600_107]);
});

test("does not begin before what the ledger says was", () => {
  const { clock, pass } = createClock();
  clock.notBefore(1_600_000);
  expect([pass(0), pass(50)]).toEqual([1_600_000, 1_600_050]);
  clock.notBefore(5);
  expect(pass(0)).toBe(1_600_050);
});

test("loses nothing, however often it is asked within a millisecond", () => {
  const { state, clock } = createClock();
  clock.now();
  state.wall -= 1_000;
  for (let at = 0; at < 10_000; at++) {
    state.monotonic += 0.1;
    clock.now();
  }
  expect(clock.now()).toBeGreaterThanOrEqual(1_000_999);
});
