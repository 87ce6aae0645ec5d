import { expect, test } from "vitest";
import { ascii, concatBytes, toHex } from "../../../shared/bytes.ts";
import type { Frame } from "../frame.ts";
import { createAscii125Decoder } from "./decoder.ts";

const GOOD = "\x023C00CE754CCB\x03";
const UID = "3c00ce754c";

function decode(text: string): string[] {
  return createAscii125Decoder().push(ascii(text)).map(told);
}

function told(frame: Frame): string {
  return frame.kind === "uid" ? toHex(frame.uid) : frame.why;
}

test("a frame with the wrong checksum is refused, and the one after it is read", () => {
  expect(decode(`\x02100026F44426\x03${GOOD}`)).toEqual(["checksum", UID]);
});

test("every single changed digit of a frame is noticed", () => {
  for (let at = 1; at <= 12; at++) {
    for (const digit of "0123456789ABCDEF") {
      if (GOOD[at] === digit) continue;
      expect(decode(GOOD.slice(0, at) + digit + GOOD.slice(at + 1))).toEqual(["checksum"]);
    }
  }
});

test("digits of either case are the same number", () => {
  expect(decode(GOOD.toLowerCase())).toEqual([UID]);
});

test("the CR LF that the ID-12 adds is no part of the number", () => {
  expect(decode("\x023C00CE754CCB\r\n\x03")).toEqual([UID]);
});

test("an STX inside a frame begins a new frame, so a lost end costs one frame only", () => {
  expect(decode(`\x023C00CE${GOOD}`)).toEqual(["cutShort", UID]);
  expect(decode(`\x023C00CE754CCB${GOOD}`)).toEqual(["cutShort", UID]);
});

test("a frame is refused by the name of what is wrong with it", () => {
  expect(decode("\x023C00\x03")).toEqual(["cutShort"]);
  expect(decode("\x02\x03")).toEqual(["cutShort"]);
  expect(decode("\x023C00\r\nCE754CCB\x03")).toEqual(["cutShort"]);
  expect(decode("\x023C00CE754CCB0\x03")).toEqual(["overlong"]);
  expect(decode("\x023C00CE754CCB\r\n\r\n\x03")).toEqual(["overlong"]);
  expect(decode("\x023C00CE75xCCB\x03")).toEqual(["foreignByte"]);
});

test("what stands outside a frame is nothing", () => {
  expect(decode(`3C00CE754CCB\x03\r\n${GOOD}3C00CE754CCB\x03`)).toEqual([UID]);
});

test("a reader that repeats gives every repeat", () => {
  const decoder = createAscii125Decoder();
  expect(decoder.push(concatBytes(...Array.from({ length: 20 }, () => ascii(GOOD))))).toHaveLength(20);
  expect(decoder.heldBytes).toBe(0);
});
