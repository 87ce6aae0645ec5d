import { expect, test } from "vitest";
import type { LogRecord } from "../../shared/domain/record.ts";
import { ballotAt } from "../log/log-bed.testing.ts";
import { createFreshRecords } from "./fresh-records.ts";

const hash = (number: number) => new Uint8Array(2).fill(number % 256);

function filled(count: number, from = 1) {
  const fresh = createFreshRecords();
  const add = (log: string, number: number, record: LogRecord = ballotAt(number)) =>
    fresh.add(log, number, record, { before: hash(number - 1), after: hash(number) });
  for (let number = from; number < from + count; number++) add("a", number);
  return { fresh, add };
}

test("records stored last are at hand with the hashes around them, up to a limit", () => {
  const { fresh } = filled(10, 5);
  expect(fresh.run("a", 7, 3)).toEqual({
    records: [7, 8, 9].map((number) => ballotAt(number)),
    hashBefore: hash(6),
    hashAfter: hash(9),
  });
  expect(fresh.run("a", 13, 100)?.records).toHaveLength(2);
  expect(fresh.hashAt("a", 14)).toEqual(hash(14));
});

test("what is not at hand is not made up: of another log, before, or after", () => {
  const { fresh, add } = filled(10, 5);
  expect([fresh.run("b", 7, 1), fresh.run("a", 4, 9), fresh.run("a", 15, 1), fresh.hashAt("a", 4)]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
  add("a", 20);
  expect([fresh.run("a", 14, 1), fresh.run("a", 20, 1)?.records.length]).toEqual([undefined, 1]);
  add("b", 21);
  expect(fresh.run("a", 20, 1)).toBeUndefined();
});

test("however many are stored, only some hundreds are kept, and the newest among them", () => {
  const { fresh } = filled(5_000);
  expect(fresh.run("a", 5_000 - 200, 300)?.records).toHaveLength(201);
  expect(fresh.run("a", 5_000 - 600, 1)).toBeUndefined();
});
