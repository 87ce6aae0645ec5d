import { byteByByte } from "../byte-by-byte.ts";
import type { Decoder, Frame } from "../frame.ts";
import { beginsUidLine, parseUidLine } from "./uid-line.ts";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/**
 * The most that the decoder ever holds: `Card UID:` and ten bytes with generous separators fit twice. A longer line
 * is not a UID and is passed over to its end.
 */
export const ARDUINO_MAX_LINE_BYTES = 128;

/**
 * A decoder for the text lines of Arduino sketches (MFRC522 and friends), ended by CR, LF or both.
 *
 * A byte that is not printable ASCII ends the line too, and what stood before it is not used: it may be a UID with
 * its end missing. What follows may be a good line, for example after the boot noise of an ESP8266.
 */
export function createArduinoDecoder(): Decoder {
  const line = new Uint8Array(ARDUINO_MAX_LINE_BYTES);
  let length = 0;
  let passingOver = false;

  const text = () => String.fromCharCode(...line.subarray(0, length));

  function giveUp(why: "foreignByte" | "overlong"): Frame[] {
    // Noise is one such byte after the other.
    if (length === 0) return [];
    const frames: Frame[] = beginsUidLine(text()) ? [{ kind: "bad", why }] : [];
    length = 0;
    return frames;
  }

  function take(byte: number): Frame[] {
    if (byte === LF || byte === CR) {
      const frame = passingOver ? undefined : parseUidLine(text());
      passingOver = false;
      length = 0;
      return frame === undefined ? [] : [frame];
    }
    if (!isText(byte)) {
      passingOver = false;
      return giveUp("foreignByte");
    }
    if (passingOver) return [];
    if (length === line.length) {
      passingOver = true;
      return giveUp("overlong");
    }
    line[length] = byte;
    length += 1;
    return [];
  }

  return byteByByte(take, () => length);
}

function isText(byte: number): boolean {
  return byte === TAB || (byte >= 0x20 && byte < 0x7f);
}
