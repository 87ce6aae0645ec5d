import { expect, test } from "vitest";
import { OVER_ALL, PER_ADDRESS, createThrottle } from "./throttle.ts";

function manualClock() {
  let nowMs = 1_000_000;
  return { clock: () => nowMs, pass: (ms: number) => void (nowMs += ms) };
}

test("mistypes are free, then each failure doubles the wait, up to a bound", () => {
  const { clock, pass } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i < PER_ADDRESS.free; i++) expect(throttle.attempt("10.0.0.1")).toBe(0);
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    const waitMs = throttle.attempt("10.0.0.1");
    waits.push(waitMs);
    pass(waitMs);
    expect(throttle.attempt("10.0.0.1")).toBe(0);
  }
  expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
  expect(waits.at(-1)).toBe(PER_ADDRESS.maxDelayMs);
});

test("one address's failures do not make another wait", () => {
  const { clock } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i <= PER_ADDRESS.free; i++) throttle.attempt("10.0.0.1");
  expect(throttle.attempt("10.0.0.1")).toBeGreaterThan(0);
  expect(throttle.attempt("10.0.0.2")).toBe(0);
});

test("many addresses together are slowed down too, by seconds at most", () => {
  const { clock } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i < OVER_ALL.free; i++) expect(throttle.attempt(`10.0.1.${i}`)).toBe(0);
  expect(throttle.attempt("10.9.9.9")).toBeGreaterThan(0);
  expect(throttle.attempt("10.9.9.9")).toBeLessThanOrEqual(OVER_ALL.maxDelayMs);
});

test("all addresses of one IPv6 network share a budget", () => {
  const { clock } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i < PER_ADDRESS.free; i++) throttle.attempt(`2001:db8:1:2::${i}`);
  expect(throttle.attempt("2001:db8:1:2:ffff::1")).toBeGreaterThan(0);
  expect(throttle.attempt("2001:db8:1:3::1")).toBe(0);
});

test("success clears an address, and a quiet quarter of an hour clears everything", () => {
  const { clock, pass } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i < PER_ADDRESS.free; i++) throttle.attempt("10.0.0.1");
  throttle.succeeded("10.0.0.1");
  expect(throttle.attempt("10.0.0.1")).toBe(0);
  for (let i = 0; i < PER_ADDRESS.free; i++) throttle.attempt("10.0.0.1");
  pass(PER_ADDRESS.forgetMs + 1);
  expect(throttle.attempt("10.0.0.1")).toBe(0);
});

test("a clock set back makes nobody wait for longer than the delay", () => {
  const { clock, pass } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i < PER_ADDRESS.free; i++) throttle.attempt("10.0.0.1");
  pass(-500_000);
  expect(throttle.attempt("10.0.0.1")).toBeLessThanOrEqual(PER_ADDRESS.firstDelayMs);
});

test.each([
  ["2001:db8::1", "2001:db8::2:0:0:2"],
  ["2001:db8:0:0:1::1", "2001:db8::ffff:1:2:3"],
  ["fe80::1", "fe80::2"],
])("however it is written, %s is of one network with %s", (one, other) => {
  const { clock } = manualClock();
  const throttle = createThrottle(clock);
  for (let i = 0; i < PER_ADDRESS.free; i++) throttle.attempt(one);
  expect(throttle.attempt(other)).toBeGreaterThan(0);
});

test("guesses from a thousand addresses keep nobody waiting who logged in before, nor at the server itself", () => {
  const { clock, pass } = manualClock();
  const throttle = createThrottle(clock);
  expect(throttle.attempt("10.0.0.1")).toBe(0);
  throttle.succeeded("10.0.0.1");
  for (let i = 0; i < 1_000; i++) {
    throttle.attempt(`10.7.${i >> 8}.${i & 255}`);
    pass(50);
  }
  expect(throttle.attempt("10.9.9.9")).toBeGreaterThan(0);
  expect([throttle.attempt("10.0.0.1"), throttle.attempt("127.0.0.1")]).toEqual([0, 0]);
  for (let i = 0; i <= PER_ADDRESS.free; i++) throttle.attempt("10.0.0.1");
  expect(throttle.attempt("10.0.0.1")).toBeGreaterThan(0);
});
