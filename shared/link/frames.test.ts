import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import type { PackedCourse } from "../domain/course.ts";
import { MAX_WALL_MS } from "../schemas.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame } from "./frames.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const upTo = (maxLength: number) => fc.uint8Array({ maxLength });
const cursor = fc.maxSafeNat();
const wallMs = fc.nat({ max: MAX_WALL_MS });
const name = fc.string({ unit: "grapheme", maxLength: 20 });
const list = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 5 });

const course: fc.Arbitrary<PackedCourse> = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 1000 }),
  list(fc.tuple(wallMs, fc.option(wallMs))),
  fc.option(wallMs),
  fc.option(fc.array(cursor, { minLength: 2, maxLength: 50 })),
);

/** What may be an id, a name and a reason alike. */
const plain = fc.stringMatching(/^[a-z0-9:.-]{1,20}$/);
const slot = fc.integer({ min: 1, max: 50 });
const target = fc.option(
  fc.oneof(
    fc.tuple(fc.constant(1 as const), slot),
    fc.tuple(fc.constant(2 as const), bytes(16), slot),
    fc.tuple(fc.constant(3 as const)),
  ),
);

const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.tuple(
    fc.constant(FRAME.hello),
    fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 16 }),
    bytes(32),
    bytes(32),
    name,
  ),
  fc.tuple(fc.constant(FRAME.challenge), fc.integer({ min: 1, max: 255 }), bytes(16), bytes(32), bytes(32), bytes(64)),
  fc.tuple(
    fc.constant(FRAME.proof),
    bytes(32),
    bytes(64),
    fc.option(bytes(8)),
    list(fc.tuple(bytes(8), fc.constantFrom(1, 2, 3, 4), fc.integer({ min: 1, max: 1000 }), cursor)),
  ),
  fc.tuple(fc.constant(FRAME.welcome), fc.boolean(), fc.option(bytes(32)), name, bytes(8)),
  fc.tuple(fc.constant(FRAME.log), upTo(200), bytes(64), cursor, bytes(32)),
  fc.tuple(fc.constant(FRAME.batch), upTo(300)),
  fc.tuple(
    fc.constant(FRAME.ack),
    bytes(16),
    cursor,
    bytes(32),
    list(fc.tuple(fc.integer({ min: 1 }), fc.integer({ min: 0, max: 255 }))),
  ),
  fc.tuple(fc.constant(FRAME.ping), fc.nat({ max: 2 ** 32 - 1 })),
  fc.tuple(fc.constant(FRAME.pong), fc.nat({ max: 2 ** 32 - 1 }), wallMs),
  fc.tuple(fc.constant(FRAME.event), name),
  fc.tuple(fc.constant(FRAME.where), bytes(16), cursor),
  fc.tuple(fc.constant(FRAME.place), bytes(16), cursor, fc.option(bytes(32))),
  fc.tuple(fc.constant(FRAME.standing), bytes(16), fc.integer({ min: 1, max: 255 })),
  fc.tuple(fc.constant(FRAME.poll), cursor, course, upTo(300), bytes(64)),
  fc.tuple(fc.constant(FRAME.tally), bytes(8), cursor, fc.array(cursor, { minLength: 2, maxLength: 50 })),
  fc.tuple(fc.constant(FRAME.delta), bytes(8), cursor, cursor, fc.integer({ min: 1, max: 50 }), cursor),
  fc.tuple(fc.constant(FRAME.lacks), bytes(8)),
  fc.tuple(fc.constant(FRAME.roll), list(bytes(32))),
  fc.tuple(fc.constant(FRAME.want), bytes(32)),
  fc.tuple(fc.constant(FRAME.chunk), upTo(300)),
  fc.tuple(fc.constant(FRAME.forget)),
  fc.tuple(
    fc.constant(FRAME.readers),
    cursor,
    fc.boolean(),
    fc.nat({ max: 100 }),
    fc.nat({ max: 100 }),
    list(
      fc.tuple(
        plain,
        plain,
        target,
        fc.constantFrom(1 as const, 2 as const),
        fc.option(plain),
        fc.option(wallMs),
        cursor,
        cursor,
      ),
    ),
  ),
  fc.tuple(
    fc.constant(FRAME.mapping),
    fc.integer({ min: 1 }),
    cursor,
    fc.uniqueArray(fc.tuple(plain, plain, target), { maxLength: 5, selector: ([id]) => id }),
  ),
  fc.tuple(fc.constant(FRAME.mapped), fc.integer({ min: 1 }), fc.integer({ min: 1, max: 255 })),
  fc.tuple(
    fc.constant(FRAME.settings),
    list(
      fc.oneof(
        fc.tuple(fc.constant(1 as const), fc.constantFrom(24 as const, 32 as const)),
        fc.tuple(fc.integer({ min: 2, max: 255 }), cursor),
      ),
    ),
  ),
);

const BAD = { ok: false, why: "badFrame" };

