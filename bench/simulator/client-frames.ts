/** WebSocket frames as a client sees them (RFC 6455 §5), as far as the link needs them. */
import { randomFillSync } from "node:crypto";

export const OPCODE = { binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A final frame of a server, unmasked. */
export interface ServerFrame {
  opcode: number;
  payload: Buffer;
}

/** Longer ones the link does not have. */
const MAX_PAYLOAD = 65_535;
const FINAL = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;

/** Masks are drawn from a pool: one call of the system for a thousand frames. */
const pool = Buffer.alloc(MASK_BYTES * 1024);
let poolAt = pool.length;

function nextMask(): Buffer {
  if (poolAt >= pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += MASK_BYTES;
  return pool.subarray(poolAt - MASK_BYTES, poolAt);
}

/** One final masked frame. Throws when the payload is longer than the link's longest frame. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  if (payload.length > MAX_PAYLOAD) throw new Error(`a frame of ${payload.length} bytes does not fit the link`);
  const head = payload.length > 125 ? 4 : 2;
  const frame = Buffer.allocUnsafe(head + MASK_BYTES + payload.length);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (head === 4 ? 126 : payload.length);
  if (head === 4) frame.writeUInt16BE(payload.length, 2);
  const mask = nextMask();
  frame.set(mask, head);
  for (let at = 0; at < payload.length; at++) {
    frame[head + MASK_BYTES + at] = (payload[at] ?? 0) ^ (mask[at % MASK_BYTES] ?? 0);
  }
  return frame;
}

/**
 * Takes bytes as they come, gives whole frames. Payloads are views of those bytes and good until the next call.
 * Throws on what this server never sends: fragments, masks, long frames.
 */
export function createFrameReader(take: (frame: ServerFrame) => void): (bytes: Buffer) => void {
  let rest: Buffer | null = null;
  return (bytes) => {
    const all = rest === null ? bytes : Buffer.concat([rest, bytes]);
    let at = 0;
    for (;;) {
      const found = frameAt(all, at);
      if (found === null) break;
      at = found.end;
      take(found.frame);
    }
    // A copy, since the socket's buffer is much larger than a part of a frame.
    rest = at === all.length ? null : Buffer.from(all.subarray(at));
  };
}

function frameAt(bytes: Buffer, at: number): { frame: ServerFrame; end: number } | null {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined || second === undefined) return null;
  if ((first & FINAL) === 0 || second > 126) throw new Error(`not a frame of this server: ${first} ${second}`);
  if (second === 126 && bytes.length < at + 4) return null;
  const head = second === 126 ? 4 : 2;
  const end = at + head + (second === 126 ? bytes.readUInt16BE(at + 2) : second);
  if (bytes.length < end) return null;
  return { frame: { opcode: first & 0x0f, payload: bytes.subarray(at + head, end) }, end };
}
