import { byteByByte } from "../byte-by-byte.ts";
import type { Decoder, Frame } from "../frame.ts";
import { hexDigit, packDigits } from "../hex-digits.ts";

/*
 * 125 kHz readers that speak ASCII at 9600 8N1: RDM6300, ID-12/ID-20, Grove.
 *
 *   02 | 10 hex digits: the number | 2 hex digits: XOR of its 5 bytes | 0D 0A, ID-12 only | 03
 *
 * Source: the vectors and datasheets listed in READERS.md, "125 kHz ASCII".
 */

const STX = 0x02;
const ETX = 0x03;
const CR = 0x0d;
const LF = 0x0a;

const UID_BYTES = 5;
/** Ten digits of number and two of checksum. */
const DIGITS = UID_BYTES * 2 + 2;
/** CR LF, which the ID-12 puts before ETX. */
const MAX_LINE_END_BYTES = 2;

/** The most that a decoder of this family ever holds. */
export const ASCII125_MAX_HELD_BYTES = DIGITS + MAX_LINE_END_BYTES;

/** Which of the family to read: those that put CR LF before ETX (ID-12), those that do not (RDM6300, Grove), or any. */
export type LineEnds = "any" | "with" | "without";

/**
 * A decoder for RDM6300, ID-12/ID-20 and Grove.
 *
 * STX always begins a new frame, also in the middle of one, so a damaged frame never takes the next with it. A frame
 * with any other byte in it is given up at that byte.
 */
export function createAscii125Decoder(lineEnds: LineEnds = "any"): Decoder {
  const digits = new Uint8Array(DIGITS);
  let digitCount = 0;
  let lineEndBytes = 0;
  let inFrame = false;

  function begin(): Frame[] {
    const given: Frame[] = inFrame ? [{ kind: "bad", why: "cutShort" }] : [];
    inFrame = true;
    digitCount = 0;
    lineEndBytes = 0;
    return given;
  }

  function end(frame: Frame): Frame[] {
    inFrame = false;
    digitCount = 0;
    lineEndBytes = 0;
    return [frame];
  }

  function take(byte: number): Frame[] {
    if (byte === STX) return begin();
    if (!inFrame) return [];
    if (byte === ETX) {
      if (digitCount < DIGITS) return end({ kind: "bad", why: "cutShort" });
      const isOfThese = lineEnds === "any" || lineEnds === (lineEndBytes > 0 ? "with" : "without");
      return end(isOfThese ? check(digits) : { kind: "bad", why: "foreignByte" });
    }
    const whole = digitCount === DIGITS;
    if (byte === CR || byte === LF) {
      if (!whole) return end({ kind: "bad", why: "cutShort" });
      if (lineEndBytes === MAX_LINE_END_BYTES) return end({ kind: "bad", why: "overlong" });
      lineEndBytes += 1;
      return [];
    }
    const digit = hexDigit(byte);
    if (digit === undefined) return end({ kind: "bad", why: "foreignByte" });
    if (whole) return end({ kind: "bad", why: "overlong" });
    digits[digitCount] = digit;
    digitCount += 1;
    return [];
  }

  return byteByByte(take, () => digitCount + lineEndBytes);
}

function check(digits: Uint8Array): Frame {
  const bytes = packDigits(digits);
  // The last byte is the XOR of the five before it, so all six together give zero.
  const sum = bytes.reduce((xor, byte) => xor ^ byte, 0);
  return sum === 0 ? { kind: "uid", uid: bytes.slice(0, UID_BYTES) } : { kind: "bad", why: "checksum" };
}
