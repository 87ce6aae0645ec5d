import { describe, expect, test } from "vitest";
import { parseReaderSpec, parseReaderSpecs } from "./spec.ts";

function whyNot(text: string): string {
  const parsed = parseReaderSpec(text);
  return parsed.ok ? "it is accepted" : parsed.why;
}

function whyNotAll(texts: readonly string[]): string {
  const parsed = parseReaderSpecs(texts);
  return parsed.ok ? "they are accepted" : parsed.why;
}

test("a serial reader with its slot, everything else by its protocol", () => {
  expect(parseReaderSpec("serial:/dev/ttyUSB0?protocol=rdm6300&slot=1")).toEqual({
    ok: true,
    spec: {
      kind: "serial",
      id: "serial:/dev/ttyUSB0",
      path: "/dev/ttyUSB0",
      protocol: "rdm6300",
      baud: 9600,
      lineBack: false,
      sameTapMs: 400,
      name: "RDM6300 on ttyUSB0",
      slot: 1,
    },
  });
});

test("what the operator says goes before what the protocol says", () => {
  const parsed = parseReaderSpec("serial:/dev/ttyUSB0?protocol=parallax&baud=4800&gap=900&name=Left%20door&slot=50");
  expect(parsed).toMatchObject({ ok: true, spec: { baud: 4800, sameTapMs: 900, name: "Left door", slot: 50 } });
});

test("a reader may have no slot yet", () => {
  expect(parseReaderSpec("serial:/dev/ttyUSB0?protocol=id12")).toMatchObject({ ok: true, spec: { slot: undefined } });
});

test("a by-path name keeps its colons", () => {
  const path = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0";
  expect(parseReaderSpec(`serial:${path}?protocol=grove`)).toMatchObject({ ok: true, spec: { path } });
});

test("the same port has the same identity however its path is written", () => {
  expect(parseReaderSpec("serial:/dev//../dev/ttyUSB0?protocol=grove")).toMatchObject({
    spec: { id: "serial:/dev/ttyUSB0" },
  });
  expect(parseReaderSpec("serial:\\\\.\\com12?protocol=grove")).toMatchObject({ spec: { id: "serial:COM12" } });
});

test.each([
  ["", 'reader "": unknown kind of reader ""; write it as serial:/dev/ttyUSB0?protocol=rdm6300&slot=1'],
  ["/dev/ttyUSB0", 'unknown kind of reader "/dev/ttyUSB0"; write it as serial:'],
  ["usb:/dev/ttyUSB0", 'unknown kind of reader "usb"; write it as serial:'],
  ["virtual:?slot=1", "come by themselves in demo mode and cannot be asked for; leave this out"],
  ["serial:", "the path of the port is missing; write it as"],
  ["serial:?protocol=id12", "the path of the port is missing; write it as"],
  ["serial:ttyUSB0?protocol=id12", '"ttyUSB0" is not a full path; write it as'],
  ["serial:/dev/a\nb?protocol=id12", "the path holds a control character; check the quoting"],
  [
    "serial:/dev/a",
    "protocol is missing; add protocol= and one of rdm6300, id12, grove, parallax, easyident, rssystems, arduino, sm130, pn532",
  ],
  [
    "serial:/dev/a?protocol=toString",
    'unknown protocol "toString"; use one of rdm6300, id12, grove, parallax, easyident, rssystems, arduino, sm130, pn532',
  ],
  ["serial:/dev/a?protocol=id12&slots=1", 'unknown parameter "slots"; use protocol, slot, baud, name, gap, feedback'],
  ["serial:/dev/a?protocol=id12&slot=1&slot=2", "slot is given twice; keep one"],
  ["serial:/dev/a?protocol=id12&slot=0", 'slot is "0"; it must be a whole number from 1 to 50'],
  ["serial:/dev/a?protocol=id12&slot=51", 'slot is "51"; it must be a whole number from 1 to 50'],
  ["serial:/dev/a?protocol=id12&slot=1.5", 'slot is "1.5"; it must be a whole number from 1 to 50'],
  ["serial:/dev/a?protocol=id12&slot=", 'slot is ""; it must be a whole number from 1 to 50'],
  ["serial:/dev/a?protocol=id12&baud=fast", 'baud is "fast"; it must be a whole number from 110 to 4000000'],
  ["serial:/dev/a?protocol=id12&gap=10", 'gap is "10"; it must be a whole number from 50 to 10000'],
  ["serial:/dev/a?protocol=id12&name=%20", "name must be 1 to 64 printable characters; shorten it or leave it out"],
])("%j is refused with cause and remedy", (text, why) => {
  expect(whyNot(text)).toContain(why);
});

test("a refusal is one line, also of a spec that is not, and repeats no endless text", () => {
  const why = whyNot(`serial:/dev/a?protocol=\n\u001b[31m${"x".repeat(10_000)}`);
  expect(why).not.toMatch(/\p{Cc}/u);
  expect(why.length).toBeLessThan(600);
});

describe("several readers", () => {
  test("come in the order given", () => {
    const parsed = parseReaderSpecs(["serial:/dev/b?protocol=id12", "serial:/dev/a?protocol=grove"]);
    expect(parsed).toMatchObject({ ok: true, specs: [{ path: "/dev/b" }, { path: "/dev/a" }] });
  });

  test("the first wrong one is named", () => {
    expect(whyNotAll(["serial:/dev/b?protocol=id12", "nonsense"])).toContain('"nonsense"');
  });

  test("one port cannot be given twice", () => {
    const twice = ["serial:/dev/a?protocol=id12", "serial:/dev//a?protocol=id12&slot=2"];
    expect(whyNotAll(twice)).toContain("name each port once");
  });

  test("no reader is a valid wish", () => {
    expect(parseReaderSpecs([])).toEqual({ ok: true, specs: [], takeAll: new Set() });
  });
});
