/** Numbers of a fixed count of digits that neither begin nor end with anything of their own, and carry no checksum. */
import { byteByByte } from "./byte-by-byte.ts";
import type { Decoder, Frame } from "./frame.ts";

const SPACES: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]);

/**
 * The number is told with its last digit, as nothing need follow. Any byte that is no digit gives up what has begun, so
 * two halves of different numbers never become one unless the space between them was lost with the rest.
 * @param digitOf the value of a digit, 0–15; `undefined` for a byte that is none
 * @param ignored a byte that means nothing wherever it stands
 */
export function createFixedDigitsDecoder(
  digitCount: number,
  digitOf: (byte: number) => number | undefined,
  uidOf: (digits: Uint8Array) => Uint8Array,
  ignored?: number,
): Decoder {
  const digits = new Uint8Array(digitCount);
  let held = 0;

  function giveUp(why: "cutShort" | "foreignByte"): Frame[] {
    const given: Frame[] = held > 0 ? [{ kind: "bad", why }] : [];
    held = 0;
    return given;
  }

  function take(byte: number): Frame[] {
    if (byte === ignored) return [];
    const digit = digitOf(byte);
    if (digit === undefined) return giveUp(SPACES.has(byte) ? "cutShort" : "foreignByte");
    digits[held] = digit;
    held += 1;
    if (held < digitCount) return [];
    held = 0;
    return [{ kind: "uid", uid: uidOf(digits) }];
  }

  return byteByByte(take, () => held);
}
