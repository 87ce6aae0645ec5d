import { createArduinoDecoder } from "../arduino/decoder.ts";
import { createAscii125Decoder } from "../ascii125/decoder.ts";
import type { Decoder } from "../frame.ts";
import { createParallaxDecoder } from "../parallax/decoder.ts";

export interface SerialProtocol {
  /** For people. */
  readonly title: string;
  readonly baud: number;
  /** How long a tag may go unseen and still be the same presentation, in milliseconds. */
  readonly sameTapMs: number;
  createDecoder(): Decoder;
}

/** Readers that repeat every 50–65 ms: six lost repeats in a row are no longer a hand that wavers. */
const REPEATING_SAME_TAP_MS = 400;
/** The ID-12 sends once as a tag enters its field; a tag held at the edge of it enters several times in a second. */
const ENTERING_SAME_TAP_MS = 1000;
/** A Parallax frame alone takes 50 ms at 2400 baud and a damaged one costs two: room for six lost in a row. */
const SLOW_SAME_TAP_MS = 700;
/**
 * Sketches poll as they like; `delay(1000)` is common, and MFRC522 sees a tag that is not halted only at every other
 * poll. 0.3 s is known to be too short for polled readers (EVerest#2497).
 */
const POLLED_SAME_TAP_MS = 2500;

const PROTOCOLS = {
  rdm6300: { title: "RDM6300", baud: 9600, sameTapMs: REPEATING_SAME_TAP_MS, createDecoder: createAscii125Decoder },
  id12: { title: "ID-12", baud: 9600, sameTapMs: ENTERING_SAME_TAP_MS, createDecoder: createAscii125Decoder },
  grove: { title: "Grove", baud: 9600, sameTapMs: REPEATING_SAME_TAP_MS, createDecoder: createAscii125Decoder },
  parallax: { title: "Parallax", baud: 2400, sameTapMs: SLOW_SAME_TAP_MS, createDecoder: createParallaxDecoder },
  arduino: { title: "Arduino", baud: 9600, sameTapMs: POLLED_SAME_TAP_MS, createDecoder: createArduinoDecoder },
} as const satisfies Record<string, SerialProtocol>;

export type ProtocolName = keyof typeof PROTOCOLS;

/** The words that a reader's spec may use for `protocol`. */
export const PROTOCOL_NAMES: readonly string[] = Object.keys(PROTOCOLS);

/** Is this one of the words for `protocol`? */
export function isProtocolName(word: string): word is ProtocolName {
  return Object.hasOwn(PROTOCOLS, word);
}

/** What is known of a protocol. */
export function serialProtocol(name: ProtocolName): SerialProtocol {
  return PROTOCOLS[name];
}
