import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import {
  GAP_LIMITS_MS,
  MAX_READERS,
  PLAIN_FORMAT,
  ReaderName,
  type Target,
  type UidFormat,
} from "../../shared/domain/mapping.ts";
import { specsOf } from "./bed.testing.ts";
import { beginMapping, fitName, type KeptReader, NOTHING_KEPT } from "./kept-mapping.ts";
import { formatMapping, parseMapping } from "./mapping-store.ts";

const A = "serial:/dev/a";
const B = "serial:/dev/b";
const asked = [`${A}?protocol=rdm6300&slot=1&name=A`, `${B}?protocol=rdm6300&slot=2&name=B`];
const slot = (number: number): Target => ({ kind: "slot", slot: number });
const reader = (id: string, more: Partial<KeptReader> = {}): KeptReader => ({
  id,
  name: "Found",
  target: null,
  format: PLAIN_FORMAT,
  gapMs: 400,
  origin: { kind: "found", spec: `${id}?protocol=rdm6300`, port: null },
  ...more,
});

const name = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .filter((text) => v.is(ReaderName, text))
  .map((text) => text.trim());

const anyTarget: fc.Arbitrary<Target | null> = fc.oneof(
  fc.constant(null),
  fc.constant({ kind: "choose" as const }),
  fc.record({ kind: fc.constant("slot" as const), slot: fc.integer({ min: 1, max: 50 }) }),
  fc.record({
    kind: fc.constant("option" as const),
    poll: fc.constantFrom("0123456789abcdef0123456789abcdef", "f".repeat(32)),
    option: fc.integer({ min: 1, max: 50 }),
  }),
);

const format: fc.Arbitrary<UidFormat> = fc.record({
  technology: fc.constantFrom("auto" as const, "lf" as const, "hf" as const),
  digits: fc.constantFrom("auto" as const, "hex" as const, "decimal" as const, "wiegand" as const),
  reversed: fc.boolean(),
});
const gapMs = fc.integer({ min: GAP_LIMITS_MS[0], max: GAP_LIMITS_MS[1] });
const askedSlot = fc.option(fc.integer({ min: 1, max: 50 }));
const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });

const origin: fc.Arbitrary<KeptReader["origin"]> = fc.oneof(
  fc.record({ kind: fc.constant("asked" as const), asked: fc.record({ name, slot: askedSlot, format, gapMs }) }),
  fc.record({ kind: fc.constant("found" as const), spec: words, port: fc.option(words) }),
);

const someReaders: fc.Arbitrary<KeptReader[]> = fc.uniqueArray(
  fc.record({ id: words, name, target: anyTarget, format, gapMs, origin }),
  { maxLength: 12, selector: ({ id }) => id },
);

test("whatever readers there are, the file gives them back", () => {
  fc.assert(
    fc.property(someReaders, fc.nat(), (readers, revision) => {
      const mapping = { version: 1 as const, revision, readers };
      expect(parseMapping(formatMapping(mapping))).toEqual(mapping);
    }),
  );
});

test("no bytes make it throw, and none but a mapping's are taken", () => {
  const good = formatMapping({ ...NOTHING_KEPT, revision: 1 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.nat({ max: good.length - 2 }).map((cut) => good.slice(0, cut)),
      ),
      (text) => {
        expect(parseMapping(text)).toBeNull();
      },
    ),
  );
  for (const wrong of [
    good.replace('"version": 1', '"version": 2'),
    good.replace('"revision": 1', '"revision": -1'),
    good.replace('"readers"', '"more": 1, "readers"'),
  ]) {
    expect(wrong).not.toBe(good);
    expect(parseMapping(wrong)).toBeNull();
  }
});

describe("at a start", () => {
  const begin = (kept: readonly KeptReader[], ...texts: string[]) =>
    beginMapping({ version: 1, revision: 5, readers: [...kept] }, specsOf(...texts)).readers;
  const [kept] = begin([], `${A}?protocol=rdm6300&slot=1&name=A&gap=300`);
  if (kept === undefined) throw new Error("nothing was begun");
  const changed = { ...kept, name: "Door", target: slot(7), gapMs: 900 };

  test("what the panel changed of a reader of the command line is kept", () => {
    expect(begin([changed], `${A}?protocol=rdm6300&slot=1&name=A&gap=300`)).toEqual([changed]);
  });

  test("what the command line says anew goes before it, and only that", () => {
    const [now] = begin([changed], `${A}?protocol=rdm6300&slot=3&name=A&gap=300`);
    expect(now).toMatchObject({ name: "Door", target: slot(3), gapMs: 900 });
    const [next] = begin([changed], `${A}?protocol=rdm6300&slot=1&name=Main&gap=200`);
    expect(next).toMatchObject({ name: "Main", target: slot(7), gapMs: 200 });
    // A slot taken back leaves nobody's guess.
    expect(begin([changed], `${A}?protocol=rdm6300&name=A&gap=300`)[0]?.target).toBeNull();
  });

  test("so does a format, of a reader that is told one", () => {
    const path = "evdev:/dev/input/by-path/a-event-kbd";
    const [wedge] = begin([], `${path}?digits=hex`);
    if (wedge === undefined) throw new Error("nothing was begun");
    const set = { ...wedge, format: { ...wedge.format, reversed: true } };
    expect(begin([set], `${path}?digits=hex`)[0]?.format).toMatchObject({ digits: "hex", reversed: true });
    expect(begin([set], `${path}?digits=decimal`)[0]?.format).toMatchObject({ digits: "decimal", reversed: false });
  });

  test("devices the operator took into use are there without flags, and the command line may come to name one", () => {
    const own = reader(B, { target: slot(4), name: "Mine" });
    expect(begin([own])).toEqual([own]);
    expect(begin([own], `${B}?protocol=rdm6300`)[0]).toMatchObject({
      name: "Mine",
      target: slot(4),
      origin: { kind: "asked" },
    });
  });

  test("of such a device the format that the command line says holds, and the panel's where it says none", () => {
    const place = "evdev:/dev/input/by-path/a-event-kbd";
    const set = { ...PLAIN_FORMAT, reversed: true };
    const own = reader("evdev:a-event-kbd", { format: set });
    expect(begin([own], `${place}?digits=hex`)[0]?.format).toEqual({ ...PLAIN_FORMAT, digits: "hex" });
    expect(begin([own], place)[0]?.format).toEqual(set);
  });

  test("a reader that the command line no longer names is no longer ours", () => {
    expect(begin([changed])).toEqual([]);
  });

  test("whatever was kept and asked, it begins with no reader twice, at most the bound, and begins the same again", () => {
    const texts = fc.subarray(asked);
    fc.assert(
      fc.property(someReaders, texts, (readers, flags) => {
        const first = beginMapping({ ...NOTHING_KEPT, readers }, specsOf(...flags));
        expect(new Set(first.readers.map(({ id }) => id)).size).toBe(first.readers.length);
        expect(first.readers.length).toBeLessThanOrEqual(MAX_READERS);
        expect(beginMapping(first, specsOf(...flags))).toEqual(first);
      }),
    );
  });
});

test("a name is made of whatever a device says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(v.parse(ReaderName, fitName(text))).toBe(fitName(text));
      expect(fitName(text).isWellFormed()).toBe(true);
    }),
  );
  expect(fitName(" a\u0007\n\u202e b ")).toBe("a  b");
  expect(fitName("\u0000")).toBe("Reader");
  expect(fitName("x".repeat(200))).toHaveLength(64);
});
