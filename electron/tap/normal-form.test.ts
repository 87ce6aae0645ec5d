import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { DigitsForm, PLAIN_FORMAT, Technology, type UidFormat } from "../../shared/domain/mapping.ts";
import { normalForm } from "./normal-form.ts";
import type { SeenTag, TagTechnology } from "./seen-tag.ts";
import { HF_SPELLINGS, isHfUid, LF_SPELLINGS } from "./spellings.testing.ts";

const someLfNumber = fc.uint8Array({ minLength: 5, maxLength: 5 });
const someHfUid = fc
  .constantFrom(4, 7, 10)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  .filter(isHfUid);

const typed = (digits: string): SeenTag => ({ form: "digits", digits, technology: "unknown" });
const read = (hex: string, technology: TagTechnology): SeenTag => ({
  form: "bytes",
  bytes: bytesOfHex(hex),
  technology,
});

function uidOf(tag: SeenTag, format: Partial<UidFormat> = {}, lfBits: LfBits = 32): string {
  const normal = normalForm(tag, { ...PLAIN_FORMAT, ...format }, lfBits);
  return normal === null ? "none" : `${toHex(normal.uid)} ${normal.technology}`;
}

describe("the public numbers", () => {
  test("0013961168 is D507D0 is 213,02000, where 24 bits are compared", () => {
    const lf = { technology: "lf" } as const;
    expect(["0013961168", "D507D0", "213,02000"].map((text) => uidOf(typed(text), lf, 24))).toEqual(
      Array(3).fill("d507d0 lf"),
    );
    expect(uidOf(typed("21302000"), { digits: "wiegand" }, 24)).toBe("d507d0 lf");
    expect(uidOf(typed("0013961168"), {}, 24)).toBe("d507d0 unknown");
  });

  test("an RDM6300's 3C00CE754C is the card 0013530444, also in hexadecimal and turned round", () => {
    expect(uidOf(read("3C00CE754C", "lf"))).toBe("00ce754c lf");
    expect(uidOf(typed("0013530444"))).toBe("00ce754c unknown");
    expect(uidOf(typed("00CE754C"))).toBe("00ce754c unknown");
    expect(uidOf(typed("3c00ce754c"))).toBe("00ce754c lf");
    expect(uidOf(typed("4C75CE00"), { reversed: true })).toBe("00ce754c unknown");
    expect(uidOf(typed("1282788864"), { reversed: true })).toBe("00ce754c unknown");
    expect(uidOf(typed("206,30028"), {}, 24)).toBe("ce754c lf");
    expect(uidOf(read("3C00CE754C", "lf"), {}, 24)).toBe("ce754c lf");
  });

  test("UIDs at 13.56 MHz stay whole, whatever the event compares of others", () => {
    for (const uid of ["d45a8d55", "04112233445566", "04112233445566778899"]) {
      expect(uidOf(read(uid, "hf"), {}, 24)).toBe(`${uid} hf`);
    }
    expect(uidOf(typed("D45A8D55"), {}, 24)).toBe("d45a8d55 unknown");
    expect(uidOf(typed("66554433221104"), { reversed: true })).toBe("04112233445566 hf");
  });
});

describe("all digits, and nobody said which form", () => {
  test.each([
    ["0013530444", "00ce754c unknown", "10 digits are a card's number"],
    ["4294967295", "ffffffff unknown", "up to the largest of 32 bits"],
    ["4294967296", "94967296 lf", "above it they are five bytes"],
    ["12345678", "12345678 unknown", "8 are four bytes"],
    ["04112233445566", "04112233445566 hf", "14 are seven bytes"],
    ["01144738493519206", "04112233445566 hf", "an odd count is decimal"],
    ["13530", "000034da unknown", "and so are a few"],
    ["123456", "123456 lf", "6 are three bytes"],
  ])("%s is %s: %s", (text, uid) => {
    expect(uidOf(typed(text))).toBe(uid);
  });
});

test("3+5 where 32 bits are compared keeps its 24 and is no other tag's number", () => {
  expect(uidOf(typed("213,02000"))).toBe("d507d0 lf");
  expect(uidOf(typed("0013961168"))).toBe("00d507d0 unknown");
});

