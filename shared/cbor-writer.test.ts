import { encode } from "cborg";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "./bytes.ts";
import { writeCbor } from "./cbor-writer.ts";
import { decodeCbor, type Cbor } from "./cbor.ts";

/** Every place where a head becomes longer, and both sides of it. */
const EDGES = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 48, Number.MAX_SAFE_INTEGER];

const leaf: fc.Arbitrary<Cbor> = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.nat(),
  fc.maxSafeInteger(),
  fc.string({ unit: "grapheme" }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 300 }),
);
const { value: someValue } = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("value"), { maxLength: 30 })),
}));

test("whatever the value, its bytes are those of cborg, and read back as the value", () => {
  fc.assert(
    fc.property(someValue, (value) => {
      const bytes = writeCbor(value);
      expect(toHex(bytes)).toBe(toHex(encode(value)));
      expect(decodeCbor(bytes)).toEqual(value);
    }),
  );
});

test("lengths of lists and bytes have the shortest head, too", () => {
  for (const length of [0, 23, 24, 255, 256, 65_535, 65_536, 100_000]) {
    for (const value of [new Uint8Array(length).fill(7), Array.from({ length }, () => 1)]) {
      expect(toHex(writeCbor(value).subarray(0, 8))).toBe(toHex(encode(value).subarray(0, 8)));
      expect(writeCbor(value)).toHaveLength(encode(value).length);
    }
  }
});

test("bytes given out are never written again", () => {
  const first = writeCbor([1, "first"]);
  writeCbor([2, "second"]);
  expect(toHex(first)).toBe(toHex(encode([1, "first"])));
  expect(first.buffer.byteLength).toBe(first.length);
});

test("numbers that are not whole are not rounded", () => {
  for (const value of [0.5, -0.5, -0, -1, 1e300, Number.MAX_SAFE_INTEGER + 1])
    expect(toHex(writeCbor(value))).toBe(toHex(encode(value)));
});
