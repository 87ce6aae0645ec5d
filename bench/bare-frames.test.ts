import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFrameWalk, plainFrame } from "./bare-frames.ts";

const payloads = fc.array(
  fc.oneof(fc.uint8Array({ maxLength: 10 }), fc.uint8Array({ minLength: 120, maxLength: 400 })),
  {
    minLength: 1,
    maxLength: 12,
  },
);

function walk(stream: Buffer, cuts: readonly number[]): number[][] {
  const seen: number[][] = [];
  const take = createFrameWalk((bytes, from, to) => seen.push([...bytes.subarray(from, to)]));
  // As sockets here do it: one buffer for all chunks.
  const shared = Buffer.alloc(stream.length);
  let at = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), stream.length]) {
    const length = Math.max(0, Math.min(cut, stream.length) - at);
    stream.copy(shared, 0, at, at + length);
    take(shared.subarray(0, length));
    at += length;
  }
  return seen;
}

describe("counting frames", () => {
  test("the same messages come out however the socket cuts them", () => {
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(4_000), { maxLength: 20 }), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(plainFrame));
        expect(walk(stream, cuts)).toEqual(messages.map((message) => [...message]));
      }),
    );
  });

  test("text or a piece of a message ends it, as nothing behind it could be trusted", () => {
    for (const first of [0x81, 0x02]) {
      const walking = createFrameWalk(() => undefined);
      expect(() => walking(Buffer.from([first, 0]))).toThrow(`a frame begins with ${first}`);
    }
  });

  test("a server that closes is quoted", () => {
    const walking = createFrameWalk(() => undefined);
    const close = Buffer.concat([Buffer.from([0x88, 9, 0x0f, 0xa1]), Buffer.from("too fast")]);
    expect(() => walking(close)).toThrow("the server closed the link: 4001 too fast");
  });
});
