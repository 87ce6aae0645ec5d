import { expect, test } from "vitest";
import { Results } from "./poll.ts";
import { mayShow, type Audience } from "./visibility.ts";

const when = (audience: Audience, results: Results) =>
  (["open", "paused", "closed", "certified"] as const).filter((state) => mayShow(audience, { results, state }));

test("nobody but the organiser is told a result before its time", () => {
  const always = ["open", "paused", "closed", "certified"];
  const over = ["closed", "certified"];
  expect(Results.options.map((results) => [results, when("station", results), when("public", results)])).toEqual([
    ["live", always, always],
    ["after-vote", always, over],
    ["after-close", over, over],
    ["organiser", [], []],
  ]);
});
