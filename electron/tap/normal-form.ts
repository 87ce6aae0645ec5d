/**
 * A tag's number in the form that is compared between readers, and hashed into its tag key: what a reader gave, read by
 * that reader's settings and the event's.
 */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { UidFormat } from "../../shared/domain/mapping.ts";
import { comparedNumber, readDigits, type TagNumber } from "../../shared/domain/tag-number.ts";
import type { SeenTag } from "./seen-tag.ts";

/**
 * `uid`: 3 to 10 bytes, its own copy. `null`: under these settings it is no tag's number, for example letters where decimal
 * digits were to come, so the format of the reader is wrong.
 */
export function normalForm(tag: SeenTag, format: UidFormat, lfBits: LfBits): TagNumber | null {
  const number = tag.form === "bytes" ? { bytes: tag.bytes, written: tag.form } : readDigits(tag.digits, format.digits);
  const { technology, reversed } = format;
  return number && comparedNumber(number, { technology, device: tag.technology, reversed, lfBits });
}
