import { expect, test } from "vitest";
import { ascii, toHex } from "../../../shared/bytes.ts";
import { type ProtocolName, PROTOCOL_NAMES, isProtocolName, serialProtocol } from "./protocols.ts";
import { beginSession } from "./session.ts";

/** A session whose port and clock are in the test's hands. */
function rig(protocol: ProtocolName, lineBack = false) {
  const written: string[] = [];
  const told: string[] = [];
  const timers = new Set<() => void>();
  let stopAtSighting = false;
  const session = beginSession(
    serialProtocol(protocol),
    lineBack,
    { write: (bytes) => void written.push(toHex(bytes)), close: () => Promise.resolve() },
    {
      onSighting({ kind, tag }) {
        told.push(`${kind} ${tag.technology} ${tag.form === "bytes" ? toHex(tag.bytes) : tag.digits}`);
        if (stopAtSighting) session.end();
      },
      onBadFrame: () => told.push("bad"),
      onAnswer: () => told.push("answers"),
      onFailure: ({ kind }) => told.push(kind),
    },
    (_delayMs, run) => {
      timers.add(run);
      return () => void timers.delete(run);
    },
  );
  return { session, written, told, timers, stopAtSighting: () => (stopAtSighting = true) };
}

const SPEAKING = PROTOCOL_NAMES.filter(isProtocolName).filter((name) => serialProtocol(name).converse === null);
const ASKED = PROTOCOL_NAMES.filter(isProtocolName).filter((name) => serialProtocol(name).converse !== null);

test.each(SPEAKING)("nothing is ever written to a %s that was not said to take lines", (protocol) => {
  const { session, written, timers } = rig(protocol);
  session.push(ascii("\x023C00CE754CCB\x03\nUID: 04 A1 B2 C3\n"));
  session.signal("good");
  session.signal("bad");
  session.end();
  expect([written, timers.size]).toEqual([[], 0]);
});

test("one that takes lines is told the outcome in words, and nothing after the end", () => {
  const { session, written } = rig("arduino", true);
  session.signal("good");
  session.signal("bad");
  session.end();
  session.signal("good");
  expect(written.map((hex) => Buffer.from(hex, "hex").toString())).toEqual(["OK\n", "NO\n"]);
});

test.each(ASKED)("after the end a %s is left alone: nothing written, nothing told, no timer left", (protocol) => {
  const { session, written, told, timers } = rig(protocol);
  expect(written.length).toBeGreaterThan(0);
  session.signal("good");
  session.end();
  const sofar = written.length;
  session.push(Uint8Array.of(0xff, 0, 6, 0x82, 2, 0xd4, 0x5a, 0x8d, 0x55, 0x9a));
  session.signal("bad");
  expect([written.length, told, timers.size]).toEqual([sofar, [], 0]);
});

test("whoever ends it on being told of a tag is told of no other, though they came together", () => {
  const two = ascii("\x023C00CE754CCB\x03\x0201000734E0D2\x03");
  const { session, told, stopAtSighting } = rig("rdm6300");
  stopAtSighting();
  session.push(two);
  expect(told).toEqual(["present lf 3c00ce754c"]);
});

test("a tag carries the kind that its reader reads", () => {
  const { session, told } = rig("sm130");
  session.push(Uint8Array.of(0xff, 0, 6, 0x82, 2, 0xd4, 0x5a, 0x8d, 0x55, 0x9a));
  expect(told).toEqual(["answers", "present hf d45a8d55"]);
});
