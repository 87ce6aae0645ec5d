/**
 * The number of a tag in the one form that is compared, however a reader gives it or a person writes it. What differs for
 * the same tag is kept out: how the digits are written, the order of the bytes, and the upper bits that some readers
 * of 125 kHz tags leave out. docs/readers.md has these rules in words.
 */
import type { LfBits } from "./event-settings.ts";
import type { DigitsForm, Technology } from "./mapping.ts";

/** The shortest number (3+5) and the longest (ISO/IEC 14443-3, triple size) a tag may have, in bytes. */
export const MIN_NUMBER_BYTES = 3;
export const MAX_NUMBER_BYTES = 10;
/** 80 bits in decimal digits; nothing longer is a number of ours. */
export const MAX_NUMBER_DIGITS = 25;

/** What a device reads, where that is known. */
type DeviceTechnology = "lf" | "hf" | "unknown";

/** The number as it came, before settings. */
export interface WrittenNumber {
  bytes: Uint8Array;
  written: "bytes" | "hex" | "decimal" | "wiegand";
}

export interface TagNumber {
  uid: Uint8Array;
  technology: DeviceTechnology;
}

/** What decides which number the bytes are. */
export interface NumberSettings {
  technology: Technology;
  device: DeviceTechnology;
  reversed: boolean;
  lfBits: LfBits;
}

/** Sizes of numbers, and how many digits the largest of each has in decimal: a number of so many digits has that size. */
const DECIMAL_SIZES = [
  { bytes: 4, digits: 10 },
  { bytes: 5, digits: 13 },
  { bytes: 7, digits: 17 },
  { bytes: 8, digits: 20 },
  { bytes: 10, digits: MAX_NUMBER_DIGITS },
] as const;

/** UIDs at 13.56 MHz: ISO/IEC 14443-3 has 4, 7 and 10 bytes, ISO/IEC 15693 and FeliCa 8. */
const HF_SIZES: ReadonlySet<number> = new Set([4, 7, 8, 10]);
const isHfSize = (bytes: number) => HF_SIZES.has(bytes);
/** Numbers at 125 kHz have no more: a byte for who issued it, and 32 bits. */
export const MAX_LF_BYTES = 5;

/** Digits alone that are fewer are never hexadecimal: readers write whole bytes, three at least. */
const SHORTEST_HEX = 6;
/** What is printed on a 125 kHz card, and typed by most readers of it. */
const CARD_DIGITS = 10;
const MAX_CARD_NUMBER = 2 ** 32 - 1;

/**
 * The number behind typed digits; `null` when the text is not one of that form. `auto` tells the form by the text alone,
 * the same text always the same way: with a comma 3+5; with a letter, or with separators between bytes, hexadecimal; of
 * digits only, 10 that fit 32 bits, an odd count, or fewer than 6 are decimal, everything else hexadecimal.
 */
export function readDigits(text: string, form: DigitsForm): WrittenNumber | null {
  switch (form === "auto" ? formOf(text) : form) {
    case "hex":
      return readHex(text);
    case "decimal":
      return readDecimal(text);
    case "wiegand":
      return readWiegand(text);
  }
}

/** The number in the form that is compared; `null` when it is too short or too long to be a tag's. */
export function comparedNumber({ bytes, written }: WrittenNumber, settings: NumberSettings): TagNumber | null {
  if (bytes.length < MIN_NUMBER_BYTES || bytes.length > MAX_NUMBER_BYTES) return null;
  const technology = technologyOf(bytes.length, settings);
  const sized = technology === "hf" ? withoutPadding(bytes) : bytes;
  const ordered = settings.reversed ? sized.toReversed() : sized;
  const lfBytes = settings.lfBits / 8;
  // Decimal is what stands on 125 kHz cards. Four bytes in hexadecimal may as well be a UID at 13.56 MHz and stay whole.
  const isCut = technology === "lf" || (technology === "unknown" && written === "decimal");
  // 24 bits stay 24 also where 32 are compared: with zeros before them they were the number of another tag.
  return { uid: new Uint8Array(isCut ? ordered.subarray(-lfBytes) : ordered), technology };
}

/** A tag's number as a person writes it in a list: 10 digits, 3+5, or hexadecimal with or without separators. */
export function typedNumber(text: string, lfBits: LfBits): TagNumber | null {
  const number = readDigits(text.trim(), "auto");
  return number && comparedNumber(number, { technology: "auto", device: "unknown", reversed: false, lfBits });
}

function formOf(text: string): Exclude<DigitsForm, "auto"> {
  if (text.includes(",")) return "wiegand";
  if (!/^\d+$/.test(text)) return "hex";
  if (text.length === CARD_DIGITS) return Number(text) <= MAX_CARD_NUMBER ? "decimal" : "hex";
  return text.length < SHORTEST_HEX || text.length % 2 === 1 ? "decimal" : "hex";
}

function readHex(text: string): WrittenNumber | null {
  if (text.length > 3 * MAX_NUMBER_BYTES || !/^[\da-f]+$|^[\da-f]{2}(?:[ :-]?[\da-f]{2})+$/i.test(text)) return null;
  const digits = text.replaceAll(/[ :-]/g, "");
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  if (even.length < 2 * MIN_NUMBER_BYTES || even.length > 2 * MAX_NUMBER_BYTES) return null;
  return { bytes: bytesOfValue(BigInt(`0x${even}`), even.length / 2), written: "hex" };
}

function readDecimal(text: string): WrittenNumber | null {
  if (text.length > MAX_NUMBER_DIGITS || !/^\d+$/.test(text)) return null;
  const value = BigInt(text);
  const size = DECIMAL_SIZES.find(({ bytes, digits }) => text.length <= digits && value >> BigInt(8 * bytes) === 0n);
  return size === undefined ? null : { bytes: bytesOfValue(value, size.bytes), written: "decimal" };
}

/** Facility and card number of 26-bit Wiegand: 8 and 16 bits, `213,02000` or `21302000`. */
function readWiegand(text: string): WrittenNumber | null {
  const [, facility, card] = /^(\d{1,3}),(\d{1,5})$/.exec(text) ?? /^(\d{3})(\d{5})$/.exec(text) ?? [];
  const [high, low] = [Number(facility), Number(card)];
  if (!(high <= 0xff && low <= 0xffff)) return null;
  return { bytes: Uint8Array.of(high, low >> 8, low & 0xff), written: "wiegand" };
}

function bytesOfValue(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Number((value >> BigInt(8 * (size - 1 - at))) & 0xffn));
}

/** What the operator said goes before what the device says, and that before the length: only 4 bytes may be either. */
function technologyOf(length: number, { technology, device }: NumberSettings): DeviceTechnology {
  if (technology !== "auto") return technology;
  if (device !== "unknown" || length === 4) return device;
  return length <= MAX_LF_BYTES ? "lf" : "hf";
}

/** Some readers write a UID of 4 bytes with zeros before it, as if it were a 125 kHz number of 5. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (!isHfSize(bytes.length - from) && bytes[from] === 0) from++;
  return isHfSize(bytes.length - from) ? bytes.subarray(from) : bytes;
}
