/** The machine a program runs on: its disk's room, and its clock. */
import { event } from "./event.ts";
import { Count } from "./fields.ts";

export const PLACE_EVENTS = {
  "disk.low": event(
    "warn",
    "The disk that holds the data directory is nearly full.",
    "Free space on it, or move the data to a larger one: a full disk takes no votes.",
    { freeBytes: Count },
  ),
  "disk.roomy": event("info", "The disk that holds the data directory has room again.", null, { freeBytes: Count }),
  "clock.behind": event(
    "warn",
    "This computer's clock was put back; the program's own time goes on instead.",
    "See that the clock is set by the network (NTP), and do not set it by hand while votes are taken.",
    { byMs: Count },
  ),
};
