/** What the API says when it does not do what was asked: RFC 9457 problem details, with a stable type for each kind. */
import * as v from "valibot";
import { Mapping } from "../domain/mapping.ts";

/** Every kind of problem there is: its status and title. `detail` in the reply names the cause and the remedy. */
export const PROBLEMS = {
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "malformed-request": { status: 400, title: "This is not a well-formed HTTP request" },
  "invalid-request": { status: 400, title: "The path, the query or a header is not as the API asks" },
  "not-logged-in": { status: 401, title: "This is for the organiser" },
  "wrong-password": { status: 401, title: "That is not the password" },
  "wrong-setup-token": { status: 403, title: "That set-up link is not valid" },
  "results-hidden": { status: 403, title: "The result is not shown yet" },
  "not-found": { status: 404, title: "There is nothing at this address" },
  "unknown-poll": { status: 404, title: "There is no such poll" },
  "unknown-station": { status: 404, title: "There is no such station" },
  "unknown-log": { status: 404, title: "There is no such log" },
  "unknown-code": { status: 404, title: "No station shows this code" },
  "method-not-allowed": { status: 405, title: "This address does not take that method" },
  "request-timeout": { status: 408, title: "The request took too long to arrive" },
  "already-set-up": { status: 409, title: "The password was set before" },
  "not-set-up": { status: 409, title: "No password was set yet" },
  "not-draft": { status: 409, title: "A poll is edited only while it is a draft" },
  "already-open": { status: 409, title: "The poll is open already" },
  "not-open": { status: 409, title: "The poll is not open" },
  "already-closed": { status: 409, title: "The poll is closed for good" },
  "not-closed": { status: 409, title: "The poll is not closed yet" },
  "already-certified": { status: 409, title: "The poll is certified already" },
  "missing-changed": { status: 409, title: "Stations delivered, or joined, in the meantime" },
  "too-early": { status: 409, title: "The stations still have time to deliver" },
  "reason-needed": { status: 409, title: "Stations are missing, and no reason was given" },
  "by-hand-only": { status: 409, title: "The poll is certified by hand only" },
  "not-barred": { status: 409, title: "The poll was not prepared for its certificate" },
  "totals-differ": { status: 409, title: "The certificate's totals are not the poll's" },
  "round-exists": { status: 409, title: "The next round exists already" },
  "too-many-rounds": { status: 409, title: "The poll has had all its rounds" },
  "words-erased": { status: 409, title: "The poll's words were erased" },
  "nothing-new": { status: 409, title: "The server knows that already" },
  "another-definition": { status: 409, title: "The poll has another definition here" },
  "already-admitted": { status: 409, title: "The station is admitted already" },
  "already-revoked": { status: 409, title: "The station is revoked already" },
  "not-folded": { status: 409, title: "The station delivered less than that" },
  "already-judged": { status: 409, title: "The log is judged like that already" },
  "unknown-chunk": { status: 409, title: "The server does not have this part of the roll" },
  "too-many-windows": { status: 409, title: "The poll was opened too often" },
  "key-destroyed": { status: 409, title: "The event key is destroyed" },
  "already-destroyed": { status: 409, title: "The event key is destroyed already" },
  "polls-open": { status: 409, title: "The event key is needed as long as votes are taken" },
  "event-exists": { status: 409, title: "The event exists already" },
  "ballots-cast": { status: 409, title: "The first ballot has fixed this" },
  "roll-in-force": { status: 409, title: "The roll in force depends on this" },
  "other-lf-bits": { status: 409, title: "Parts of the roll were made for another setting of 125 kHz numbers" },
  "station-revoked": { status: 409, title: "The station is revoked" },
  "not-wished": { status: 409, title: "Nobody wants this change any more" },
  "mapping-conflict": { status: 409, title: "The station's mapping was changed there in the meantime" },
  "unknown-reader": { status: 409, title: "The station has no such reader" },
  "moved-on": { status: 412, title: "Somebody changed it first" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "misdirected-host": { status: 421, title: "This server does not go by that name" },
  "invalid-body": { status: 422, title: "The body is not as the API asks" },
  "duplicate-tag": { status: 422, title: "A tag is listed twice" },
  "duplicate-voter": { status: 422, title: "A voter is listed twice" },
  "too-many-tags": { status: 422, title: "These are more tags than one part of the roll holds" },
  "too-many-chunks": { status: 422, title: "These are more parts than a roll has" },
  unreadable: { status: 422, title: "This is not a part of a roll" },
  "wrong-confirmation": { status: 422, title: "The confirmation is not this event's id" },
  "no-if-match": { status: 428, title: "It has to be said which mapping is to be changed" },
  "too-many-attempts": { status: 429, title: "Too many failed attempts" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  "internal-error": { status: 500, title: "The server made a mistake" },
  "not-stored": { status: 503, title: "The server's disk did not take it" },
  "cursor-not-reached": { status: 503, title: "The server has not come that far" },
  busy: { status: 503, title: "The server is busy" },
  "too-many-receivers": { status: 503, title: "Too many screens follow live results here" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemSlug = keyof typeof PROBLEMS;

const TYPE_PREFIX = "urn:polling-station:problem:";

/** The `type` of a problem: a name, not an address. */
export function problemType(slug: ProblemSlug): string {
  return `${TYPE_PREFIX}${slug}`;
}

/** The media type of every error reply. */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** One thing wrong with a request: where it was, a JSON Pointer (RFC 6901) into that, and what is expected. */
export const Fault = v.strictObject({
  in: v.picklist(["body", "path", "query", "header"]),
  pointer: v.string(),
  detail: v.string(),
});
export type Fault = v.InferOutput<typeof Fault>;

/** The body of every error reply (RFC 9457 §3). */
export const Problem = v.strictObject({
  type: v.pipe(v.string(), v.startsWith(TYPE_PREFIX)),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.string(),
  /** Path of the request. */
  instance: v.string(),
  errors: v.optional(v.array(Fault)),
  /** With `mapping-conflict` and `unknown-reader`: what the station's readers stand for as it is. */
  mapping: v.optional(Mapping),
});
export type Problem = v.InferOutput<typeof Problem>;
