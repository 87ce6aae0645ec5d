import type { TagTechnology } from "../../tap/seen-tag.ts";
import { createArduinoDecoder } from "../arduino/decoder.ts";
import { createAscii125Decoder } from "../ascii125/decoder.ts";
import { createEasyIdentDecoder } from "../easyident/decoder.ts";
import type { Decoder } from "../frame.ts";
import { createParallaxDecoder } from "../parallax/decoder.ts";
import { PN532_MACHINE } from "../pn532/conversation.ts";
import { createPn532Decoder } from "../pn532/decoder.ts";
import { createRsSystemsDecoder } from "../rssystems/decoder.ts";
import { SM130_MACHINE } from "../sm130/conversation.ts";
import { createSm130Decoder } from "../sm130/decoder.ts";
import { type Conversation, createConversation } from "./conversation.ts";

export interface SerialProtocol {
  /** For people. */
  readonly title: string;
  readonly baud: number;
  /** How long a tag may go unseen and still be the same presentation, in milliseconds. */
  readonly sameTapMs: number;
  readonly technology: TagTechnology;
  /** What the device's bytes say of tags; all there is to know of a device that speaks by itself. */
  createDecoder(): Decoder;
  /** Of a device that says nothing unless it is asked; null: it is never written to. */
  readonly converse: (() => Conversation) | null;
  /** It has lamps or output ports, which its conversation works. */
  readonly hasLamps: boolean;
  /** How it is told from others; null: it cannot be told from one that is. */
  readonly found: FoundBy | null;
  /** It may be programmed to take a line back; only written to where the operator says that it is. */
  readonly takesLines: boolean;
}

interface FoundBy {
  /** Rates that such devices are met with. */
  readonly bauds: readonly number[];
  /** One number is proof, as it came with a checksum or in words. Else the same number has to come twice. */
  readonly certain: boolean;
  /** Where the others of its family have to be told from it. */
  readonly createDecoder?: () => Decoder;
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
/** We ask ten times a second and say when it left: so long only where a question or two went unanswered. */
const ASKED_SAME_TAP_MS = 1500;

const SPEAKS = { converse: null, hasLamps: false, takesLines: false } as const;
const LF_REPEATS = { ...SPEAKS, baud: 9600, sameTapMs: REPEATING_SAME_TAP_MS, technology: "lf" } as const;
const HF_ASKED = { sameTapMs: ASKED_SAME_TAP_MS, technology: "hf", takesLines: false } as const;

/** One entry per protocol. */
const PROTOCOLS = {
  rdm6300: {
    ...LF_REPEATS,
    title: "RDM6300",
    createDecoder: () => createAscii125Decoder(),
    found: { bauds: [9600], certain: true, createDecoder: () => createAscii125Decoder("without") },
  },
  id12: {
    ...LF_REPEATS,
    title: "ID-12",
    sameTapMs: ENTERING_SAME_TAP_MS,
    createDecoder: () => createAscii125Decoder(),
    found: { bauds: [9600], certain: true, createDecoder: () => createAscii125Decoder("with") },
  },
  // Byte for byte an RDM6300.
  grove: { ...LF_REPEATS, title: "Grove", createDecoder: () => createAscii125Decoder(), found: null },
  parallax: {
    ...LF_REPEATS,
    title: "Parallax",
    baud: 2400,
    sameTapMs: SLOW_SAME_TAP_MS,
    createDecoder: createParallaxDecoder,
    found: { bauds: [2400], certain: false },
  },
  easyident: {
    ...LF_REPEATS,
    title: "EasyIdent",
    sameTapMs: ENTERING_SAME_TAP_MS,
    createDecoder: createEasyIdentDecoder,
    found: { bauds: [9600], certain: false },
  },
  rssystems: {
    ...LF_REPEATS,
    title: "RSSystems",
    baud: 4800,
    sameTapMs: ENTERING_SAME_TAP_MS,
    createDecoder: createRsSystemsDecoder,
    found: { bauds: [4800], certain: false },
  },
  arduino: {
    ...SPEAKS,
    title: "Arduino",
    baud: 9600,
    sameTapMs: POLLED_SAME_TAP_MS,
    technology: "hf",
    createDecoder: createArduinoDecoder,
    found: { bauds: [9600, 115_200], certain: true },
    takesLines: true,
  },
  sm130: {
    ...HF_ASKED,
    title: "SM130",
    baud: 19_200,
    createDecoder: createSm130Decoder,
    found: { bauds: [19_200, 57_600], certain: true },
    converse: () => createConversation(SM130_MACHINE),
    hasLamps: true,
  },
  pn532: {
    ...HF_ASKED,
    title: "PN532",
    baud: 115_200,
    createDecoder: createPn532Decoder,
    found: { bauds: [115_200], certain: true },
    converse: () => createConversation(PN532_MACHINE),
    hasLamps: false,
  },
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
