/** Numbers that may not be one person's alone: made up at each presentation, or the same on many tags. */
import { toHex } from "../../shared/bytes.ts";
import type { UidFlag } from "../../shared/domain/mapping.ts";
import type { TagTechnology } from "./seen-tag.ts";

/** A single-size UID that begins so is a random one (ISO/IEC 14443-3, 6.4.4): phones, and cards set to it. */
const RANDOM_UID_MARK = 0x08;
/** Some DESFire cards set to random UIDs begin so (READERS.md), although the standard calls such a UID fixed. */
const RANDOM_DESFIRE_MARK = 0x80;
/** No UID begins so: it is the cascade tag before the first three bytes of a longer one, which many tags share. */
const CASCADE_TAG = 0x88;
/** Only single-size UIDs are ever random. */
const SINGLE_SIZE_BYTES = 4;

/** What emulators, blank "magic" cards and some phones show, besides equal bytes and bytes that count up or down. */
const KNOWN_SHARED = new Set(["deadbeef", "12345678", "11223344", "aabbccdd"]);

/**
 * What is to be said of a number in its normal form. A 125 kHz number is never random, whatever it begins with. Where the
 * technology is not known (a keyboard wedge), the standard's mark counts, because one phone could vote for ever; the two
 * other marks do not, because more ordinary tags than such cards begin so. Saying `lf` or `hf` in the reader's settings
 * ends the doubt. A reader that gives the bytes last one first needs `reversed`, else the mark stands at the end.
 */
export function uidFlags(uid: Uint8Array, technology: TagTechnology): UidFlag[] {
  const flags: UidFlag[] = [];
  const first = uid.length === SINGLE_SIZE_BYTES && technology !== "lf" ? uid[0] : undefined;
  const isSurelyHf = technology === "hf";
  if (first === RANDOM_UID_MARK || (isSurelyHf && first === RANDOM_DESFIRE_MARK)) flags.push("random");
  if (isMadeUp(uid) || (isSurelyHf && first === CASCADE_TAG)) flags.push("shared");
  return flags;
}

/** Equal bytes (00000000, FFFFFFFF), bytes that count (01020304, 04030201), or a number known for it. */
function isMadeUp(uid: Uint8Array): boolean {
  const step = (uid[1] ?? 0) - (uid[0] ?? 0);
  const isEven = uid.every((byte, at) => at === 0 || byte - (uid[at - 1] ?? 0) === step);
  return (isEven && Math.abs(step) <= 1) || KNOWN_SHARED.has(toHex(uid));
}
