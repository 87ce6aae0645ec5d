import { expect, test } from "vitest";
import type { Touch } from "../../../shared/events/stream.ts";
import { createTouches } from "./touches.ts";

function createFinger(answer: () => Promise<number> = async () => 202) {
  const state = { nowMs: 0 };
  const posted: number[] = [];
  const told: string[] = [];
  const settled: Promise<unknown>[] = [];
  const touches = createTouches({
    post({ option }: Touch) {
      posted.push(option);
      const answered = answer();
      settled.push(answered.catch(() => undefined));
      return answered;
    },
    nowMs: () => state.nowMs,
    onNotTaken: (option, kind) => void told.push(`${option} ${kind}`),
  });
  const touch = (option: number) => touches({ poll: "p", option });
  const done = async () => {
    await Promise.all(settled);
    // What follows an answer runs after it.
    await new Promise((resolve) => void setTimeout(resolve, 0));
  };
  return { state, posted, told, touch, done };
}

test("a finger that bounces and a key that is held down are one touch", async () => {
  const { state, posted, touch, done } = createFinger();
  for (let count = 0; count < 100; count++) {
    touch(2);
    state.nowMs += 30;
  }
  state.nowMs += 600;
  touch(2);
  await done();
  expect(posted).toEqual([2, 2]);
});

test("another answer is another touch, however quick", async () => {
  const { posted, told, touch, done } = createFinger();
  touch(1);
  touch(2);
  touch(1);
  await done();
  expect([posted, told]).toEqual([[1, 2, 1], []]);
});

test.each<[string, () => Promise<number>, string]>([
  ["nobody votes by touch now", async () => 409, "slow-down"],
  ["it came with too many others", async () => 429, "slow-down"],
  ["the station refuses it", async () => 403, "not-stored"],
  ["the station is not there", () => Promise.reject(new TypeError("failed to fetch")), "not-stored"],
])("when %s, whoever touched is told", async (_, answer, kind) => {
  const { told, touch, done } = createFinger(answer);
  touch(3);
  await done();
  expect(told).toEqual([`3 ${kind}`]);
});
