import { byteByByte } from "../byte-by-byte.ts";
import { hexDigit, packDigits } from "../hex-digits.ts";
import type { Decoder, Frame } from "../frame.ts";

/*
 * Parallax 125 kHz readers, 2400 8N1:  0A | 10 hex digits | 0D.  Source: Parallax datasheet, see READERS.md.
 *
 * There is no checksum: a digit that the line turned into another digit cannot be noticed here.
 */

const LF = 0x0a;
const CR = 0x0d;
const DIGITS = 10;

/** The most that a decoder of this family ever holds. */
export const PARALLAX_MAX_HELD_BYTES = DIGITS;

/** A decoder for Parallax readers. LF always begins a new frame; any byte out of place gives the frame up. */
export function createParallaxDecoder(): Decoder {
  const digits = new Uint8Array(DIGITS);
  let digitCount = 0;
  let inFrame = false;

  function end(frame: Frame): Frame[] {
    inFrame = false;
    digitCount = 0;
    return [frame];
  }

  function take(byte: number): Frame[] {
    if (byte === LF) {
      const given: Frame[] = inFrame ? end({ kind: "bad", why: "cutShort" }) : [];
      inFrame = true;
      return given;
    }
    if (!inFrame) return [];
    const whole = digitCount === DIGITS;
    if (byte === CR) return end(whole ? { kind: "uid", uid: packDigits(digits) } : { kind: "bad", why: "cutShort" });
    const digit = hexDigit(byte);
    if (digit === undefined) return end({ kind: "bad", why: "foreignByte" });
    if (whole) return end({ kind: "bad", why: "overlong" });
    digits[digitCount] = digit;
    digitCount += 1;
    return [];
  }

  return byteByByte(take, () => digitCount);
}
