/** Every event the server's journal may hold. docs/operations.md lists them; a test compares. */
import * as v from "valibot";
import { event } from "./event.ts";
import { CloseWhy, Count, DiskFault, ErrorCode, Flag, Id, Route, word } from "./fields.ts";
import { ERROR_FIELDS, JOURNAL_EVENTS } from "./own-events.ts";
import { PLACE_EVENTS } from "./place-events.ts";

/** What an act may be refused for, as the fold says it. */
const Refusal = word(
  "event-exists",
  ...(["unknown-poll", "not-draft", "already-open", "not-open"] as const),
  ...(["too-many-windows", "already-closed", "not-closed", "already-certified", "missing-changed"] as const),
  ...(["too-early", "reason-needed", "by-hand-only", "not-barred", "totals-differ"] as const),
  ...(["nothing-new", "another-definition", "already-admitted", "unknown-station", "already-revoked"] as const),
  ...(["not-folded", "unknown-log", "already-judged", "unreadable", "unknown-chunk"] as const),
  ...(["already-destroyed", "key-destroyed", "polls-open"] as const),
  ...(["ballots-cast", "roll-in-force", "other-lf-bits", "station-revoked", "not-wished"] as const),
);

export const SERVER_EVENTS = {
  ...JOURNAL_EVENTS,
  ...PLACE_EVENTS,
  "server.started": event("info", "The server takes stations and people.", null, {
    /** Position of the ledger's last entry. */
    cursor: Count,
    polls: Count,
    stations: Count,
    tls: Flag,
    tookMs: Count,
  }),
  "server.stopping": event("info", "The server was told to stop.", null, {}),
  "server.stopped": event("info", "The server stopped in good order.", null, { uptimeS: Count }),
  "server.failed": event(
    "error",
    "The server ended by a mistake of its own.",
    "Start it again: nothing that was acknowledged is lost. Please report it with this line.",
    ERROR_FIELDS,
  ),
  "ledger.not-stored": event(
    "error",
    "The ledger's disk took nothing; no vote is acknowledged, and stations keep theirs.",
    "See what is wrong with the disk at /healthz; the server carries on by itself.",
    { fault: DiskFault },
  ),
  "ledger.good": event("info", "The ledger stores again.", null, { afterMs: Count }),
  "ledger.thread-ended": event(
    "error",
    "The ledger's thread ended; it is being started again.",
    "Nothing, if ledger.thread-restarted follows. Else look at the disk and the memory of this machine.",
    {},
  ),
  "ledger.thread-restarted": event("info", "The ledger's thread is there again.", null, {}),
  "texts.not-stored": event(
    "error",
    "The store of questions and names could not be written; votes are not touched by this.",
    "Free space on the disk and make the data directory writable, then do again what was refused.",
    { fault: DiskFault },
  ),
  "texts.good": event("info", "The store of questions and names is written again.", null, { afterMs: Count }),
  "poll.opened": event("info", "A poll takes votes.", null, { poll: Id }),
  "poll.paused": event("info", "A poll takes no votes for a while.", null, { poll: Id }),
  "poll.closed": event("info", "A poll takes no more votes.", null, { poll: Id }),
  "certify.certified": event("info", "A poll's result is final.", null, {
    poll: Id,
    /** Stations that had not delivered. */
    missing: Count,
    why: word("drained", "time", "by-hand", "restored"),
  }),
  "certify.refused": event(
    "warn",
    "A poll was not certified: the ledger refused it. It is tried again in a minute.",
    "Certify it by hand if it goes on; GET /api/v1/polls/:id/certification names the stations that are missing.",
    { poll: Id, why: Refusal },
  ),
  "certify.failed": event(
    "error",
    "Looking for polls to certify failed. It is tried again.",
    "See whether ledger.not-stored stands before it; else please report it with this line.",
    ERROR_FIELDS,
  ),
  "station.admitted": event("info", "A station was taken into the event.", null, { station: Id }),
  "station.revoked": event("info", "A station was taken out of the event.", null, { station: Id }),
  "branch.aside": event(
    "warn",
    "Two copies of one station are running; what the newer one stores is not counted.",
    "Stop one of the two, then admit or reject the log that was set aside.",
    { station: Id, log: Id },
  ),
  "branch.judged": event("info", "The organiser decided on a log that was set aside.", null, {
    station: Id,
    log: Id,
    standing: word("taken", "admitted", "rejected"),
  }),
  "event-key.destroyed": event("info", "The event key is destroyed on this server.", null, {}),
  "event-key.kept": event(
    "warn",
    "The event key is to be destroyed, and the disk does not let go of it. It is tried again.",
    "Make secrets.json in the data directory writable, and free space on the disk.",
    { code: ErrorCode },
  ),
  "enrolment.waiting": event(
    "info",
    "A station waits for the organiser's approval.",
    "Compare the code on its screen, and approve it.",
    { station: Id },
  ),
  "link.admitted": event("info", "A station is on the link.", null, { station: Id }),
  "link.closed": event("info", "A link ended.", "See docs/link-protocol.md for what each reason asks for.", {
    /** Null: it ended before it said who it is. */
    station: v.nullable(Id),
    why: CloseWhy,
    by: word("server", "station"),
  }),
  "api.failed": event(
    "error",
    "A request failed by a mistake of the server.",
    "Please report it with this line. Where the disk is full or failing, that comes first.",
    { route: Route, ...ERROR_FIELDS },
  ),
  "api.refused": event("debug", "A request was refused.", null, { route: Route, status: Count }),
  "admin.logged-in": event("info", "An organiser logged in.", null, {}),
  "admin.login-failed": event(
    "warn",
    "Somebody tried to log in and did not get in.",
    "If it was nobody of yours, see who can reach the server; guessing is slowed down by itself.",
    { why: word("wrong-password", "too-many-attempts", "not-set-up") },
  ),
  "admin.set-up": event("info", "The organiser's first password was set.", null, {}),
};
export type ServerEvents = typeof SERVER_EVENTS;
