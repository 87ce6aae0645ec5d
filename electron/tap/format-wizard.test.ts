import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { DigitsForm, PLAIN_FORMAT, Technology, type UidFormat } from "../../shared/domain/mapping.ts";
import { findFormat, type WizardResult, type WizardSide } from "./format-wizard.ts";
import { normalForm } from "./normal-form.ts";
import type { SeenTag, TagTechnology } from "./seen-tag.ts";
import { HF_SPELLINGS, isHfUid, LF_SPELLINGS, type Spelling } from "./spellings.testing.ts";

const someLfNumber = fc.uint8Array({ minLength: 5, maxLength: 5 });
const someHfUid = fc
  .constantFrom(4, 7, 10)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  .filter(isHfUid);

const typed = (...texts: string[]): WizardSide => ({
  tags: texts.map((digits): SeenTag => ({ form: "digits", digits, technology: "unknown" })),
  format: PLAIN_FORMAT,
});
const read = (technology: TagTechnology, ...hex: string[]): WizardSide => ({
  tags: hex.map((one): SeenTag => ({ form: "bytes", bytes: bytesOfHex(one), technology })),
  format: PLAIN_FORMAT,
});
const set = (side: WizardSide, format: Partial<UidFormat>): WizardSide => ({
  ...side,
  format: { ...side.format, ...format },
});
const change = (side: "a" | "b", format: Partial<UidFormat>): WizardResult => ({
  kind: "change",
  side,
  format: { ...PLAIN_FORMAT, ...format },
});

describe("an RDM6300, and a keyboard that writes the same card", () => {
  const rdm = read("lf", "3C00CE754C");
  test.each<[string, WizardSide, LfBits, WizardResult]>([
    ["in 10 digits", typed("0013530444"), 32, { kind: "agree" }],
    ["in hexadecimal", typed("00CE754C"), 32, { kind: "agree" }],
    [
      "in 10 hexadecimal digits, which may all be decimal next time",
      typed("3C00CE754C"),
      32,
      change("b", { digits: "hex" }),
    ],
    ["last byte first", typed("4C75CE00"), 32, change("b", { reversed: true })],
    ["in decimal, last byte first", typed("1282788864"), 32, change("b", { digits: "decimal", reversed: true })],
    ["without the zeros before it", typed("13530444"), 32, change("b", { digits: "decimal" })],
    ["in 3+5, where 24 bits are compared", typed("206,30028"), 24, { kind: "agree" }],
    ["in 3+5 without comma", typed("20630028"), 24, change("b", { digits: "wiegand" })],
    ["in 3+5, where 32 bits are compared", typed("206,30028"), 32, { kind: "disagree" }],
    ["in hexadecimal, where 24 bits are compared", typed("00CE754C"), 24, change("b", { technology: "lf" })],
    [
      "but was told that they are decimal",
      set(typed("00CE754C"), { digits: "decimal" }),
      32,
      change("b", { digits: "auto" }),
    ],
    ["of another card", typed("0013530445"), 32, { kind: "disagree" }],
  ])("%s", (_, keyboard, lfBits, result) => {
    expect(findFormat(rdm, keyboard, lfBits)).toEqual(result);
  });
});

test("of two readers the one that types is changed, whichever came first", () => {
  const [card, keyboard] = [read("hf", "04a1b2c3"), typed("C3B2A104")];
  expect(findFormat(card, keyboard, 32)).toEqual(change("b", { reversed: true }));
  expect(findFormat(keyboard, card, 32)).toEqual(change("a", { reversed: true }));
});

test("a tag that reads the same from both ends asks for another", () => {
  const [card, keyboard] = [read("hf", "d45a5ad4"), typed("D45A5AD4")];
  expect(findFormat(card, keyboard, 32)).toEqual({ kind: "ambiguous" });
  const [cards, typing] = [read("hf", "d45a5ad4", "04a1b2c3"), typed("D45A5AD4", "C3B2A104")];
  expect(findFormat(cards, typing, 32)).toEqual(change("b", { reversed: true }));
});

