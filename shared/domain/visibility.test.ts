import { expect, test } from "vitest";
import { Results } from "./poll.ts";
import { mayShow, type Audience } from "./visibility.ts";

const when = (audience: Audience, results: Results) =>
  (["open", "paused", "closed"] as const).filter((state) => mayShow(audience, { results, state }));

test("nobody but the organiser is told a result before its time", () => {
  const always = ["open", "paused", "closed"];
  expect(Results.options.map((results) => [results, when("station", results), when("public", results)])).toEqual([
    ["live", always, always],
    ["after-vote", always, ["closed"]],
    ["after-close", ["closed"], ["closed"]],
    ["organiser", [], []],
  ]);
});
