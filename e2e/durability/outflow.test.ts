import { expect, test } from "vitest";
import { encodeFrame, FRAME } from "../../shared/link/frames.ts";
import { acksIn } from "./acks.ts";
import { outflows } from "./outflow.ts";
import type { Call } from "./strace.ts";

/** Writes to a socket, one after the other. @param taken bytes that the kernel took of each; default: all */
const writes = (target: string, pieces: readonly (string | Uint8Array)[], taken?: readonly number[]): Call[] =>
  pieces.map((piece, place) => {
    const bytes = Buffer.from(piece);
    const result = taken?.[place] ?? bytes.length;
    return { thread: 1, name: "writev", target, bytes, result, beganAt: place, returnedAt: place };
  });

test("a byte left in the call that took it, also when the kernel took only a part", () => {
  const [flow] = outflows(writes("socket:[1]", ["abcd", "cdef"], [2, 4]));
  expect(flow?.bytes.toString()).toBe("abcdef");
  expect([0, 1, 2, 5, 6].map((at) => flow?.leftAt(at))).toEqual([0, 0, 1, 1, Number.POSITIVE_INFINITY]);
});

test("what failed, and what went to files and pipes, has not left", () => {
  const failed = writes("socket:[1]", ["a"], [-1]);
  expect(outflows([...failed, ...writes("pipe:[1]", ["b"]), ...writes("/data/file", ["c"])])).toEqual([]);
});

test("an ack is found among other frames, wherever the writes were cut", () => {
  const ack = encodeFrame([FRAME.ack, new Uint8Array(16).fill(0xab), 7, new Uint8Array(32), []]);
  const title = encodeFrame([FRAME.event, "x".repeat(110)]);
  const framed = (frame: Uint8Array) => [0x82, frame.length, ...frame];
  const long = [0x82, 126, 0, 200, ...new Uint8Array(200)];
  const said = [...framed(title), ...long, ...framed(ack), 0x88, 0];
  const cut = said.length - ack.length - 4;
  const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
  const pieces = [head, Uint8Array.from(said.slice(0, cut)), Uint8Array.from(said.slice(cut))];
  const found = outflows(writes("socket:[1]", pieces)).flatMap(acksIn);
  expect(found).toEqual([{ log: "ab".repeat(16), upTo: 7, leftAt: 2 }]);
});

test("a socket that spoke HTTP only holds no acks", () => {
  expect(outflows(writes("socket:[1]", ["HTTP/1.1 200 OK\r\n\r\n{}"])).flatMap(acksIn)).toEqual([]);
});
