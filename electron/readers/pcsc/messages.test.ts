import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfHex, concatBytes, toHex } from "../../../shared/bytes.ts";
import {
  askAttribute,
  askConnect,
  askContext,
  askDisconnect,
  askStopWaiting,
  askTransmit,
  askVersion,
  askWait,
  CHANNEL_ID,
  MAX_HELD_BYTES,
  type ReadAnswer,
  readAttribute,
  readConnected,
  readContext,
  readReaders,
  readSignal,
  readTransmitted,
  readVersion,
  RESULT,
} from "./messages.ts";
import { listOf, words } from "./answers.testing.ts";
import { GET_UID } from "./uid-answer.ts";

/** A Mifare Classic 1K at a PC/SC reader (READERS.md). */
const MIFARE_ATR = bytesOfHex("3B8F8001804F0CA000000306030001000000006A");

describe("requests have pcsc-lite's layout", () => {
  test.each([
    ["version 4.4", askVersion(4), "0c000000 11000000 04000000 04000000 00000000"],
    ["a context", askContext(), "0c000000 01000000 02000000 00000000 00000000"],
    ["the wait", askWait(), "00000000 13000000"],
    ["the end of the wait", askStopWaiting(), "00000000 14000000"],
    ["disconnect, the card left as it is", askDisconnect(0x01020304), "0c000000 06000000 04030201 00000000 00000000"],
    [
      "transmit, T=1, the command after the structure",
      askTransmit(7, 2, GET_UID),
      "20000000 09000000 07000000 02000000 08000000 05000000 03000000 08000000 02010000 00000000 ffca000000",
    ],
  ])("%s", (_, bytes, hex) => {
    expect(toHex(bytes)).toBe(hex.replaceAll(" ", ""));
  });

  test("connect names the reader, 128 bytes, and how it is shared", () => {
    const bytes = askConnect(9, "Rig A 00 00", "shared");
    expect(bytes.length).toBe(8 + 152);
    expect(toHex(bytes.subarray(0, 12))).toBe("980000000400000009000000");
    expect(new TextDecoder().decode(bytes.subarray(12, 24))).toBe("Rig A 00 00\0");
    expect(toHex(bytes.subarray(140, 148))).toBe("0200000003000000");
    expect(toHex(askConnect(9, "Rig A 00 00", "direct").subarray(140, 148))).toBe("0300000000000000");
  });

  test("a reader's name that is too long is cut, and keeps its end", () => {
    const bytes = askConnect(9, "ü".repeat(200), "shared");
    expect(bytes.length).toBe(8 + 152);
    expect(bytes[8 + 4 + 127]).toBe(0);
  });

  test("an attribute is asked for with the room of 264 bytes", () => {
    const bytes = askAttribute(5, CHANNEL_ID);
    expect(bytes.length).toBe(8 + 280);
    expect(toHex(bytes.subarray(0, 16))).toBe("180100000f0000000500000010010200");
    expect(toHex(bytes.subarray(-8))).toBe("0801000000000000");
  });
});

