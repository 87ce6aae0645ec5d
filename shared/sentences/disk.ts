/** Of the station's own files and the disk under them. */
export const DISK = {
  "disk-full": "The disk is full. Free some space where {path} lies; voting goes on by itself then.",
  "disk-read-only": "The disk is read-only. Make {path} and its folder writable; voting goes on by itself then.",
  "disk-failed":
    "The disk failed. Check it and its cable, or replace it; voting goes on by itself when it does. Nothing stored so far is touched.",
  "disk-no-answer": "The disk did not answer. Restart the computer, or replace it.",
  "disk-takes-no-votes": "The disk takes no votes.",
  "votes-file-damaged":
    "The file {path} is damaged. It is kept for the organiser, and voting goes on in a new one in a moment.",
  "votes-file-moved":
    "Somebody moved or replaced the file of this station's votes ({path}). It is being put back; leave it there.",
  "vote-not-stored": "The vote could not be stored ({message}).",
  "log-closed": "The log is closed.",
  "log-missing": "There is no such log.",
  "log-thread-ended": "The log's thread ended. It is being started again.",
  "log-thread-failed": "The log's thread failed ({message}). It is being started again.",
} as const;
