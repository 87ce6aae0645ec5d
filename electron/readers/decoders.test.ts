/** What every decoder promises, whatever its protocol. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascii, concatBytes, toHex } from "../../shared/bytes.ts";
import { ARDUINO_MAX_LINE_BYTES } from "./arduino/decoder.ts";
import { ASCII125_MAX_HELD_BYTES } from "./ascii125/decoder.ts";
import type { Decoder, Frame } from "./frame.ts";
import { EASYIDENT_DIGITS } from "./easyident/decoder.ts";
import { PARALLAX_MAX_HELD_BYTES } from "./parallax/decoder.ts";
import { COMMAND as PN532_COMMAND, PN532_MAX_HELD_BYTES, pn532Reply } from "./pn532/frames.ts";
import { RSSYSTEMS_DIGITS } from "./rssystems/decoder.ts";
import { COMMAND as SM130_COMMAND, SM130_MAX_HELD_BYTES, sm130Frame } from "./sm130/frames.ts";
import { PUBLIC_FRAMES } from "./public-frames.ts";
import { isProtocolName, PROTOCOL_NAMES, serialProtocol } from "./serial/protocols.ts";

/** Enough for every run of the tests; a long run sets more. */
const RUNS = Number(process.env["POLLING_STATION_DECODER_RUNS"] ?? 300);

interface Family {
  /** A whole frame that tells this number. */
  readonly encode: (uid: Uint8Array) => Uint8Array;
  /** A frame that must be refused, or nothing where the protocol has no way to notice. */
  readonly bad: Uint8Array;
  readonly uidBytes: readonly number[];
  readonly maxHeldBytes: number;
  /** How many bytes before a frame are as much a part of it: text put where a line feed was begins the next line. */
  readonly leadBytes: number;
  /** What the line may carry between two frames without touching them. */
  readonly noise: fc.Arbitrary<Uint8Array>;
  /** How many frames behind a damaged one it may swallow with it, where they follow without a pause. */
  readonly swallows: 0 | 1;
}

const anyNoise = fc.uint8Array({ maxLength: 40 });

function ascii125(lineEnd: string): Family {
  const encode = (uid: Uint8Array, flip = 0): Uint8Array => {
    const sum = uid.reduce((xor, byte) => xor ^ byte, flip);
    return ascii(`\x02${toHex(uid)}${toHex(Uint8Array.of(sum))}${lineEnd}\x03`.toUpperCase());
  };
  return {
    encode: (uid) => encode(uid),
    bad: encode(Uint8Array.of(1, 2, 3, 4, 5), 0x40),
    uidBytes: [5],
    maxHeldBytes: ASCII125_MAX_HELD_BYTES,
    leadBytes: 0,
    noise: anyNoise,
    swallows: 0,
  };
}

const FAMILIES: Readonly<Record<string, Family>> = {
  rdm6300: ascii125(""),
  grove: ascii125(""),
  id12: ascii125("\r\n"),
  parallax: {
    encode: (uid) => ascii(`\n${toHex(uid).toUpperCase()}\r`),
    bad: ascii("\n0F0184F0\r"),
    uidBytes: [5],
    maxHeldBytes: PARALLAX_MAX_HELD_BYTES,
    leadBytes: 0,
    noise: anyNoise,
    swallows: 0,
  },
  arduino: {
    encode: (uid) => ascii(`Card UID: ${Array.from(uid, (byte) => byte.toString(16)).join(" ")}\r\n`),
    bad: ascii("Card UID: 1BF07641\r\n"),
    uidBytes: [4, 7, 10],
    maxHeldBytes: ARDUINO_MAX_LINE_BYTES,
    leadBytes: 1,
    // Text is told from text only by lines: noise that looks like text must end its line, or it hits the next one.
    noise: anyNoise.map((bytes) => concatBytes(bytes, ascii("\n"))),
    swallows: 0,
  },
  easyident: digits((uid) => ascii(`0${toHex(uid).toUpperCase()}\r\n`), EASYIDENT_DIGITS),
  rssystems: digits(
    (uid) =>
      concatBytes(
        Uint8Array.from(toHex(uid), (digit) => 0x30 + Number.parseInt(digit, 16)),
        ascii("\r\n"),
      ),
    RSSYSTEMS_DIGITS,
  ),
  sm130: {
    encode: (uid) => sm130Frame(SM130_COMMAND.seek, uid.length === 4 ? 2 : 1, ...uid),
    bad: Uint8Array.of(0xff, 0, 6, 0x82, 2, 1, 2, 3, 4, 0),
    uidBytes: [4, 7, 10],
    maxHeldBytes: SM130_MAX_HELD_BYTES,
    leadBytes: 0,
    noise: anyNoise,
    // All that guards it is one byte of sum: once in 256, a byte lost or another length fits with bytes of the next frame.
    // On its line no frame follows without a pause, as it answers only when it is asked.
    swallows: 1,
  },
  pn532: {
    encode: (uid) => pn532Reply(PN532_COMMAND.listTargets, 1, 1, 0, 4, 8, uid.length, ...uid),
    bad: Uint8Array.of(0, 0, 0xff, 2, 0xfe, 0xd5, 0x15, 0x17, 0),
    uidBytes: [4, 7, 10],
    maxHeldBytes: PN532_MAX_HELD_BYTES,
    leadBytes: 0,
    noise: anyNoise,
    swallows: 0,
  },
};

