import { expect, test } from "vitest";
import type { FrameOf } from "../../shared/link/frames.ts";
import { createMeasures } from "./measures.ts";

const none = { waiting: 0, online: 0 };
const nothing = { atMs: 0, links: 0, online: 0, waiting: 0, cpu: 0, rssMb: 0 };

test("a second tells what happened in it alone; the totals what happened at all", () => {
  const measures = createMeasures(() => 0);
  measures.made(3);
  measures.acked([10, 20], 1);
  measures.closed(4429);
  expect(measures.second(1, nothing)).toMatchObject({ made: 3, acked: 2, ackP50: 10, ackP99: 20, closes: { 4429: 1 } });
  measures.acked([30], 0);
  expect(measures.second(0.5, nothing)).toMatchObject({ made: 0, acked: 2, ackP50: 30, tallyP50: null, closes: {} });
  expect(measures.totals({ waiting: 7, online: 0 })).toMatchObject({
    made: 3,
    acked: 3,
    waiting: 7,
    exceptions: 1,
    ackMost: 30,
    closes: { 4429: 1 },
  });
});

test("latencies are those since the mark", () => {
  const measures = createMeasures(() => 0);
  measures.acked([1_000], 0);
  measures.mark();
  expect(measures.totals(none)).toMatchObject({ ackP50: null, ackMost: null });
  measures.tallied(5);
  expect(measures.totals(none)).toMatchObject({ ackP50: null, tallyP50: 5 });
});

test("of hundreds of thousands of latencies enough are kept for their quantiles, and of the longest nothing is lost", () => {
  const measures = createMeasures(() => 0);
  for (let at = 0; at < 300; at++) {
    measures.acked(
      Array.from({ length: 1_000 }, (_, ms) => ms),
      0,
    );
    measures.second(1, nothing);
  }
  measures.acked([5_000], 0);
  const { ackP50, ackP99, ackMost } = measures.totals(none);
  expect(ackP50).toBeGreaterThan(480);
  expect(ackP50).toBeLessThan(520);
  expect(ackP99).toBeGreaterThan(980);
  expect(ackMost).toBe(5_000);
});

test("who heard of a poll is counted for its last move", () => {
  let nowMs = 0;
  const measures = createMeasures(() => nowMs);
  const moved = (moves: number): FrameOf<"poll"> => [
    21,
    1,
    [1, moves, [], null, null],
    new Uint8Array(30),
    new Uint8Array(64),
  ];
  measures.poll(moved(1));
  for (nowMs of [100, 110, 190]) measures.poll(moved(2));
  expect(measures.totals(none).poll).toEqual({ stations: 3, firstMs: 100, middleMs: 110, lastMs: 190 });
});