describe("answers", () => {
  test("all readers, the empty places left out", () => {
    const list = listOf([
      { name: "Rig A 00 00", events: 1, state: 0x34, atr: MIFARE_ATR },
      { name: "", events: 7, state: 0, atr: new Uint8Array() },
      { name: "Rig A 00 01", events: 0x1_0002, state: 2, atr: new Uint8Array() },
    ]);
    expect(readReaders(list)).toEqual({
      kind: "whole",
      used: MAX_HELD_BYTES,
      value: [
        { name: "Rig A 00 00", events: 1, present: true, atr: MIFARE_ATR },
        { name: "Rig A 00 01", events: 2, present: false, atr: new Uint8Array() },
      ],
    });
  });

  test.each([
    ["a name without an end", listOf([{ name: "x".repeat(128), events: 0, state: 2, atr: new Uint8Array() }])],
    [
      "two readers of one name",
      listOf([1, 2].map((events) => ({ name: "A 00 00", events, state: 2, atr: new Uint8Array() }))),
    ],
  ])("%s is not believed", (_, list) => {
    expect(readReaders(list)).toMatchObject({ kind: "corrupt" });
  });

  test("a version that was taken, one to ask for instead, and one that nobody here speaks", () => {
    const answer = (minor: number, result: number) => words(4, minor, result);
    expect(readVersion(4)(answer(4, 0))).toMatchObject({ value: { accepted: true } });
    // 2.5.1 says its own number, and speaks 4.4 with us.
    expect(readVersion(4)(answer(6, 0))).toMatchObject({ value: { accepted: true } });
    expect(readVersion(4)(answer(5, RESULT.serviceStopped))).toMatchObject({ value: { accepted: false, next: 5 } });
    expect(readVersion(5)(answer(5, RESULT.serviceStopped))).toMatchObject({ value: { accepted: false, next: null } });
    const strange = readVersion(4)(words(5, 0, RESULT.serviceStopped));
    expect(strange).toMatchObject({ value: { accepted: false, next: null, server: "5.0" } });
  });

  test("a context, a handle, a signal", () => {
    expect(readContext(words(2, 0xabcd, 0))).toMatchObject({ value: { context: 0xabcd, result: 0 } });
    const connected = concatBytes(words(1), new Uint8Array(128), words(2, 3, 0x77, 2, 0));
    expect(readConnected(connected)).toMatchObject({ value: { card: 0x77, protocol: 2, result: 0 } });
    expect(readSignal(words(0, 0))).toMatchObject({ value: { result: 0 } });
  });

  test("a card's answer comes after the structure, and only when it succeeded", () => {
    const head = (length: number, result: number) => words(7, 2, 8, 5, 2, 8, length, result);
    const body = bytesOfHex("041122339000");
    expect(readTransmitted(head(6, 0))).toEqual({ kind: "more", need: 38 });
    expect(readTransmitted(concatBytes(head(6, 0), body))).toMatchObject({ value: { answer: body } });
    expect(readTransmitted(head(6, RESULT.removedCard))).toMatchObject({ value: { result: RESULT.removedCard } });
    expect(readTransmitted(head(259, 0))).toMatchObject({ kind: "corrupt" });
  });

  test("what comes behind an answer is left to whoever waits next", () => {
    expect(readReaders(concatBytes(listOf([]), words(0, 0)))).toMatchObject({ value: [], used: MAX_HELD_BYTES });
    expect(readSignal(words(0, 0, 7))).toMatchObject({ used: 8 });
  });

  test("an attribute longer than its room is not believed", () => {
    const answer = (length: number) => concatBytes(words(5, CHANNEL_ID), new Uint8Array(264).fill(1), words(length, 0));
    expect(readAttribute(answer(4))).toMatchObject({ value: { value: Uint8Array.of(1, 1, 1, 1) } });
    expect(readAttribute(answer(265))).toMatchObject({ kind: "corrupt" });
  });

  const READS: [string, ReadAnswer<unknown>][] = [
    ["version", readVersion(4)],
    ["context", readContext],
    ["signal", readSignal],
    ["handle", readConnected],
    ["attribute", readAttribute],
    ["card's answer", readTransmitted],
    ["readers", readReaders],
  ];
  test.each(READS)("%s: whatever the bytes, more is asked for only within bounds, and nothing is thrown", (_, read) => {
    const asMuchAsItWants = (bytes: Uint8Array): void => {
      const answer = read(bytes);
      if (answer.kind !== "more") return;
      expect(answer.need).toBeGreaterThan(bytes.length);
      expect(answer.need).toBeLessThanOrEqual(MAX_HELD_BYTES);
      asMuchAsItWants(concatBytes(bytes, new Uint8Array(answer.need - bytes.length)));
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), asMuchAsItWants), { numRuns: 100 });
  });
});
