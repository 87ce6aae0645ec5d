/** What the journal says of itself, in both programs. */
import { event } from "./event.ts";
import { Count, ErrorCode, ErrorName, EventName, Place } from "./fields.ts";

/** What is told of an error. Never its message, which may quote what somebody sent: the place in the code says as much. */
export const ERROR_FIELDS = { error: ErrorName, code: ErrorCode, at: Place };

export const JOURNAL_EVENTS = {
  "journal.failing": event(
    "warn",
    "The journal cannot be written; votes are not touched by this.",
    "Free space on the disk and make the journal folder writable; lines are written again by themselves then.",
    { code: ErrorCode },
  ),
  "journal.lost": event("warn", "Lines of the journal are missing before this one.", null, { lines: Count }),
  "journal.repeated": event(
    "info",
    "An event came so often within a minute that only its first lines were written.",
    null,
    { of: EventName, times: Count },
  ),
  "journal.refused": event(
    "warn",
    "A line was not written, as a field of it was not what the catalogue says.",
    "This is a bug: please report it with this line.",
    { of: EventName },
  ),
};
export type JournalEvents = typeof JOURNAL_EVENTS;
