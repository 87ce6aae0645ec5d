import { expect, test } from "vitest";
import { answerOf, readersOnTable } from "./table.ts";

const at = (number: number, slot: number | null = number, chooses = false) => ({
  id: `virtual:${number}`,
  slot,
  chooses,
});
const FIVE = [1, 2, 3, 4, 5].map((number) => at(number));

test("voters see a reader for each answer, and none that stands for an answer there is not", () => {
  expect(readersOnTable(FIVE, 3, false)).toEqual([1, 2, 3]);
  expect(readersOnTable(FIVE, 7, false)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(readersOnTable([], undefined, false)).toHaveLength(5);
});

test("the operator sees all that there are, but no real one", () => {
  const real = { id: "serial:/dev/ttyUSB0", slot: 9, chooses: true };
  expect(readersOnTable([...FIVE, real], 2, true)).toEqual([1, 2, 3, 4, 5]);
});

test("a reader that the operator gave an answer stays on the table, with the lamp of that answer", () => {
  const taught = [at(1), at(2), at(4, 1), at(5, null, true)];
  expect(readersOnTable(taught, 2, false)).toEqual([1, 2, 4, 5]);
  expect(answerOf(taught, 4)).toBe(1);
  expect(answerOf(taught, 5)).toBe(null);
  expect(answerOf(taught, 7)).toBe(7);
});
