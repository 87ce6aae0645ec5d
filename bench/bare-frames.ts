/** WebSocket frames by hand (RFC 6455 §5.2), so that whoever makes the load is not what is measured. */

const BINARY = 0x82;
const CLOSE = 0x88;
const MASKED = 0x80;
const MASK_BYTES = 4;
/** Lengths up to here are in the second byte; then 126 says that two more hold it. */
const SHORT = 125;
const LONG = 126;
const LONG_LIMIT = 65_535;

/** A whole message of a client, masked as the protocol wants. @param mask 4 bytes, random */
export function maskedFrame(payload: Uint8Array, mask: Uint8Array): Buffer {
  if (payload.length > LONG_LIMIT) throw new Error(`a message of ${payload.length} bytes is longer than any here`);
  const head = payload.length > SHORT ? 4 : 2;
  const frame = Buffer.allocUnsafe(head + MASK_BYTES + payload.length);
  frame[0] = BINARY;
  frame[1] = MASKED | (head === 4 ? LONG : payload.length);
  if (head === 4) frame.writeUInt16BE(payload.length, 2);
  frame.set(mask.subarray(0, MASK_BYTES), head);
  const from = head + MASK_BYTES;
  for (let at = 0; at < payload.length; at++) frame[from + at] = (payload[at] ?? 0) ^ (mask[at % MASK_BYTES] ?? 0);
  return frame;
}

/** A whole message of a server, which masks nothing. */
export function plainFrame(payload: Uint8Array): Buffer {
  const head = payload.length > SHORT ? 4 : 2;
  const frame = Buffer.allocUnsafe(head + payload.length);
  frame[0] = BINARY;
  frame[1] = head === 4 ? LONG : payload.length;
  if (head === 4) frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, head);
  return frame;
}

/**
 * Takes a server's bytes as they come, and gives each whole message with where its payload lies. The bytes are only good
 * until `onMessage` returns. Throws when the server closes, with its words, and at a frame of any other kind than whole
 * and binary: after it nothing could be trusted.
 */
export function createFrameWalk(onMessage: (bytes: Buffer, from: number, to: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      if (bytes[at] === CLOSE) throw new Error(`the server closed the link: ${closeWords(bytes.subarray(at + 2))}`);
      if (bytes[at] !== BINARY) throw new Error(`a frame begins with ${bytes[at]}, not ${BINARY}`);
      const length = bytes[at + 1] ?? 0;
      if (length > LONG) throw new Error(`a frame says ${length} for its length`);
      const from = at + (length === LONG ? 4 : 2);
      if (from > bytes.length) break;
      const to = from + (length === LONG ? bytes.readUInt16BE(at + 2) : length);
      if (to > bytes.length) break;
      onMessage(bytes, from, to);
      at = to;
    }
    // A copy: the chunk's memory is read into again.
    rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  };
}

/** A code of two bytes, and why. */
function closeWords(payload: Buffer): string {
  return payload.length < 2 ? "without a word" : `${payload.readUInt16BE()} ${payload.toString("utf8", 2)}`;
}
