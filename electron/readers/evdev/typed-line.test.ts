import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InputEvent } from "./input-event.ts";
import { CTRL, key, SHIFT, typing } from "./keys.testing.ts";
import { createLineReader, MAX_TYPED, CUT_OFF_MS, SLOW_KEY_MS, type TypedLine } from "./typed-line.ts";

function linesOf(events: readonly InputEvent[]): TypedLine[] {
  const reader = createLineReader();
  return events.flatMap((event) => {
    const line = reader.take(event);
    expect(reader.heldChars).toBeLessThanOrEqual(MAX_TYPED);
    return line === null ? [] : [line];
  });
}
const number = (digits: string): TypedLine => ({ kind: "number", digits });

test.each(["0013961168", "213,02000", "d507d0", "00CE754C", "04112233445566", "1208925819614629174706175"])(
  "%s and Enter, as a wedge types it, is a number",
  (digits) => {
    expect(linesOf(typing(`${digits}\n`, 4))).toEqual([number(digits.toLowerCase())]);
  },
);

test("the keypad's digits and Enter are the same", () => {
  const [four, seven, enter] = [75, 71, 96];
  expect(linesOf([four, seven, four, seven, enter].map((code, at) => key(code, 1, at * 5)))).toEqual([number("4747")]);
});

test("one after the other, also where Enter is typed twice", () => {
  const events = typing("1234567890\n\n0987654321\n", 5);
  expect(linesOf(events)).toEqual([number("1234567890"), number("0987654321")]);
});

test("a wedge set to a French keyboard holds shift for its digits", () => {
  const events = typing("12345678\n", 6).flatMap((event) =>
    event.code === 28 ? [event] : [key(SHIFT, event.value, event.atMs), event],
  );
  expect(linesOf(events)).toEqual([number("12345678")]);
});

describe("a person's typing is never told", () => {
  test("at any speed a person types", () => {
    const speeds = fc.array(fc.integer({ min: SLOW_KEY_MS + 1, max: 2_000 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(speeds, fc.stringMatching(/^[0-9a-f,]{30}$/), (gaps, text) => {
        let atMs = 0;
        const events = gaps.flatMap((gap, at) => typing(text.charAt(at), 2, (atMs += gap)));
        expect(linesOf([...events, ...typing("\n", 2, atMs + SLOW_KEY_MS + 1)])).toEqual([]);
      }),
    );
  });

  test("two quick keys among slow ones are a person too", () => {
    const slow = typing("1234", 100, 0);
    expect(linesOf([...slow, ...typing("56\n", 20, 400)])).toEqual([]);
  });

  test("what a person typed before a tag came is no part of a number", () => {
    const [typed, tag] = [typing("12", 100, 0), typing("0013961168\n", 4, 300 + CUT_OFF_MS)];
    expect(linesOf([...typed, ...tag, ...typing("0013961168\n", 4, 5_000)])).toEqual([number("0013961168")]);
  });

  test("a held key, a key combination, a short word", () => {
    expect(
      linesOf([key(2, 1, 0), ...Array.from({ length: 20 }, (_, n) => key(2, 2, n * 30)), ...typing("\n", 1, 640)]),
    ).toEqual([]);
    expect(linesOf([key(CTRL, 1, 0), ...typing("12345678\n", 4, 1)])).toEqual([]);
    expect(linesOf(typing("123\n", 4))).toEqual([]);
    expect(linesOf(typing("\n\n\n", 4))).toEqual([]);
  });
});

test("as fast as a machine but no number: told as bad, so that a wrong setting of the wedge shows", () => {
  expect(linesOf(typing(";0013961168x\n", 4))).toEqual([{ kind: "bad" }]);
  expect(linesOf(typing(`${"1".repeat(MAX_TYPED + 1)}\n`, 4))).toEqual([{ kind: "bad" }]);
  expect(linesOf(typing(`${"1".repeat(MAX_TYPED)}\n`, 4))).toEqual([number("1".repeat(MAX_TYPED))]);
});

test("a number of which the kernel lost keys is bad, and the next one counts", () => {
  const [first, second] = [typing("0013961168\n", 4, 0), typing("0013961169\n", 4, 1_000)];
  const events: InputEvent[] = [...first.slice(0, 6), { kind: "dropped" }, ...first.slice(8), ...second];
  expect(linesOf(events)).toEqual([{ kind: "bad" }, number("0013961169")]);
});

test("the rest of a number that was cut off is no other tag's number", () => {
  const half = typing("00139", 4, 0);
  const rest = typing("61168\n0013961169\n", 4, 20 + CUT_OFF_MS);
  expect(linesOf([...half, ...rest])).toEqual([{ kind: "bad" }, number("0013961169")]);
});

test("one key that a busy machine held up costs nothing, and a clock that is set costs at most this number", () => {
  const [start, rest] = [typing("00139", 4, 0), typing("61168\n", 4, 20 + 2 * SLOW_KEY_MS)];
  expect(linesOf([...start, ...rest])).toEqual([number("0013961168")]);
  const next = typing("61168\n0013961169\n", 4, -4_000_000);
  expect(linesOf([...start, ...next])).toEqual([{ kind: "bad" }, number("0013961169")]);
});

test("whatever the events: nothing is thrown, and what is told is a number or no more than that it is none", () => {
  const someEvent: fc.Arbitrary<InputEvent> = fc.oneof(
    fc.record({
      kind: fc.constant("key"),
      code: fc.oneof(fc.integer({ min: 0, max: 127 }), fc.constantFrom(2, 3, 28)),
      value: fc.integer({ min: -1, max: 3 }),
      atMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.double()),
    }),
    fc.constant({ kind: "dropped" }),
  );
  fc.assert(
    fc.property(fc.array(someEvent, { maxLength: 60 }), (events) => {
      const told = linesOf(events).flatMap((line) => (line.kind === "number" ? [line.digits] : []));
      for (const digits of told) expect(digits).toMatch(/^[0-9a-f,]{4,25}$/);
    }),
  );
});
