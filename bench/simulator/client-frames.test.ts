import fc from "fast-check";
import { expect, test } from "vitest";
import { OPCODE, clientFrame, createFrameReader } from "./client-frames.ts";

/** As a server writes it. */
function serverFrame(opcode: number, payload: Uint8Array): Buffer {
  const head =
    payload.length > 125
      ? [0x80 | opcode, 126, payload.length >> 8, payload.length & 255]
      : [0x80 | opcode, payload.length];
  return Buffer.concat([Buffer.from(head), payload]);
}

test("a server's frames are the same however the network cuts them", () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(payloads, cuts, (sent, lengths) => {
      const bytes = Buffer.concat(sent.map((payload) => serverFrame(OPCODE.binary, payload)));
      const heard: string[] = [];
      const read = createFrameReader(({ payload }) => heard.push(payload.toString("hex")));
      let at = 0;
      for (const length of lengths) {
        read(bytes.subarray(at, at + length));
        at += length;
      }
      read(bytes.subarray(at));
      expect(heard).toEqual(sent.map((payload) => Buffer.from(payload).toString("hex")));
    }),
    { numRuns: 100 },
  );
});

test.each([0, 125, 126, 65_535])("a client's frame of %i bytes is masked, and gives the payload back", (length) => {
  const payload = new Uint8Array(length).map((_, at) => at & 255);
  const frame = clientFrame(OPCODE.binary, payload);
  const head = length > 125 ? 4 : 2;
  expect([...frame.subarray(0, head)]).toEqual(
    length > 125 ? [0x82, 0x80 | 126, length >> 8, length & 255] : [0x82, 0x80 | length],
  );
  const mask = frame.subarray(head, head + 4);
  const body = frame.subarray(head + 4).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  expect(Buffer.compare(body, payload)).toBe(0);
});

test("two frames have different masks", () => {
  const [one, other] = [clientFrame(OPCODE.binary, new Uint8Array(8)), clientFrame(OPCODE.binary, new Uint8Array(8))];
  expect(one.toString("hex")).not.toBe(other.toString("hex"));
});

test("what this server never sends is no frame", () => {
  const read = createFrameReader(() => {});
  expect(() => read(Buffer.from([0x02, 0]))).toThrow("not a frame");
  expect(() => clientFrame(OPCODE.binary, new Uint8Array(65_536))).toThrow("does not fit");
});
