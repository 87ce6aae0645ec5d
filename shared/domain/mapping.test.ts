import { expect, test } from "vitest";
import { DigitsForm, PLAIN_FORMAT, sameFormat, Technology } from "./mapping.ts";

test("any other setting of the three is another format", () => {
  const all = Technology.options.flatMap((technology) =>
    DigitsForm.options.flatMap((digits) => [false, true].map((reversed) => ({ technology, digits, reversed }))),
  );
  expect(all.filter((format) => sameFormat(format, PLAIN_FORMAT))).toEqual([PLAIN_FORMAT]);
});
