import { expect, test } from "vitest";
import type { FrameOf } from "../../shared/link/frames.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { createHistory } from "./history.ts";

const LOGS = [1, 2, 3].map((fill) => new Uint8Array(16).fill(fill));
const OURS = new Uint8Array(32).fill(7);
const OTHER = new Uint8Array(32).fill(8);
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

function createAsked() {
  const asked: FrameOf<"where">[] = [];
  const state = { up: true };
  const history = createHistory({
    send(frame) {
      if (state.up) asked.push(frame);
      return state.up;
    },
    hashAt: () => Promise.resolve(OURS),
  });
  /** Answers what was asked last. */
  const answer = (hash: Uint8Array) => {
    const [, log, number] = asked.at(-1) ?? [FRAME.where, new Uint8Array(16), 0];
    return history.onPlace([FRAME.place, log, number, hash]);
  };
  return { history, asked, state, answer };
}

test("many logs are compared one question at a time, and each comes to its own end", async () => {
  const { history, asked, answer } = createAsked();
  const found = Promise.all(LOGS.map((log) => history.lastCommon(log, 1, 1)));
  for (let at = 0; at < LOGS.length; at++) {
    await turn();
    expect(asked).toHaveLength(at + 1);
    expect(answer(at === 1 ? OTHER : OURS)).toBe(true);
  }
  expect(await found).toEqual([1, 0, 1]);
});

test("what waited for its turn when the link broke is not asked on the next one", async () => {
  const { history, asked } = createAsked();
  const found = Promise.all(LOGS.map((log) => history.lastCommon(log, 1, 1)));
  await turn();
  history.disconnected();
  expect(await found).toEqual([undefined, undefined, undefined]);
  expect(asked).toHaveLength(1);
});

test("an answer that nobody asked for is none", async () => {
  const { history, asked, answer } = createAsked();
  expect(answer(OURS)).toBe(false);
  const found = history.lastCommon(LOGS[0] ?? OURS, 1, 1);
  await turn();
  expect(history.onPlace([FRAME.place, LOGS[1] ?? OURS, asked[0]?.[2] ?? 0, OURS])).toBe(false);
  answer(OURS);
  expect(await found).toBe(1);
});
