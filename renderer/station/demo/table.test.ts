import { describe, expect, test } from "vitest";
import { readersOnTable, showsAt } from "./table.ts";

const at = (number: number, slot: number | null = number, chooses = false) => ({
  id: `virtual:${number}`,
  name: `Virtual reader ${number}`,
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

describe("readers that the operator taught: 4 stands for answer 1, at 5 and at the one without a number any is chosen", () => {
  const choosing = { id: "virtual:choose", name: "Virtual reader", slot: null, chooses: true };
  const taught = [at(1), at(2), at(3, null), at(4, 1), at(5, null, true), choosing];
  /** The readers whose lamps show this; null is the one without a number, 7 was never tapped. */
  const litBy = (option: number | null, reader: string | null) =>
    [1, 2, 3, 4, 5, 7, null].filter((number) => showsAt({ option, reader }, taught, number));

  test("what stands for an answer stays on the table", () => {
    expect(readersOnTable(taught, 2, false)).toEqual([1, 2, 4, 5]);
  });

  test("what became of an answer shows at every reader that stands for it, and at no other", () => {
    expect([litBy(1, null), litBy(2, "Virtual reader 2"), litBy(7, null)]).toEqual([[1, 4], [2], [7]]);
  });

  test("what is for no answer, as a tap while the operator listens, shows only where it was tapped", () => {
    expect(["Virtual reader 1", "Virtual reader 3", "Virtual reader"].map((name) => litBy(null, name))).toEqual([
      [1],
      [3],
      [null],
    ]);
  });

  test("what came of a touch without a tap shows where voters touch the screen, also before the first tap there", () => {
    expect(litBy(null, null)).toEqual([5, null]);
    expect(showsAt({ option: null, reader: null }, [], null)).toBe(true);
  });
});
