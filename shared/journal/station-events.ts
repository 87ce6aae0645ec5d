/** Every event a station's journal may hold. docs/operations.md lists them; a test compares. */
import { event } from "./event.ts";
import { CloseWhy, Count, DiskFault, ErrorCode, Flag, Id, word } from "./fields.ts";
import { ERROR_FIELDS, JOURNAL_EVENTS } from "./own-events.ts";
import { PLACE_EVENTS } from "./place-events.ts";

/** A reader by its place in the list of `--reader` flags, from 1: where it is plugged may tell whose machine this is. */
const READER = { reader: Count };

export const STATION_EVENTS = {
  ...JOURNAL_EVENTS,
  ...PLACE_EVENTS,
  "station.started": event("info", "The station takes taps and shows its page.", null, {
    readers: Count,
    demo: Flag,
    /** Is it enrolled, and since an earlier start? */
    enrolled: Flag,
    /** Records on its disk that the server has not acknowledged. */
    waiting: Count,
    tookMs: Count,
  }),
  "station.stopping": event("info", "The station was told to stop.", null, {}),
  "station.stopped": event("info", "The station stopped in good order.", null, { uptimeS: Count }),
  "station.failed": event(
    "error",
    "The station ended by a mistake of its own.",
    "Start it again: every vote that was shown as stored is on its disk. Please report it with this line.",
    ERROR_FIELDS,
  ),
  "disk.failing": event(
    "error",
    "The disk takes no votes, and every voter is told so.",
    "Do what the screen and /healthz say; the station carries on by itself.",
    { fault: DiskFault },
  ),
  "log.set-aside": event(
    "error",
    "A damaged or replaced file of votes is kept beside the one in use.",
    "Keep it for the organiser: move it out of the data folder. What could be read of it is stored.",
    { files: Count },
  ),
  "disk.good": event("info", "The disk takes votes again.", null, { afterMs: Count }),
  "link.online": event("info", "The station is on the link.", null, { waiting: Count }),
  "link.offline": event(
    "info",
    "The server is away. Votes are kept here and sent when it is back.",
    "See to the network and the server, if it lasts.",
    { why: CloseWhy, waiting: Count },
  ),
  "link.refused": event(
    "warn",
    "The server does not take this station's link. It is tried again.",
    "The station's screen says what to do.",
    { why: CloseWhy },
  ),
  "link.revoked": event(
    "warn",
    "The organiser took this station out of the event: it takes no votes.",
    "Ask the organiser; a station that is to vote again needs a new data directory.",
    {},
  ),
  "enrolment.waiting": event(
    "info",
    "The station waits for the organiser's approval.",
    "Compare the code on the screen, and approve it.",
    {},
  ),
  "enrolment.admitted": event("info", "The organiser took the station into the event.", null, { ofEvent: Id }),
  "revocation.not-stored": event(
    "warn",
    "That this station was revoked could not be stored; the server says so again at the next connection.",
    "Free space on the disk and make the data directory writable.",
    { code: ErrorCode },
  ),
  "branch.changed": event(
    "warn",
    "Two copies of this station are running, or were.",
    "Stop one of the two; the organiser decides on what was set aside.",
    { now: word("aside", "copy", "rejected", "none") },
  ),
  "event.over": event("info", "The event key is destroyed: nobody can vote here any more.", null, {}),
  "clock.renewed": event("info", "The computer slept, or its clock was set; the server's is measured anew.", null, {}),
  "reader.lost": event(
    "warn",
    "A reader is gone. It is looked for until it is back.",
    "Plug it in again; the screen says what is wrong with it.",
    READER,
  ),
  "reader.back": event("info", "A reader is there.", null, READER),
  "window.trouble": event(
    "info",
    "The kiosk's window had trouble: its page crashed, hung or did not load and is opened again, or a part of it ended.",
    "Nothing, unless it goes on: then see to the computer's memory and graphics. The program's stderr says more.",
    { what: word("page", "other") },
  ),
};
export type StationEvents = typeof STATION_EVENTS;
