import type { Decoder, Frame } from "./frame.ts";

/**
 * A decoder that looks at each byte by itself.
 * @param take the frames that this byte completes
 * @param heldBytes of the unfinished frame, now
 */
export function byteByByte(take: (byte: number) => readonly Frame[], heldBytes: () => number): Decoder {
  return {
    push(bytes) {
      const frames: Frame[] = [];
      for (const byte of bytes) frames.push(...take(byte));
      return frames;
    },
    get heldBytes() {
      return heldBytes();
    },
  };
}
