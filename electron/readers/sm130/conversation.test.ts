import { expect, test } from "vitest";
import { fromHex } from "../../../shared/bytes.ts";
import { createConversation } from "../serial/conversation.ts";
import { toldActs } from "../serial/told-acts.testing.ts";
import { MAX_MISSES, SM130_MACHINE } from "./conversation.ts";

const FIRMWARE = "ff00088155 4d20312e33638f";
const ANTENNA_ON = "ff0002900193";
const SEEKING = "ff0002824cd0";
const NO_TAG = "ff0002824ed2";
const RF_OFF = "ff00028255d9";
const TAG = "ff00068202d45a8d559a";
const ULTRALIGHT = "ff00098201 04a1b2c3d4e580";

/** The hex of a frame with its sum set right. */
function frame(hex: string): Uint8Array {
  const bytes = fromHex(hex.replaceAll(" ", "")) ?? new Uint8Array();
  const [, , length = 0] = bytes;
  const whole = Uint8Array.of(...bytes.subarray(0, 3 + length), 0);
  whole[whole.length - 1] = whole.subarray(2, -1).reduce((sum, byte) => (sum + byte) % 256, 0);
  return whole;
}

/** Says the answers one after the other; what comes of each. */
function talk(...answers: readonly string[]) {
  const conversation = createConversation(SM130_MACHINE);
  const heard = [toldActs(conversation.begin())];
  for (const answer of answers) {
    const acts = answer === "silence" ? conversation.due("answer") : conversation.push(frame(answer));
    heard.push(toldActs(acts));
  }
  return { conversation, heard, last: heard.at(-1) };
}

test("it asks for the firmware, switches the antenna on and seeks, in the bytes that are published", () => {
  expect(talk(FIRMWARE, ANTENNA_ON, SEEKING).heard).toEqual([
    ["ff00018182", "answer 300"],
    ["answers", "ff0002900193", "answer 300"],
    ["ff00018283", "answer 300"],
    ["answer 400"],
  ]);
});

test("a tag is told, and sought again: it may lie there or leave", () => {
  expect(talk(FIRMWARE, ANTENNA_ON, SEEKING, TAG, "silence").heard.slice(4)).toEqual([
    ["present d45a8d55", "answer 80"],
    ["ff00018283", "answer 300"],
  ]);
  const left = talk(FIRMWARE, ANTENNA_ON, SEEKING, TAG, "silence", SEEKING, "silence");
  expect(left.last).toEqual(["removed d45a8d55", "ff00018283", "answer 300"]);
});

test("one that says there is no tag is asked again soon, and the tag has left", () => {
  expect(talk(FIRMWARE, ANTENNA_ON, TAG, "silence", NO_TAG).last).toEqual(["removed d45a8d55", "answer 80"]);
});

test("a UID of 7 bytes is told whole", () => {
  expect(talk(FIRMWARE, ANTENNA_ON, SEEKING, ULTRALIGHT).last).toEqual(["present 04a1b2c3d4e580", "answer 80"]);
});

test("another tag takes the first one's place", () => {
  const { last } = talk(FIRMWARE, ANTENNA_ON, SEEKING, TAG, "silence", ULTRALIGHT);
  expect(last).toEqual(["removed d45a8d55", "present 04a1b2c3d4e580", "answer 80"]);
});

test("with its antenna off it is told to switch it on", () => {
  expect(talk(FIRMWARE, ANTENNA_ON, RF_OFF).last).toEqual(["ff0002900193", "answer 300"]);
});

test("one that seeks by itself is heard before it was asked anything", () => {
  expect(talk(TAG).last).toEqual(["answers", "present d45a8d55"]);
});

test("after a question without an answer it is asked from the start, and after some more it counts as gone", () => {
  const silence = Array.from({ length: MAX_MISSES }, () => "silence");
  const { heard } = talk(FIRMWARE, ANTENNA_ON, SEEKING, TAG, "silence", ...silence);
  expect(heard.slice(6, -1).map(([first]) => first)).toEqual(silence.slice(1).map(() => "ff00018182"));
  expect(heard.at(-1)).toEqual(["removed d45a8d55", "fails silent"]);
});

test("an answer behind noise that claimed its bytes is found when the line falls silent", () => {
  const { conversation } = talk(FIRMWARE, ANTENNA_ON, SEEKING);
  expect(toldActs(conversation.push(Uint8Array.of(0xff, 0, 9, 0x82, ...frame(TAG).subarray(0, 5))))).toEqual([]);
  const late = createConversation(SM130_MACHINE);
  late.begin();
  // A length that swallows the firmware's name and waits for more.
  expect(toldActs(late.push(Uint8Array.of(0xff, 0, 20, 0x81, ...frame(FIRMWARE))))).toEqual([]);
  expect(toldActs(late.due("answer"))).toContain("answers");
});

test("a signal interrupts a seek at once, waits for any other answer, and ends by itself", () => {
  const { conversation } = talk(FIRMWARE, ANTENNA_ON, SEEKING);
  expect(toldActs(conversation.signal("good"))).toEqual(["lamp 700", "ff0002920195", "answer 300"]);
  // Another one before the first is confirmed.
  expect(toldActs(conversation.signal("bad"))).toEqual(["lamp 700"]);
  expect(toldActs(conversation.push(frame("ff00029201")))).toEqual(["ff0002920296", "answer 300"]);
  expect(toldActs(conversation.push(frame("ff00029202")))).toEqual(["ff00018283", "answer 300"]);
  conversation.push(frame(SEEKING));
  expect(toldActs(conversation.due("lamp"))).toEqual(["ff0002920094", "answer 300"]);
});
