import { expect, test } from "vitest";
import { FRAME, encodeFrame } from "../../shared/link/frames.ts";
import { createFrameMemory } from "./heard-frames.ts";

const tally = (cursor: number) => Buffer.from(encodeFrame([FRAME.tally, new Uint8Array(8), cursor, [1, 2]]));

test("the same tally is read once, however many stations hear it, and however soon its bytes are overwritten", () => {
  const read = createFrameMemory();
  const bytes = tally(7);
  const first = read(bytes);
  bytes.fill(0);
  expect(read(tally(7))).toBe(first);
  expect(first).toEqual([FRAME.tally, new Uint8Array(8), 7, [1, 2]]);
});

test("another tally is another one, and an old one is read anew", () => {
  const read = createFrameMemory();
  const first = read(tally(0));
  for (let cursor = 1; cursor <= 20; cursor++) expect(read(tally(cursor))[2]).toBe(cursor);
  expect(read(tally(0))).not.toBe(first);
  expect(read(tally(0))).toEqual(first);
});

test("bytes that are no frame are a fault of the server's", () => {
  expect(() => createFrameMemory()(Buffer.from([0x82, FRAME.tally, 0]))).toThrow("no frame (badFrame)");
});