/** Digits between white space: a digit put where the white space was begins the next number. */
function digits(encode: (uid: Uint8Array) => Uint8Array, maxHeldBytes: number): Family {
  const noise = anyNoise.map((bytes) => concatBytes(bytes, ascii("\n")));
  return { encode, bad: ascii("0123\r\n"), uidBytes: [5], maxHeldBytes, leadBytes: 1, noise, swallows: 0 };
}

function newDecoder(protocol: string): Decoder {
  if (!isProtocolName(protocol)) throw new Error(`no such protocol: ${protocol}`);
  return serialProtocol(protocol).createDecoder();
}

function uidsOf(frames: readonly Frame[]): string[] {
  return frames.flatMap((frame) => (frame.kind === "uid" ? [toHex(frame.uid)] : []));
}

/** The frames of a stream after which the line is silent. */
function pushAll(decoder: Decoder, stream: Uint8Array): Frame[] {
  return [...decoder.push(stream), ...(decoder.flush?.() ?? [])];
}

/** Those of the first that are not among the second, as often as they are missing. */
function lostOf(sent: readonly string[], read: readonly string[]): string[] {
  const left = [...read];
  return sent.filter((uid) => {
    const at = left.indexOf(uid);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** The frames of a stream that arrives in pieces ending at `cuts`. */
function pushInPieces(decoder: Decoder, stream: Uint8Array, cuts: readonly number[]): Frame[] {
  const ends = [...cuts, stream.length].toSorted((a, b) => a - b);
  return ends.flatMap((end, at) => decoder.push(stream.subarray(ends[at - 1] ?? 0, end)));
}

/** What happens to one byte of a line. */
const damage = fc.record({
  kind: fc.constantFrom("lost", "changed", "added"),
  at: fc.nat({ max: 200 }),
  byte: fc.nat({ max: 255 }),
});

function hurt(bytes: Uint8Array, { kind, byte }: { kind: string; byte: number }, hit: number): Uint8Array {
  return concatBytes(
    bytes.subarray(0, hit),
    kind === "lost" ? new Uint8Array() : Uint8Array.of(byte),
    bytes.subarray(kind === "added" ? hit : hit + 1),
  );
}

/** Any number that this family tells. */
function anyUid({ uidBytes }: Family): fc.Arbitrary<Uint8Array> {
  return fc.constantFrom(...uidBytes).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
}

test("every protocol is held to these promises", () => {
  expect(Object.keys(FAMILIES).toSorted()).toEqual([...PROTOCOL_NAMES].toSorted());
});

describe.each(PUBLIC_FRAMES)("the public frame of $protocol from $source", ({ protocol, bytes, uid }) => {
  const bad = FAMILIES[protocol]?.bad ?? new Uint8Array();
  const expected = uid === undefined ? [] : [uid];

  test("is read as published", () => {
    expect(uidsOf(newDecoder(protocol).push(bytes))).toEqual(expected);
  });

  test("is read wherever the port cuts it, between frames that must be refused", () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = newDecoder(protocol);
      const frames = [bad, bytes.subarray(0, cut), bytes.subarray(cut), bad].flatMap((piece) => decoder.push(piece));
      expect(uidsOf(frames)).toEqual(expected);
      expect(frames.filter((frame) => frame.kind === "bad").length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe.each(Object.entries(FAMILIES))("%s", (protocol, family) => {
  const someUid = anyUid(family);
  const someUids = fc.array(someUid, { minLength: 1, maxLength: 8 });

  test("the same bytes give the same frames however the port cuts them", () => {
    const stream = fc
      .array(fc.oneof(someUid.map(family.encode), fc.constant(family.bad), anyNoise), { maxLength: 8 })
      .map((parts) => concatBytes(...parts));
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 400 }), { maxLength: 20 }), (bytes, cuts) => {
        const within = cuts.filter((cut) => cut <= bytes.length);
        const byteByByte = Array.from(bytes, (_, at) => at);
        const whole = newDecoder(protocol).push(bytes);
        expect(pushInPieces(newDecoder(protocol), bytes, within)).toEqual(whole);
        expect(pushInPieces(newDecoder(protocol), bytes, byteByByte)).toEqual(whole);
      }),
      { numRuns: RUNS },
    );
  });

  test("noise between frames loses none of them", () => {
    fc.assert(
      fc.property(someUids, fc.infiniteStream(family.noise), (uids, noises) => {
        const decoder = newDecoder(protocol);
        const read = uids.flatMap((uid) => {
          const [noise = new Uint8Array()] = noises.take(1);
          return uidsOf(decoder.push(concatBytes(noise, family.encode(uid))));
        });
        expect([...read, ...uidsOf(decoder.flush?.() ?? [])]).toEqual(uids.map(toHex));
      }),
      { numRuns: RUNS },
    );
  });

  test("a byte lost, changed or added costs at most the frame it hits", () => {
    fc.assert(
      fc.property(fc.array(someUid, { minLength: 4, maxLength: 4 }), damage, (uids, by) => {
        const frames = uids.map(family.encode);
        const stream = concatBytes(...frames);
        const hit = by.at % stream.length;
        const read = uidsOf(pushAll(newDecoder(protocol), hurt(stream, by, hit)));
        let from = 0;
        const untouched = uids.filter((_, which) => {
          const length = frames[which]?.length ?? 0;
          const touched = hit >= from - family.leadBytes && hit < from + length;
          from += length;
          return !touched;
        });
        expect(lostOf(untouched.map(toHex), read).length).toBeLessThanOrEqual(family.swallows);
      }),
      { numRuns: RUNS },
    );
  });

  test("no bytes make it throw or hold more than its limit", () => {
    // Half the bytes are those that mean something to it, else nothing would ever get far.
    const meaningful = fc.constantFrom(
      ...family.encode(new Uint8Array(family.uidBytes[0] ?? 4)),
      ...ascii("\x02\x03\r\n UID:4f"),
    );
    const bytes = fc.oneof(meaningful, fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(fc.array(bytes, { maxLength: 60 }), { maxLength: 10 }), (pieces) => {
        const decoder = newDecoder(protocol);
        for (const piece of [...pieces, undefined]) {
          const frames = piece === undefined ? (decoder.flush?.() ?? []) : decoder.push(Uint8Array.from(piece));
          const lengths = frames.flatMap((frame) => (frame.kind === "uid" ? [frame.uid.length] : []));
          expect(lengths.filter((length) => !family.uidBytes.includes(length))).toEqual([]);
          expect(decoder.heldBytes).toBeLessThanOrEqual(family.maxHeldBytes);
        }
        const left = decoder.flush === undefined ? 0 : decoder.heldBytes;
        expect(left).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });
});

const ASKED = Object.entries(FAMILIES).filter(([protocol]) => newDecoder(protocol).flush !== undefined);

/** Of an SM130, whose length it makes 9, it fits with the beginning of the next frame, also by its sum. */
const LENGTH_HIT: [Uint8Array, Uint8Array[], { kind: string; at: number; byte: number }] = [
  Uint8Array.of(0xfe, 0xfc, 0x7d, 0x01),
  [Uint8Array.of(0, 0, 0, 0)],
  { kind: "changed", at: 2, byte: 9 },
];

describe.each(ASKED)("%s, which answers only when it is asked", (protocol, family) => {
  test("with a pause behind each frame, a byte lost, changed or added costs no other frame", () => {
    fc.assert(
      fc.property(
        anyUid(family),
        fc.array(anyUid(family), { minLength: 1, maxLength: 3 }),
        damage,
        (first, uids, by) => {
          const decoder = newDecoder(protocol);
          const frame = family.encode(first);
          pushAll(decoder, hurt(frame, by, by.at % frame.length));
          expect(uids.flatMap((uid) => uidsOf(pushAll(decoder, family.encode(uid))))).toEqual(uids.map(toHex));
        },
      ),
      { numRuns: RUNS, examples: [LENGTH_HIT] },
    );
  });
});