describe("a frame", () => {
  test("reads back as it was written", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual({ ok: true, frame });
      }),
    );
  });

  test("has one spelling: bytes that are read as a frame are the bytes of that frame", () => {
    const damaged = fc.tuple(anyFrame, fc.nat(), fc.nat({ max: 255 })).map(([frame, at, byte]) => {
      const encoded = encodeFrame(frame);
      encoded[at % encoded.length] = byte;
      return encoded;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 })), (raw) => {
        const read = decodeFrame(raw);
        expect(read.ok ? encodeFrame(read.frame) : raw).toEqual(raw);
      }),
      { numRuns: 2_000 },
    );
  });

  test("cut short anywhere, or with a byte too many, is none", () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.nat({ max: 255 }), (frame, cut, more) => {
        const encoded = encodeFrame(frame);
        expect(decodeFrame(encoded.slice(0, cut % encoded.length))).toEqual(BAD);
        expect(decodeFrame(Uint8Array.of(...encoded, more))).toEqual(BAD);
      }),
    );
  });

  test("of another type or number of fields is none", () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), (frame, type) => {
        const known = Object.values<number>(FRAME).includes(type);
        expect(known || !decodeFrame(encodeCbor([type, ...frame.slice(1)])).ok).toBe(true);
        expect(decodeFrame(encodeCbor([...frame, 0]))).toEqual(BAD);
        expect(decodeFrame(encodeCbor(frame.slice(0, -1)))).toEqual(BAD);
      }),
    );
  });

  test.each([
    ["an indefinite array", [0x9f, 0x0d, 0x01, 0xff]],
    ["a head longer than it need be", [0x82, 0x0d, 0x18, 0x01]],
    ["a type in two bytes", [0x82, 0x18, 0x0d, 0x01]],
    ["a float that is whole", [0x82, 0x0d, 0xf9, 0x3c, 0x00]],
    ["a negative number", [0x82, 0x0d, 0x20]],
    ["a number above 2^53", [0x83, 0x0e, 0x01, 0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ["a tag", [0x82, 0x0d, 0xc1, 0x01]],
    ["a map", [0xa1, 0x0d, 0x01]],
    ["undefined", [0x82, 0x0d, 0xf7]],
    ["text that is not UTF-8", [0x82, 0x14, 0x61, 0xff]],
    ["no array", [0x0d]],
    ["an empty array", [0x80]],
    ["nothing", []],
  ])("with %s is none", (_, raw) => {
    expect(decodeFrame(Uint8Array.from(raw))).toEqual(BAD);
  });

  test("of ping 1 is these bytes", () => {
    expect([...encodeFrame([FRAME.ping, 1])]).toEqual([0x82, 0x0d, 0x01]);
  });

  test("nested for ever, or said to be longer than memory, is refused without harm", () => {
    expect(decodeFrame(new Uint8Array(MAX_FRAME_BYTES).fill(0x81))).toEqual(BAD);
    expect(decodeFrame(Uint8Array.of(0x9b, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1))).toEqual(BAD);
    expect(decodeFrame(Uint8Array.of(0x82, 0x0b, 0x5b, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1))).toEqual(BAD);
  });

  test("of version 2 is none on a link that chose version 1, and all others are on both", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const read = decodeFrame(encodeFrame(frame), 1);
        expect(read).toEqual(frame[0] >= FRAME.readers ? BAD : { ok: true, frame });
      }),
    );
  });

  test("of readers takes no name or id that would show other than it is", () => {
    const report = (id: string, called: string) =>
      decodeFrame(encodeFrame([FRAME.readers, 1, false, 0, 1, [[id, called, null, 1, null, null, 0, 0]]])).ok;
    expect(report("usb 1", "Bar")).toBe(true);
    for (const bad of ["", "a\u0007", "a\u202eb", "a\nb", "a\u2028"])
      expect([bad, report("usb 1", bad), report(bad, "Bar")]).toEqual([bad, false, false]);
    expect([report("usb 1", " Bar"), report("usb\u200b1", "Bar")]).toEqual([false, false]);
    expect([report("x".repeat(301), "Bar"), report("usb 1", "x".repeat(65))]).toEqual([false, false]);
  });

  test("longer than may be is told apart", () => {
    const long = (length: number) => encodeFrame([FRAME.batch, new Uint8Array(length)]);
    const overhead = long(60_000).length - 60_000;
    expect(decodeFrame(long(MAX_FRAME_BYTES - overhead))).toMatchObject({ ok: true });
    expect(decodeFrame(long(MAX_FRAME_BYTES - overhead + 1))).toEqual({ ok: false, why: "oversize" });
  });

  test("shares no memory with the message it came in", () => {
    const message = Buffer.from(
      encodeFrame([FRAME.log, Uint8Array.of(1, 2, 3), new Uint8Array(64), 7, new Uint8Array(32)]),
    );
    const read = decodeFrame(message);
    message.fill(0xff);
    expect(read).toEqual({
      ok: true,
      frame: [FRAME.log, Uint8Array.of(1, 2, 3), new Uint8Array(64), 7, new Uint8Array(32)],
    });
  });
});

test("any bytes are read as a value, or not at all, but never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
      const value = decodeCbor(raw);
      expect(value === undefined ? raw : encodeCbor(value)).toEqual(raw);
    }),
    { numRuns: 2_000 },
  );
});
