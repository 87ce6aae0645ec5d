import fc from "fast-check";
import { expect, test } from "vitest";
import { readPlainCbor } from "./cbor-reader.ts";
import { writeCbor } from "./cbor-writer.ts";
import { decodeStrictCbor, type Cbor } from "./cbor.ts";

const MAX_DEPTH = 6;
const EDGES = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];

const leaf: fc.Arbitrary<Cbor> = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
  { weight: 1, arbitrary: fc.string() },
);
const { value: someValue } = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof({ maxDepth: 8 }, leaf, fc.array(tie("value"), { maxLength: 8 })),
}));
/** Bytes of a value with some of them changed, cut off or added. */
const damaged = fc
  .tuple(someValue, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }), fc.nat(), fc.uint8Array())
  .map(([value, changes, cut, more]) => {
    const bytes = writeCbor(value);
    for (const [place, byte] of changes) bytes[place % bytes.length] = byte;
    return Uint8Array.from([...bytes.subarray(0, bytes.length - (cut % 3)), ...more.subarray(0, cut % 2)]);
  });

test("whatever it reads, the strict decoder reads as the same; of damaged bytes, too", () => {
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 12 }), someValue.map(writeCbor)), (bytes) => {
      const value = readPlainCbor(bytes, MAX_DEPTH);
      if (value === undefined) return;
      read += 1;
      expect(decodeStrictCbor(bytes)).toEqual(value);
    }),
    { numRuns: 5_000 },
  );
  expect(read).toBeGreaterThan(300);
});

test("it reads all that is plain: numbers at every edge, bytes and lists", () => {
  const value: Cbor = [EDGES, [true, false, null, []], [new Uint8Array(), new Uint8Array(300).fill(5)], [[[1]]]];
  expect(readPlainCbor(writeCbor(value), MAX_DEPTH)).toEqual(value);
});

test("what it read does not change when its bytes are used again", () => {
  const bytes = writeCbor([Uint8Array.of(1, 2, 3)]);
  const value = readPlainCbor(bytes, MAX_DEPTH);
  bytes.fill(0);
  expect(value).toEqual([Uint8Array.of(1, 2, 3)]);
});

test.each([
  ["a number spelled too long", [0x18, 0x17]],
  ["a longer one", [0x19, 0x00, 0xff]],
  ["one beyond what is exact", [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ["a head that is cut short", [0x19, 0x01]],
  ["bytes that are cut short", [0x42, 0x01]],
  ["a list of more than there is", [0x9b, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ["a length that is not definite", [0x9f, 0x01, 0xff]],
  ["something after the value", [0x01, 0x01]],
  ["lists too deep", [0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x01]],
  ["nothing", []],
])("%s is left to the strict decoder", (_, bytes) => {
  expect(readPlainCbor(Uint8Array.from(bytes), MAX_DEPTH)).toBeUndefined();
});
