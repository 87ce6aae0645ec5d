import { expect, test } from "vitest";
import { createWrittenRows } from "./written-rows.ts";

interface Row {
  id: string;
  votes: number;
  windows: readonly number[];
}

const windows = [1];
const written = () => createWrittenRows<Row>(({ id }) => id, ["votes"]);

test("a row only moved once it was written and nothing but its moving fields is another", () => {
  const { onlyMoved } = written();
  const told = [
    { id: "a", votes: 1, windows },
    { id: "a", votes: 2, windows },
    { id: "b", votes: 2, windows },
    { id: "a", votes: 3, windows: [1, 2] },
    { id: "a", votes: 3, windows: [1, 2] },
  ].map(onlyMoved);
  expect(told).toEqual([false, true, false, false, false]);
});

test("what it is compared with is the row as it was written last, however that was", () => {
  const { onlyMoved } = written();
  onlyMoved({ id: "a", votes: 1, windows });
  onlyMoved({ id: "a", votes: 1, windows: [] });
  expect(onlyMoved({ id: "a", votes: 1, windows })).toBe(false);
});
