import type { Frame } from "../frame.ts";

/**
 * `Card UID: 1B F0 76 41` (MFRC522's DumpInfo), `UID: 04 A1 …`, `UID tag : …` (the sketch of many tutorials).
 * Only at the start of a line: `Last UID:`, `Master UID:` and the like are not a tag on the reader.
 */
const LABEL = /^\s*(?:card\s+)?uid(?:\s+tag)?\s*:/i;

/** One space, colon or dash, with spaces around it: sketches pad as they like. */
const SEPARATOR = /\s*[\s:-]\s*/;

/** Sizes of an ISO 14443 UID: single, double, triple. */
const MAX_UID_BYTES = 10;
const UID_SIZES: ReadonlySet<number> = new Set([4, 7, MAX_UID_BYTES]);

/** Does a text begin like a line that tells a UID? */
export function beginsUidLine(text: string): boolean {
  return LABEL.test(text);
}

/**
 * One line of an Arduino sketch, without its line end.
 *
 * `undefined` when the line is not for us (`Card SAK: 08`, greetings, debug output). Bytes may come with or without
 * a leading zero, because sketches that print HEX without padding drop it; so separators are demanded: `1B F0 6 41`
 * can be read, `1BF0641` cannot.
 */
export function parseUidLine(line: string): Frame | undefined {
  const label = LABEL.exec(line);
  if (label === null) return undefined;
  const rest = line.slice(label[0].length).trim();
  if (rest === "") return { kind: "bad", why: "cutShort" };
  const words = rest.split(SEPARATOR);
  if (words.some((word) => !/^[0-9a-f]+$/i.test(word))) return { kind: "bad", why: "foreignByte" };
  if (words.some((word) => word.length > 2)) return { kind: "bad", why: "unseparated" };
  if (!UID_SIZES.has(words.length)) {
    return { kind: "bad", why: words.length > MAX_UID_BYTES ? "overlong" : "cutShort" };
  }
  return { kind: "uid", uid: Uint8Array.from(words, (word) => Number.parseInt(word, 16)) };
}
