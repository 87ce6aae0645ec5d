/** Every event a station's journal may hold. docs/operations.md lists them; a test compares. */
import { event } from "./event.ts";
import { CloseWhy, Count, DiskFault, ErrorCode, Flag, Id, word } from "./fields.ts";
import { ERROR_FIELDS, JOURNAL_EVENTS } from "./own-events.ts";
import { PLACE_EVENTS } from "./place-events.ts";

/**
 * A reader by its number since the start, from 1: those of `--reader` flags in their order, then those taken into use. Where it is
 * plugged may tell whose machine this is.
 */
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
  "reader.adopted": event("info", "An operator took a reader into use.", null, {
    ...READER,
    of: word("serial", "pcsc", "evdev", "virtual"),
  }),
  "reader.removed": event("info", "An operator let a reader go.", null, READER),
  "reader.assigned": event("info", "A reader stands for something else from now on.", null, {
    ...READER,
    to: word("slot", "option", "choose", "nothing"),
  }),
  "reader.format-in-vote": event(
    "warn",
    "How a reader's numbers are read was changed while a vote was open or paused: who had voted may have been counted again under another number.",
    "Tell the organiser, and change this before or between votes.",
    READER,
  ),
  "mapping.conflict": event(
    "warn",
    "An organiser changed what readers stand for without having seen the last change here: nothing was changed.",
    "Look at the operator's panel, and agree on which holds.",
    {},
  ),
  "mapping.set-aside": event(
    "warn",
    "The file of what readers stand for was damaged: it is kept beside the new one, and the readers taken into use are not opened.",
    "Assign the readers anew in the operator's panel.",
    {},
  ),
  "mapping.unreadable": event(
    "warn",
    "The file of what readers stand for cannot be read.",
    "Make readers.json in the data directory readable, and start the station again; or assign the readers anew.",
    { code: ErrorCode },
  ),
  "mapping.not-stored": event(
    "warn",
    "What a reader stands for could not be stored: a change of it was refused.",
    "Free space on the disk and make the data directory writable.",
    { code: ErrorCode },
  ),
  "operator.entered": event("info", "Somebody came into the operator's panel with the PIN.", null, {}),
  "operator.left": event("info", "A visit to the operator's panel ended.", null, { why: word("left", "idle") }),
  "operator.settings-damaged": event(
    "warn",
    "The file of what the operator chose could not be read: it is put aside, and the PIN is chosen anew.",
    "Open the panel, choose a PIN, and look whether the server's address and test mode are as they should be.",
    {},
  ),
  "pin.chosen": event("info", "The operator chose a PIN.", null, { first: Flag }),
  "pin.wrong": event("info", "A wrong PIN was entered.", null, {}),
  "pin.locked": event(
    "warn",
    "Wrong PINs were entered again and again: the next try has to wait.",
    "See who is at the station. A forgotten PIN is reset by starting the station with --reset-operator-pin.",
    { forS: Count },
  ),
  "pin.reset": event(
    "warn",
    "The PIN was reset by --reset-operator-pin.",
    "Open the panel and choose one at once.",
    {},
  ),
  "server.changed": event("info", "The operator named another server.", null, {}),
  "testing.on": event(
    "warn",
    "Test mode is on: no tap at this station is a vote.",
    "Switch it off in the panel before voters come.",
    {},
  ),
  "testing.off": event("info", "Test mode is off: taps are votes.", null, {}),
  "window.trouble": event(
    "info",
    "The kiosk's window had trouble: its page crashed, hung or did not load and is opened again, or a part of it ended.",
    "Nothing, unless it goes on: then see to the computer's memory and graphics. The program's stderr says more.",
    { what: word("page", "other") },
  ),
};
export type StationEvents = typeof STATION_EVENTS;