test("zeros before a number: a setting that is right whatever the zeros were is no doubt, and one that is not is changed", () => {
  const [rdm, keyboard] = [read("lf", "00ab5a8d55"), typed("00ab5a8d55")];
  expect(findFormat(rdm, set(keyboard, { digits: "hex" }), 32)).toEqual({ kind: "agree" });
  const wrong = set(keyboard, { digits: "hex", technology: "hf" });
  expect(findFormat(rdm, wrong, 32)).toEqual(change("b", { digits: "hex" }));
});

test("both settings may be wrong: they are changed one after the other", () => {
  const a = typed("3200005544");
  const b = typed("1146421248");
  expect(toHex(bytesOfHex("00005544").toReversed())).toBe(BigInt(1146421248).toString(16));
  const first = findFormat(a, b, 32);
  expect(first.kind).toBe("change");
  expect(applyAll(a, b, 32)).toMatchObject({ result: { kind: "agree" } });
});

test("without a tag one is asked for, and what is no number agrees with nothing", () => {
  expect(findFormat(typed(), typed(), 32)).toEqual({ kind: "ambiguous" });
  expect(findFormat(typed("zz"), typed("0013530444"), 32)).toEqual({ kind: "disagree" });
});

/** As an operator does: apply what is proposed, and ask again with the same tags. */
function applyAll(a: WizardSide, b: WizardSide, lfBits: LfBits) {
  let [left, right] = [a, b];
  let result = findFormat(left, right, lfBits);
  for (let step = 0; step < 2 && result.kind === "change"; step++) {
    if (result.side === "a") left = { ...left, format: result.format };
    else right = { ...right, format: result.format };
    result = findFormat(left, right, lfBits);
  }
  return { result, formats: [left.format, right.format] as const };
}

const someFormat: fc.Arbitrary<UidFormat> = fc.record({
  technology: fc.constantFrom(...Technology.options),
  digits: fc.constantFrom(...DigitsForm.options),
  reversed: fc.boolean(),
});
const lfBits = fc.constantFrom<LfBits>(24, 32);

function promise(all: readonly Spelling[], someNumber: fc.Arbitrary<Uint8Array>) {
  const spelling = fc.constantFrom(...all);
  const numbers = fc
    .tuple(fc.array(someNumber, { minLength: 1, maxLength: 3 }), fc.array(someNumber, { minLength: 5, maxLength: 5 }))
    // One reader, one size of number.
    .map(([seen, further]) => ({ seen, further: further.filter(({ length }) => length === seen[0]?.length) }))
    .filter(({ seen }) => seen.every(({ length }) => length === seen[0]?.length));
  const counts: Record<WizardResult["kind"], number> = { agree: 0, change: 0, ambiguous: 0, disagree: 0 };
  fc.assert(
    fc.property(
      spelling,
      spelling,
      numbers,
      someFormat,
      someFormat,
      lfBits,
      (x, y, { seen, further }, fx, fy, bits) => {
        const [a, b] = [
          { tags: seen.map(x.spell), format: fx },
          { tags: seen.map(y.spell), format: fy },
        ];
        const { result, formats } = applyAll(a, b, bits);
        counts[result.kind]++;
        expect(result.kind).not.toBe("change");
        // Where 24 of 32 bits are there they cannot be compared; else there are settings, and they are found.
        const isComparable = Math.min(x.keeps, bits) === Math.min(y.keeps, bits);
        expect(isComparable && result.kind === "disagree").toBe(false);
        if (result.kind !== "agree") return;
        for (const number of [...seen, ...further]) {
          const [one, other] = [
            normalForm(x.spell(number), formats[0], bits),
            normalForm(y.spell(number), formats[1], bits),
          ];
          expect(one).not.toBeNull();
          expect(toHex(one?.uid ?? new Uint8Array())).toBe(toHex(other?.uid ?? new Uint8Array()));
        }
      },
    ),
    { numRuns: 120 },
  );
  return counts;
}

describe("whatever two readers write and are set to: settings are found under which further tags agree too, or another tag is asked for", () => {
  test("at 125 kHz", () => {
    expect(promise(LF_SPELLINGS, someLfNumber).agree).toBeGreaterThan(60);
  });
  test("at 13.56 MHz", () => {
    expect(promise(HF_SPELLINGS, someHfUid).agree).toBeGreaterThan(60);
  });
});
