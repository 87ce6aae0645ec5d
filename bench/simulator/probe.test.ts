import { expect, test } from "vitest";
import { createProbe } from "./probe.ts";

test("each probe ballot's way to a station is told once, also when a tally skips some", () => {
  let nowMs = 0;
  const told: number[] = [];
  const probe = createProbe(
    () => nowMs,
    (ms) => told.push(ms),
  );
  for (nowMs of [0, 250, 500]) probe.cast();
  nowMs = 510;
  let seen = probe.hear(0, 2);
  seen = probe.hear(seen, 2);
  expect(told).toEqual([510, 260]);
  nowMs = 520;
  expect(probe.hear(seen, 3)).toBe(3);
  expect(told).toEqual([510, 260, 20]);
});

test("a station that comes later is not asked for what was before it", () => {
  const told: number[] = [];
  const probe = createProbe(
    () => 9,
    (ms) => told.push(ms),
  );
  probe.cast();
  probe.hear(probe.count(), 1);
  expect(told).toEqual([]);
});
