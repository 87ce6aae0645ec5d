import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOfHex } from "../../../shared/bytes.ts";
import { createEvtestDecoder, EVTEST_MAX_LINE } from "./evtest-output.ts";
import { createInputEventDecoder, INPUT_EVENT_BYTES, type InputEvent } from "./input-event.ts";
import { asBytes, asEvtest, EVTEST_HEAD, EVTEST_TAKEN, key, typing } from "./keys.testing.ts";

test("a record of the kernel is the key, what happened to it, and when", () => {
  // 1,700,000,000 s 250,000 µs; type 1, code 28 (Enter), value 1.
  const record = bytesOfHex("00f153650000000090d003000000000001001c0001000000");
  expect(createInputEventDecoder().push(record)).toEqual([key(28, 1, 1_700_000_000_250)]);
});

test("what is no key is passed over, and that keys were lost is told", () => {
  const decoder = createInputEventDecoder();
  expect(decoder.push(asBytes([key(2, 1, 5), { kind: "dropped" }]))).toEqual([key(2, 1, 5), { kind: "dropped" }]);
});

test("evtest's lines say the same as the kernel's bytes", () => {
  const events: InputEvent[] = [...typing("0013961168\n", 8), { kind: "dropped" }];
  expect(createEvtestDecoder().push(EVTEST_HEAD + asEvtest(events))).toEqual([{ kind: "testing" }, ...events]);
  expect(createInputEventDecoder().push(asBytes(events))).toEqual(events);
});

test("evtest says that another program has the keyboard", () => {
  expect(createEvtestDecoder().push(EVTEST_HEAD + EVTEST_TAKEN)).toEqual([{ kind: "testing" }, { kind: "taken" }]);
});

test("a device that calls itself like evtest's words gives none", () => {
  const name = `Input device name: "Testing ... (interrupt to exit)"\n`;
  expect(createEvtestDecoder().push(name)).toEqual([]);
});

const someEvents = fc.array(
  fc.record({
    kind: fc.constant("key" as const),
    code: fc.integer({ min: 0, max: 767 }),
    value: fc.integer({ min: 0, max: 2 }),
    atMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  }),
  { maxLength: 30 },
);

test("however the bytes and the lines are cut, they say the same, and no more is held than the limit", () => {
  fc.assert(
    fc.property(someEvents, fc.array(fc.nat({ max: 2_000 }), { maxLength: 8 }), (events, cuts) => {
      const [bytes, text] = [asBytes(events), asEvtest(events)];
      const [kernel, evtest] = [createInputEventDecoder(), createEvtestDecoder()];
      const ends = [...cuts.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY];
      const heard = { kernel: [] as unknown[], evtest: [] as unknown[] };
      for (const [at, end] of ends.entries()) {
        heard.kernel.push(...kernel.push(bytes.subarray(ends[at - 1] ?? 0, end)));
        heard.evtest.push(...evtest.push(text.slice(ends[at - 1] ?? 0, end)));
        expect(kernel.heldBytes).toBeLessThan(INPUT_EVENT_BYTES);
        expect(evtest.heldChars).toBeLessThanOrEqual(EVTEST_MAX_LINE);
      }
      expect(heard).toEqual({ kernel: events, evtest: events });
    }),
  );
});

test("a line without end is passed over to its end, and the next one counts", () => {
  const decoder = createEvtestDecoder();
  for (let n = 0; n < 100; n++) expect(decoder.push("x".repeat(400))).toEqual([]);
  expect(decoder.heldChars).toBe(0);
  expect(decoder.push(`\n${asEvtest([key(2, 1, 7)])}`)).toEqual([key(2, 1, 7)]);
});
