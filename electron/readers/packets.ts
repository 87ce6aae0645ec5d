/**
 * Packets that say their own length, cut out of a stream of bytes.
 *
 * A damaged length may claim bytes that belong to the next packet. So nothing is thrown away with a bad packet but its
 * first byte: whatever begins among the rest is found. And a packet that waits for bytes that never come is given up by
 * `flush`, once the line is silent, with the same care for what it holds.
 */
import type { BadFrameWhy } from "./frame.ts";

/** What stands at the beginning of some bytes. */
export type Parse<Packet> =
  /** It may become a packet: more bytes are needed to tell. */
  | { kind: "more" }
  /** No packet begins here, and nothing that looked like one. */
  | { kind: "none" }
  /** A packet had begun, and cannot be trusted. */
  | { kind: "bad"; why: BadFrameWhy }
  | { kind: "packet"; packet: Packet; length: number };

export type Parsed<Packet> = { kind: "packet"; packet: Packet } | { kind: "bad"; why: BadFrameWhy };

export interface PacketScanner<Packet> {
  push(bytes: Uint8Array): Parsed<Packet>[];
  flush(): Parsed<Packet>[];
  readonly heldBytes: number;
}

/**
 * @param parse what begins at the first of these bytes; decides on at most `maxBytes`, so `more` never for as many
 * @param maxBytes the longest packet there is
 */
export function createPacketScanner<Packet>(
  parse: (bytes: Uint8Array) => Parse<Packet>,
  maxBytes: number,
): PacketScanner<Packet> {
  const held = new Uint8Array(maxBytes);
  let length = 0;

  function drop(count: number): void {
    held.copyWithin(0, count, length);
    length -= count;
  }

  /** What the held bytes give as they are; afterwards they begin a packet that is not whole, or there are none. */
  function settle(): Parsed<Packet>[] {
    const given: Parsed<Packet>[] = [];
    while (length > 0) {
      const found = parse(held.subarray(0, length));
      if (found.kind === "more" && length < maxBytes) return given;
      if (found.kind === "packet") given.push({ kind: "packet", packet: found.packet });
      if (found.kind === "bad") given.push({ kind: "bad", why: found.why });
      if (found.kind === "more") given.push({ kind: "bad", why: "overlong" });
      drop(found.kind === "packet" ? found.length : 1);
    }
    return given;
  }

  return {
    push(bytes) {
      const given: Parsed<Packet>[] = [];
      for (const byte of bytes) {
        held[length] = byte;
        length += 1;
        given.push(...settle());
      }
      return given;
    },
    flush() {
      const given: Parsed<Packet>[] = [];
      while (length > 0) {
        // One byte alone, such as the zero that a PN532 ends with, is no beginning.
        if (length > 1) given.push({ kind: "bad", why: "cutShort" });
        drop(1);
        given.push(...settle());
      }
      return given;
    },
    get heldBytes() {
      return length;
    },
  };
}
