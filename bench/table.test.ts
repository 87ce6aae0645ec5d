import { expect, test } from "vitest";
import { ROWS, ROW_NAMES, isReached, reachOf, rowOf } from "./rows.ts";
import { figure, peerTableOf, tableOf } from "./table.ts";

test("a row holds the medians, their ratio and the spread of our values", () => {
  expect(rowOf({ name: "endToEnd.p50", values: [6, 4, 5], floors: [4, 2, 9] })).toEqual({
    name: "endToEnd.p50",
    unit: "ms",
    value: 5,
    floor: 4,
    ratio: 1.25,
    spread: 0.4,
  });
});

test("what is to be small is reached from below, what is to be large from above, bytes by themselves", () => {
  const at = (name: "endToEnd.p50" | "endToEnd.burst" | "disk.perBallot" | "endToEnd.p99", value: number) =>
    isReached(rowOf({ name, values: [value], floors: [100] }), reachOf(name));
  expect([at("endToEnd.p50", 130), at("endToEnd.p50", 131)]).toEqual([true, false]);
  expect([at("endToEnd.burst", 80), at("endToEnd.burst", 79)]).toEqual([true, false]);
  expect([at("disk.perBallot", 60), at("disk.perBallot", 61)]).toEqual([true, false]);
  expect(at("endToEnd.p99", 10_000)).toBeUndefined();
});

test("every row is listed once", () => {
  expect(ROW_NAMES.toSorted()).toEqual(Object.keys(ROWS).toSorted());
});

test("the table is Markdown, with columns in line", () => {
  const rows = [
    rowOf({ name: "wire.tally50", values: [169], floors: [180] }),
    rowOf({ name: "endToEnd.burst", values: [2000, 2100, 1900], floors: [4000] }),
  ];
  expect(tableOf(rows)).toBe(
    [
      "| row            | unit   | ours | floor | ratio | spread | reach       | reached |",
      "| -------------- | ------ | ---- | ----- | ----- | ------ | ----------- | ------- |",
      "| wire.tally50   | bytes  | 169  | 180   | 0.939 | 0 %    | ratio ≤ 1   | yes     |",
      "| endToEnd.burst | taps/s | 2000 | 4000  | 0.5   | 10 %   | ratio ≥ 0.8 | no      |",
    ].join("\n"),
  );
});

test("figures keep three digits that mean something, and all of a whole number", () => {
  expect([1.23456, 0.98765, 12_345.6, 12_345, 33.333].map(figure)).toEqual(["1.23", "0.988", "12346", "12345", "33.3"]);
});

test("a peer's figure stands where the floor's would, with what is asked beside it", () => {
  const row = { name: "fanout.burst/nats", unit: "deliveries/s", value: 600, floor: 500, ratio: 1.2, spread: 0 };
  const asked = peerTableOf([row], () => ({ of: "ratio", atLeast: 1.2 })).split("\n");
  expect(asked[0]).toContain("| ours | peer | ratio |");
  expect(asked[2]).toBe("| fanout.burst/nats | deliveries/s | 600  | 500  | 1.2   | 0 %    | ratio ≥ 1.2 | yes     |");
});
