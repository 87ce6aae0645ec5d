import { sameBytes } from "../../shared/bytes.ts";

/**
 * A tag's number as a reader gave it. Which number that is depends on the reader's settings and on the event's
 * (`normal-form.ts`), so a driver passes on what it saw and decides nothing.
 */

/** What kind of tag it is, where the device can only read one. */
export type TagTechnology = "lf" | "hf" | "unknown";

export type SeenTag =
  /** Bytes in the order the device gives them. */
  | { readonly form: "bytes"; readonly bytes: Uint8Array; readonly technology: TagTechnology }
  /** What a keyboard wedge typed before Enter: digits, hex digits, or 3+5 with its comma. */
  | { readonly form: "digits"; readonly digits: string; readonly technology: TagTechnology };

/** Did the reader give the same twice? */
export function sameTag(a: SeenTag, b: SeenTag): boolean {
  if (a.form === "digits") return b.form === "digits" && a.digits === b.digits;
  return b.form === "bytes" && sameBytes(a.bytes, b.bytes);
}

/** A driver may use its buffer again. */
export function ownCopy(tag: SeenTag): SeenTag {
  return tag.form === "bytes" ? { ...tag, bytes: Uint8Array.from(tag.bytes) } : tag;
}
