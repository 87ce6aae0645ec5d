import { createFixedDigitsDecoder } from "../fixed-digits.ts";
import type { Decoder } from "../frame.ts";
import { hexDigit, packDigits } from "../hex-digits.ts";

/*
 * EasyIdent readers, 9600 8N1: eleven characters, white space around them, and 8C bytes that mean nothing. No checksum.
 *
 * Known only from Mediamatic's fizzjik (github termie/fizzjik, fizzjik/io/easyident.py), which takes any eleven
 * characters. Here they must be hexadecimal digits, as no other number could be compared with another reader's. The last
 * ten are the number; what the first one says is not known, and an LF number's low 32 bits do without it.
 */

/** The most that the decoder ever holds: also the characters of a number. */
export const EASYIDENT_DIGITS = 11;
const NOTHING = 0x8c;

export function createEasyIdentDecoder(): Decoder {
  return createFixedDigitsDecoder(EASYIDENT_DIGITS, hexDigit, (digits) => packDigits(digits.subarray(1)), NOTHING);
}
