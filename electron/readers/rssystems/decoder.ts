import { createFixedDigitsDecoder } from "../fixed-digits.ts";
import type { Decoder } from "../frame.ts";
import { packDigits } from "../hex-digits.ts";

/*
 * RSSystems readers, 4800 8N1: ten characters, white space around them, no checksum. Each is '0' plus four bits, so that
 * `:;<=>?` are what others write A–F.
 *
 * Known only from Mediamatic's fizzjik (github termie/fizzjik, fizzjik/io/rssystems.py).
 */

/** The most that the decoder ever holds: also the characters of a number. */
export const RSSYSTEMS_DIGITS = 10;
const ZERO = 0x30;

export function createRsSystemsDecoder(): Decoder {
  return createFixedDigitsDecoder(RSSYSTEMS_DIGITS, digitOf, packDigits);
}

function digitOf(byte: number): number | undefined {
  return byte >= ZERO && byte <= ZERO + 15 ? byte - ZERO : undefined;
}
