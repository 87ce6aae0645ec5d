/**
 * How a reader that gave some tags would give others, if it were of a certain make: what the format wizard tries settings
 * on before it trusts them.
 */
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { DigitsForm } from "../../shared/domain/mapping.ts";
import { MAX_LF_BYTES, readDigits } from "../../shared/domain/tag-number.ts";
import type { SeenTag } from "./seen-tag.ts";

/** What a reader may turn out to be: the settings that are right for it, without any `auto`. */
export interface Make {
  technology: "lf" | "hf";
  digits: Exclude<DigitsForm, "auto">;
  reversed: boolean;
}

/** Four bytes are written as 10 decimal digits, five as 13. */
const DIGITS_OF_FOUR_BYTES = 10;

const FURTHER = [
  // All bytes differ, so their order shows.
  "1a2b3c4d5e6f708192a3",
  // In hexadecimal all-digit from either end, and as ten digits below 2^32: what `auto` takes for decimal.
  "14233241501234567011",
  // In decimal of 8 digits where no zeros are written before it: what `auto` takes for hexadecimal. From either end.
  "1a2b3c4d5e0000bc614e",
  "1a2b3c4d5e004e61bc00",
].map(bytesOfHex);

/** Numbers of further tags: 5 bytes at 125 kHz, else as many as this reader's UIDs have. */
export function furtherNumbers(technology: Make["technology"], uidBytes: number): Uint8Array[] {
  const all = FURTHER.map((number) => number.slice(technology === "lf" ? -MAX_LF_BYTES : -uidBytes));
  // The first byte of a longer UID is its maker's, never zero.
  return technology === "lf" || uidBytes === 4 ? all : all.filter(([first]) => first !== 0);
}

/** The makes that could have given all these tags. What the device says of its technology is so. */
export function makesOf(tags: readonly SeenTag[]): Make[] {
  const all = (["lf", "hf"] as const).flatMap((technology) =>
    (["hex", "decimal", "wiegand"] as const).flatMap((digits) =>
      [false, true].map((reversed) => ({ technology, digits, reversed })),
    ),
  );
  return all.filter((make) => tags.every((tag) => couldGive(make, tag)));
}

function couldGive({ technology, digits }: Make, tag: SeenTag): boolean {
  if (tag.technology !== "unknown" && tag.technology !== technology) return false;
  // Of a tag that came as bytes the form of digits says nothing: one make stands for all.
  const isOther = tag.form === "bytes" && digits !== "hex";
  const size = tag.form === "bytes" ? tag.bytes.length : (readDigits(tag.digits, digits)?.bytes.length ?? 0);
  return !isOther && size > 0 && (technology === "hf" || size <= MAX_LF_BYTES);
}

/**
 * A number as a reader of this make, which gave these tags, gives it. `null` where nobody could read it: without zeros before
 * it, a number of more than 4 bytes that begins with zeros looks like a shorter one.
 */
export function spell(number: Uint8Array, { digits, reversed }: Make, like: readonly SeenTag[]): SeenTag | null {
  const [first] = like;
  if (first === undefined) return null;
  if (first.form === "bytes") return { ...first, bytes: fitted(number, first.bytes.length, reversed) };
  const texts = like.flatMap((tag) => (tag.form === "digits" ? [tag.digits] : []));
  const text = spellDigits(number, digits, reversed, texts);
  return text === null ? null : { ...first, digits: text };
}

function spellDigits(
  number: Uint8Array,
  form: Make["digits"],
  reversed: boolean,
  like: readonly string[],
): string | null {
  const width = Math.max(...like.map(({ length }) => length));
  switch (form) {
    case "hex":
      return toHex(fitted(number, Math.ceil(width / 2), reversed));
    case "wiegand": {
      const [facility = 0, high = 0, low = 0] = fitted(number, 3, reversed);
      const comma = like.some((text) => text.includes(",")) ? "," : "";
      return `${facility}`.padStart(3, "0") + comma + `${high * 256 + low}`.padStart(5, "0");
    }
    case "decimal": {
      const isPadded = like.some((text) => text.startsWith("0"));
      const ofFour = width <= DIGITS_OF_FOUR_BYTES;
      const bytes = fitted(number, ofFour ? 4 : number.length, reversed);
      if (!isPadded && !ofFour && bytes[0] === 0) return null;
      return `${BigInt(`0x${toHex(bytes)}`)}`.padStart(isPadded ? width : 0, "0");
    }
  }
}

/** The low bytes of a number, or all of them with zeros before, in the order in which they are written. */
function fitted(number: Uint8Array, size: number, reversed: boolean): Uint8Array {
  const low = number.slice(-size);
  const written = new Uint8Array(size);
  written.set(reversed ? low.toReversed() : low, size - low.length);
  return written;
}
