import { expect, test } from "vitest";
import { ascii, concatBytes, toHex } from "../../../shared/bytes.ts";
import { ARDUINO_MAX_LINE_BYTES, createArduinoDecoder } from "./decoder.ts";

function decodeBytes(bytes: Uint8Array): string[] {
  const frames = createArduinoDecoder().push(bytes);
  return frames.map((frame) => (frame.kind === "uid" ? toHex(frame.uid) : frame.why));
}

function decode(text: string): string[] {
  return decodeBytes(ascii(text));
}

test.each([
  ["Card UID: 1B F0 76 41", "1bf07641"],
  ["Card UID:1B:F0:76:41", "1bf07641"],
  ["card uid: 1b-f0-76-41", "1bf07641"],
  ["UID tag : 1B F0 76 41 ", "1bf07641"],
  ["UID: 04 A1 B2 C3 D4 E5 80", "04a1b2c3d4e580"],
  ["\tUID:\t04 : A1 : B2 : C3", "04a1b2c3"],
  ["UID: 04 A1 B2 C3 D4 E5 80 01 02 03", "04a1b2c3d4e580010203"],
])("the line %j is a tag", (line, uid) => {
  expect(decode(`${line}\r\n`)).toEqual([uid]);
});

test("a byte printed without its leading zero keeps its place", () => {
  expect(decode("Card UID: 1B 0 6 41\n")).toEqual(["1b000641"]);
});

test("bytes run together are refused, because a lost zero could not be noticed", () => {
  expect(decode("Card UID: 1BF07641\nUID: 1BF0 7641\n")).toEqual(["unseparated", "unseparated"]);
});

test.each([
  "Card SAK: 08",
  "PICC type: MIFARE 1KB",
  "Last UID: 1B F0 76 41",
  "GUID: 1B F0 76 41",
  "UID size: 4",
  "",
  "04 A1 B2 C3",
])("the line %j is not for us", (line) => {
  expect(decode(`${line}\r\n`)).toEqual([]);
});

test("a UID of no size that tags have is refused", () => {
  expect(decode("UID:\nUID: 01 02 03\nUID: 01 02 03 04 05\n")).toEqual(["cutShort", "cutShort", "cutShort"]);
  expect(decode("UID: 01 02 03 04 05 06 07 08 09 0A 0B\n")).toEqual(["overlong"]);
});

test("a line that never ends is passed over, and the next is read", () => {
  const endless = "x".repeat(ARDUINO_MAX_LINE_BYTES * 5);
  expect(decode(`${endless}\nUID: 04 A1 B2 C3\n`)).toEqual(["04a1b2c3"]);
  expect(decode(`UID: ${endless}\nUID: 04 A1 B2 C3\n`)).toEqual(["overlong", "04a1b2c3"]);
});

test("a UID with noise in it is refused as a whole, never shortened", () => {
  const noise = Uint8Array.of(0xff);
  const cut = concatBytes(ascii("UID: 04 A1 B2 C3"), noise, ascii(" D4 E5 80\nUID: 04 A1 B2 C3\n"));
  expect(decodeBytes(cut)).toEqual(["foreignByte", "04a1b2c3"]);
});

test("a line right after boot noise is read", () => {
  expect(decodeBytes(concatBytes(Uint8Array.of(0x80, 0x41, 0x00, 0xfe), ascii("UID: 04 A1 B2 C3\n")))).toEqual([
    "04a1b2c3",
  ]);
});
