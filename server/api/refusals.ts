/** Why the fold refused an act, said as a problem: cause and remedy of each. */
import { CERTIFY_AFTER_MS } from "../../shared/domain/certification.ts";
import { MAX_WINDOWS } from "../../shared/domain/course.ts";
import type { ActRefusal } from "../../shared/domain/folded.ts";
import { ProblemError, type ProblemExtras } from "./problem.ts";

const HOUR_MS = 3_600_000;

const REFUSALS: Record<ActRefusal, string> = {
  "event-exists": "The server holds one event. Start another server with its own --data for another.",
  "unknown-poll": "There is no poll with this id. GET /api/v1/polls lists those there are.",
  "not-draft": "The poll was opened, and votes refer to it as it is. Make a new poll.",
  "already-open": "The poll takes votes already. Nothing was changed.",
  "not-open": "The poll has to be open for that. Open it first.",
  "too-many-windows": `A poll is opened ${MAX_WINDOWS} times at most. Close it, and go on with its next round.`,
  "already-closed": "A closed poll stays closed. Start its next round with POST /api/v1/polls/{id}/rounds.",
  "not-closed": "The poll still takes votes, or never did. Close it first.",
  "already-certified": "The poll's counts are final and stay as they are. Nothing was changed.",
  "missing-changed":
    "Stations delivered or joined while this was decided. Look at the poll's certification and try again.",
  "too-early": `Missing stations have ${CERTIFY_AFTER_MS / HOUR_MS} hours to deliver. Wait, or certify by hand.`,
  "reason-needed":
    "Stations have not delivered everything. Wait for them, or say in `reason` why the poll is final without.",
  "by-hand-only": "The poll was set to be certified by hand. Use POST /api/v1/polls/{id}/certify.",
  "not-barred": "The certificate does not fit the poll's barrier. Look at the poll and try again.",
  "totals-differ": "The certificate says other totals than the ledger has. This is a bug; the poll stays provisional.",
  "nothing-new": "What was brought back is no later than what the server knows. Nothing was changed.",
  "another-definition": "The poll was opened here with other words. Nothing was changed.",
  "already-admitted": "This station was admitted before. Nothing was changed.",
  "unknown-station": "No station with this id was ever admitted. GET /api/v1/stations lists those that were.",
  "already-revoked": "A revoked station stays revoked. Nothing was changed.",
  "not-folded":
    "The server has fewer records of these logs than `accepted` names. Name numbers up to the `head` of each.",
  "unknown-log": "There is no log with this id. GET /api/v1/stations lists branches under their stations.",
  "already-judged": "The log counts as that already. Nothing was changed.",
  unreadable: "These bytes are no part of a roll. Nothing was changed.",
  "unknown-chunk": "Send the voters of each part with POST /api/v1/roll/chunks first, and name what it answers.",
  "already-destroyed": "The event key was destroyed before. Nothing was changed.",
  "key-destroyed": "The event key was destroyed: no tag can be read any more. Start another event.",
  "polls-open": "Polls still take votes, and tags are read under this key. Close all polls first.",
  "ballots-cast": "Tags have voted by these numbers: how many bits are compared is fixed at the first ballot.",
  "roll-in-force": "The roll was made of numbers of this many bits. Take it away, change them, and send it anew.",
  "other-lf-bits":
    "These parts were made while another number of bits of 125 kHz numbers was compared (`lfBits`), so that no reader would " +
    "know their tags. Send their voters again with POST /api/v1/roll/chunks, and name what it answers.",
  "station-revoked": "The station was revoked and is told nothing any more. Nothing was changed.",
  "not-wished": "Another change was asked for since, or this one was answered before. Nothing was changed.",
};

/** The problem of a refusal; `detail` where more is known than the refusal says. */
export function refusalProblem(refused: ActRefusal, detail = REFUSALS[refused], extras?: ProblemExtras): ProblemError {
  return new ProblemError(refused, detail, extras);
}
