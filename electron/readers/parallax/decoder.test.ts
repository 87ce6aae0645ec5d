import { expect, test } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import { createParallaxDecoder } from "./decoder.ts";

function decode(text: string): string[] {
  const frames = createParallaxDecoder().push(ascii(text));
  return frames.map((frame) => (frame.kind === "uid" ? toHex(frame.uid) : frame.why));
}

test("the datasheet's frame is its number", () => {
  expect(decode("\n0F0184F07A\r")).toEqual(["0f0184f07a"]);
});

test("an LF begins a new frame also inside one", () => {
  expect(decode("\n0F0184\n0F0184F07A\r")).toEqual(["cutShort", "0f0184f07a"]);
});

test("a frame is refused by the name of what is wrong with it, and the next is read", () => {
  expect(decode("\n0F0184F07\r\n0F0184F07A\r")).toEqual(["cutShort", "0f0184f07a"]);
  expect(decode("\n0F0184F07AB\r\n0F0184F07A\r")).toEqual(["overlong", "0f0184f07a"]);
  expect(decode("\n0F01 4F07A\r\n0F0184F07A\r")).toEqual(["foreignByte", "0f0184f07a"]);
});

test("digits without an LF before them are no frame: the port may have been opened in the middle of one", () => {
  expect(decode("84F07A\r0F0184F07A\r")).toEqual([]);
});
