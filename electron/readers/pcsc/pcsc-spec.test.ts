import fc from "fast-check";
import { expect, test } from "vitest";
import { parseReaderSpec, parseReaderSpecs } from "../spec.ts";
import { parsePcscSpec, pcscSpecText } from "./pcsc-spec.ts";

test("a reader at its port, with its slot", () => {
  expect(parseReaderSpec("pcsc:usb-1-2.3:ACS ACR122U PICC Interface?slot=7")).toEqual({
    ok: true,
    spec: {
      kind: "pcsc",
      id: "pcsc:usb-1-2.3:ACS ACR122U PICC Interface",
      place: "usb-1-2.3:ACS ACR122U PICC Interface",
      name: "ACS ACR122U PICC Interface on USB 1-2.3",
      sameTapMs: 800,
      slot: 7,
    },
  });
});

test("name and gap as the operator says", () => {
  expect(parseReaderSpec("pcsc:Rig A?name=Left%20door&gap=300")).toMatchObject({
    spec: { name: "Left door", sameTapMs: 300, slot: undefined },
  });
});

test("pcsc: alone is every PC/SC reader, beside those that are named", () => {
  expect(parseReaderSpecs(["pcsc:", "pcsc:Rig A?slot=1"])).toMatchObject({
    ok: true,
    specs: [{ id: "pcsc:Rig A" }],
    takeAll: new Set(["pcsc"]),
  });
  expect(parseReaderSpecs(["pcsc:Rig A"])).toMatchObject({ takeAll: new Set() });
});

test.each([
  ["pcsc:", "the reader's place is missing; write it as pcsc:usb-1-2:"],
  ["pcsc:?slot=1", "the reader's place is missing"],
  ["pcsc:Rig 5%", "write it as %25"],
  ["pcsc:Rig\nA", "control character"],
  ["pcsc:Rig A?protocol=rdm6300", 'unknown parameter "protocol"; use slot, name, gap'],
  ["pcsc:Rig A?slot=51", "slot is"],
  [`pcsc:${"x".repeat(300)}`, "the place is too long; 295 characters are the most"],
])("%j is refused with cause and remedy", (text, why) => {
  expect(parseReaderSpec(text)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});

test("whatever a reader calls itself, its text opens it again, and its name fits the panel", () => {
  const place = fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }).filter((text) => {
    return text.trim() !== "" && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text) && text.length <= 295;
  });
  fc.assert(
    fc.property(place, (text) => {
      const parsed = parsePcscSpec(pcscSpecText(text).slice("pcsc:".length));
      expect(parsed).toMatchObject({ ok: true, value: { place: text, id: `pcsc:${text}` } });
      expect(parsed.ok ? parsed.value.name.length : 0).toBeLessThanOrEqual(64);
    }),
  );
});

test("a long name is not cut in the middle of a character", () => {
  const parsed = parseReaderSpec(`pcsc:usb-1-2:${"x".repeat(52)}🎫 reader`);
  expect(parsed).toMatchObject({ ok: true, spec: { name: expect.stringMatching(/^x{52} on USB 1-2$/) } });
});
