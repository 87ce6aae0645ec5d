/** What is wrong with a disk, out of the sentence for people, which may also name a path and is not for the journal. */
import type { DiskFault } from "../../shared/journal/fields.ts";

/** As log/disk-trouble.ts and log/station-log.ts begin their sentences, or what is in them. */
const BY_WORDS: readonly (readonly [RegExp, DiskFault])[] = [
  [/^The disk is full/, "disk-full"],
  [/^The disk is read-only/, "read-only"],
  [/^The disk failed/, "io-error"],
  [/^The file .* is damaged/, "corrupt"],
  [/^Somebody moved or replaced/, "replaced"],
  [/^The disk did not answer/, "no-answer"],
  [/^The log's thread/, "thread-ended"],
];

export function diskFaultOf(reason: string): DiskFault {
  return BY_WORDS.find(([words]) => words.test(reason))?.[1] ?? "other";
}