test("a UID of 4 bytes written as 5, zeros first, is still 4", () => {
  expect(uidOf(typed("00d45a8d55"), { technology: "hf" })).toBe("d45a8d55 hf");
  expect(uidOf(typed("00558d5ad4"), { technology: "hf", reversed: true })).toBe("d45a8d55 hf");
  expect(uidOf(typed("01d45a8d55"), { technology: "hf" })).toBe("01d45a8d55 hf");
});

test.each([
  ["", {}],
  ["12ab", {}],
  ["ab,cd", {}],
  ["256,00001", {}],
  ["255,65536", {}],
  ["1,2,3", {}],
  ["00CE754C", { digits: "decimal" }],
  ["213,02000", { digits: "hex" }],
  ["0013961168", { digits: "wiegand" }],
  ["1208925819614629174706176", { digits: "decimal" }],
  ["00112233445566778899aa", { digits: "hex" }],
  ["0x12345678", {}],
  ["-123456789", {}],
  ["+12345", { digits: "decimal" }],
  ["١٢٣٤٥٦٧٨٩٠", {}],
] satisfies [string, Partial<UidFormat>][])("%j under %j is no tag's number", (text, format) => {
  expect(uidOf(typed(text), format)).toBe("none");
});

test("the largest number of 10 bytes is one, and 2 bytes are none", () => {
  expect(uidOf(typed("1208925819614629174706175"), { digits: "decimal" })).toBe("ffffffffffffffffffff hf");
  expect(uidOf(read("0102", "lf"))).toBe("none");
  expect(uidOf(read("0102030405060708090a0b", "hf"))).toBe("none");
});

describe("every way to write a number gives the one form of it", () => {
  const lfBits = fc.constantFrom<LfBits>(24, 32);

  test("at 125 kHz", () => {
    fc.assert(
      fc.property(someLfNumber, fc.constantFrom(...LF_SPELLINGS), lfBits, (number, { spell, format, keeps }, bits) => {
        const normal = normalForm(spell(number), format, bits);
        expect(toHex(normal?.uid ?? new Uint8Array())).toBe(toHex(number.slice(-Math.min(bits, keeps) / 8)));
      }),
    );
  });

  test("at 13.56 MHz", () => {
    fc.assert(
      fc.property(someHfUid, fc.constantFrom(...HF_SPELLINGS), lfBits, (number, { spell, format }, bits) => {
        expect(toHex(normalForm(spell(number), format, bits)?.uid ?? new Uint8Array())).toBe(toHex(number));
      }),
    );
  });

  test("at 125 kHz in the usual widths also where nobody said anything of the reader, and 32 bits are compared", () => {
    const usual = LF_SPELLINGS.filter(({ name }) =>
      ["5 bytes", "10 digits", "13 digits", "8 hex digits"].includes(name),
    );
    expect(usual).toHaveLength(4);
    fc.assert(
      fc.property(someLfNumber, fc.constantFrom(...usual), (number, { spell }) => {
        expect(toHex(normalForm(spell(number), PLAIN_FORMAT, 32)?.uid ?? new Uint8Array())).toBe(
          toHex(number.slice(1)),
        );
      }),
    );
  });
});

const someFormat: fc.Arbitrary<UidFormat> = fc.record({
  technology: fc.constantFrom(...Technology.options),
  digits: fc.constantFrom(...DigitsForm.options),
  reversed: fc.boolean(),
});
const someTechnology = fc.constantFrom<TagTechnology>("lf", "hf", "unknown");
const someSeenTag: fc.Arbitrary<SeenTag> = fc.oneof(
  fc.record({ form: fc.constant("bytes"), bytes: fc.uint8Array({ maxLength: 20 }), technology: someTechnology }),
  fc.record({
    form: fc.constant("digits"),
    digits: fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F,:]{0,30}$/), fc.stringMatching(/^[0-9]{0,30}$/)),
    technology: someTechnology,
  }),
);

test("whatever is seen under whatever settings: nothing is thrown, and a number has 3 to 10 bytes of its own", () => {
  fc.assert(
    fc.property(someSeenTag, someFormat, fc.constantFrom<LfBits>(24, 32), (tag, format, lfBits) => {
      const normal = normalForm(tag, format, lfBits);
      fc.pre(normal !== null);
      const { uid, technology } = normal;
      expect(uid.length).toBeGreaterThanOrEqual(3);
      expect(uid.length).toBeLessThanOrEqual(technology === "lf" ? lfBits / 8 : 10);
      expect(tag.form === "bytes" && uid.buffer === tag.bytes.buffer).toBe(false);
    }),
  );
});
