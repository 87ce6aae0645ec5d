/** What is wrong with a disk, out of the sentence for people, which may also name a path and is not for the journal. */
import type { DiskFault } from "../../shared/journal/fields.ts";
import type { Sentence, SentenceCode } from "../../shared/sentences/sentence.ts";

const BY_CODE: Partial<Record<SentenceCode, DiskFault>> = {
  "disk-full": "disk-full",
  "disk-read-only": "read-only",
  "disk-failed": "io-error",
  "votes-file-damaged": "corrupt",
  "votes-file-moved": "replaced",
  "disk-no-answer": "no-answer",
  "log-thread-ended": "thread-ended",
  "log-thread-failed": "thread-ended",
};

export function diskFaultOf(reason: Sentence | null): DiskFault {
  return (reason && BY_CODE[reason.code]) ?? "other";
}
