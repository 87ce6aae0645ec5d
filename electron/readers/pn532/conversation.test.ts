import { expect, test } from "vitest";
import { fromHex, toHex } from "../../../shared/bytes.ts";
import { createConversation } from "../serial/conversation.ts";
import { toldActs } from "../serial/told-acts.testing.ts";
import { ABSENT_LISTS, MAX_MISSES, PN532_MACHINE } from "./conversation.ts";
import { createPn532Scanner, listedUids, pn532Reply } from "./frames.ts";

const ACKED = "0000ff00ff00";
const SAM = "0000ff02fed5151600";
const FIRMWARE = "0000ff06fad50332010607e800";
const RETRIES = "0000ff02fed533f800";
const TAG = "0000ff0cf4d54b010100040804fb0ee20bd800";
const NONE = "0000ff03fdd54b00e000";
const ERROR = "0000ff01ff7f8100";
const READY = [ACKED, SAM, ACKED, FIRMWARE, ACKED, RETRIES, ACKED] as const;
const LIST = "0000ff04fcd44a0100e100";

const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();

function talk(...answers: readonly string[]) {
  const conversation = createConversation(PN532_MACHINE);
  const heard = [toldActs(conversation.begin())];
  for (const answer of answers) {
    heard.push(toldActs(answer === "silence" ? conversation.due("answer") : conversation.push(bytesOf(answer))));
  }
  return { conversation, heard: heard.filter((acts) => acts.length > 0), last: heard.at(-1) };
}

test("it is woken, its SAM set aside, asked who it is and kept from waiting for ever, in the bytes that are published", () => {
  expect(talk(...READY).heard).toEqual([
    [`5555${"00".repeat(14)}ff03fdd414011700`, "answer 400"],
    ["0000ff02fed4022a00", "answer 400"],
    ["0000ff06fad43205ff0102f300", "answer 400"],
    ["answers", LIST, "answer 400"],
  ]);
});

test("a tag is told each time it is listed", () => {
  const { heard } = talk(...READY, TAG, "silence", TAG);
  expect(heard.slice(4)).toEqual([
    ["present fb0ee20b", "answer 60"],
    [LIST, "answer 400"],
    ["present fb0ee20b", "answer 60"],
  ]);
});

test("a tag has left when it was missed in several lists in a row, not in one", () => {
  const missed = Array.from({ length: ABSENT_LISTS }, () => ["silence", NONE]).flat();
  const { heard } = talk(...READY, TAG, ...missed);
  expect(heard.at(-1)).toEqual(["removed fb0ee20b", "answer 60"]);
  expect(heard.flat().filter((word) => word.startsWith("removed"))).toHaveLength(1);
  expect(
    talk(...READY, TAG, ...missed.slice(2), "silence", TAG)
      .heard.flat()
      .join(),
  ).not.toContain("removed");
});

test("a silence is met by an abort and a new start, later each time, and in the end it counts as gone", () => {
  const { heard } = talk(...READY, TAG, "silence", ...Array.from({ length: 2 * MAX_MISSES - 1 }, () => "silence"));
  const aborts = heard.filter(([first]) => first === ACKED).map(([, wait]) => wait);
  expect(aborts).toEqual(["answer 100", "answer 200", "answer 400"]);
  expect(heard.at(-1)).toEqual(["removed fb0ee20b", "fails silent"]);
});

test("a device that understands no command is started again", () => {
  expect(talk(...READY, ERROR).last).toEqual([ACKED, "answer 100"]);
});

test("another chip of the maker is told as not the one asked for", () => {
  expect(talk(SAM, toHex(pn532Reply(0x02, 0x33, 1, 6, 7))).last).toEqual(["fails wrongDevice"]);
});

test("it has no lamp, so a signal changes nothing", () => {
  expect(talk(...READY).conversation.signal("good")).toEqual([]);
});

test("the UID is taken by its length, whatever stands behind it", () => {
  const ats = [0x06, 0x75, 0x77, 0x81, 0x02, 0x80];
  const seven = [4, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0x80];
  const one = [1, 1, 0x03, 0x44, 0x20, 7, ...seven, ...ats];
  expect(listedUids(Uint8Array.from(one))?.map(toHex)).toEqual(["04a1b2c3d4e580"]);
  const two = [2, 1, 0x03, 0x44, 0x20, 7, ...seven, ...ats, 2, 0, 4, 8, 4, 1, 2, 3, 4];
  expect(listedUids(Uint8Array.from(two))?.map(toHex)).toEqual(["04a1b2c3d4e580", "01020304"]);
  for (const payload of [[], [3], [1, 1, 0, 4, 8, 4, 1, 2, 3], [1, 1, 0, 4, 8, 5, 1, 2, 3, 4, 5]]) {
    expect(listedUids(Uint8Array.from(payload))).toBeUndefined();
  }
});

test("a frame too long for one byte of length is read, and one that claims more than there can be is not waited for", () => {
  const long = pn532Reply(0x4a, ...new Uint8Array(300));
  expect(createPn532Scanner().push(long)).toMatchObject([{ kind: "packet", packet: { kind: "reply", command: 0x4a } }]);
  const endless = Uint8Array.of(0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02);
  expect(createPn532Scanner().push(endless)).toEqual([{ kind: "bad", why: "overlong" }]);
});

test("our own question, come back over a wire that joins both directions, is no answer", () => {
  expect(createPn532Scanner().push(bytesOf(LIST))).toEqual([{ kind: "bad", why: "foreignByte" }]);
});
