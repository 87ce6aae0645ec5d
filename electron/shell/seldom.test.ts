import { expect, test } from "vitest";
import { createSeldom, SELDOM_MS } from "./seldom.ts";

test("the first is said at once, the next after a minute, with the number of those in between", () => {
  let nowMs = 0;
  const said: string[] = [];
  const seldom = createSeldom(
    (line) => said.push(line),
    () => nowMs,
  );
  for (const ms of [0, 1, 2, SELDOM_MS - 1, SELDOM_MS, SELDOM_MS * 2]) {
    nowMs = ms;
    seldom(`at ${ms}`);
  }
  expect(said).toEqual(["at 0", "at 60000 (and 3 more since the last such line)", "at 120000"]);
});
