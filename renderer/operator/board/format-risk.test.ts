import { expect, test } from "vitest";
import { aPanel, aPoll } from "../panel.testing.ts";
import { isVoting } from "./format-risk.ts";

const poll = (state: "open" | "paused" | "closed" | "certified") => ({ ...aPoll(["Tea", "Coffee"]), state });

test("voters may be counted again while a vote is open or paused, and not before, after or between", () => {
  const states = (["open", "paused", "closed", "certified"] as const).map((state) => aPanel({ poll: poll(state) }));
  expect([...states, aPanel()].map(isVoting)).toEqual([true, true, false, false, false]);
});

test("in test mode no vote is at risk", () => {
  expect(isVoting(aPanel({ poll: poll("open"), test: { taps: 3, counts: [3, 0] } }))).toBe(false);
});
