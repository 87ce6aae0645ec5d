/** How a poll becomes final: what stations still owe, the certificate, and what came after it. */
import * as v from "valibot";
import { MAX_OPTIONS } from "../domain/poll.ts";
import { MAX_WEIGHT } from "../domain/roll.ts";
import { IdText, whole } from "../schemas.ts";
import { Cursor } from "./cursor.ts";
import { NamedStation } from "./stations.ts";

const Timestamp = v.pipe(v.string(), v.isoTimestamp());

/** Two or three sentences. */
const MAX_REASON_LENGTH = 500;

/** Body of `POST /polls/:id/certify`. The reason is needed when stations are missing. */
export const Certification = v.strictObject({
  reason: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1, "must not be empty"),
      v.maxLength(MAX_REASON_LENGTH, `must be at most ${MAX_REASON_LENGTH} characters`),
      // As for a poll's own words: everybody's screen may show it.
      v.regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, "must be one line without control characters"),
      v.check((text) => text.isWellFormed(), "must be well-formed text"),
      v.description("Why the poll is certified without the stations that are missing; everybody can read it"),
    ),
  ),
});

/** Why a poll's counts are final. `restored`: as the server had certified it before it was put back to a backup. */
export const Certificate = v.strictObject({
  at: Timestamp,
  why: v.picklist(["drained", "time", "by-hand", "restored"]),
  missing: v.pipe(v.array(NamedStation), v.description("Stations that had not delivered all by then")),
  reason: v.pipe(
    v.nullable(v.string()),
    v.description("Null when none was given, its words were erased, or the asker is not the organiser"),
  ),
});
export type Certificate = v.InferOutput<typeof Certificate>;

const Delivery = v.strictObject({
  ...NamedStation.entries,
  delivered: v.pipe(v.nullable(Timestamp), v.description("Up to when the server has its records; null: it has none")),
  missing: v.pipe(
    v.nullable(v.picklist(["not-drained", "branch-undecided", "records-missing"])),
    v.description("Why it is not known to have delivered all; null when it has"),
  ),
  undelivered: v.pipe(
    v.nullable(whole(0)),
    v.description("Records it says it has and the server has not; null while it is not on the link"),
  ),
});

/** `GET /polls/:id/certification`: how far each station has delivered a poll. */
export const Deliveries = v.strictObject({
  poll: IdText,
  provisional: v.boolean(),
  certifiesAt: v.pipe(
    v.nullable(Timestamp),
    v.description("When it certifies itself at the latest; null when it is not closed, is certified, or is by hand"),
  ),
  stations: v.array(Delivery),
  cursor: Cursor,
});
export type Deliveries = v.InferOutput<typeof Deliveries>;

/** Late ballots that one reply shows: about 200 KB. */
export const MAX_LATE_SHOWN = 1_000;

/** Whose it was is not here: only what was cast when and where. */
const LateBallot = v.strictObject({
  ...NamedStation.entries,
  log: IdText,
  number: v.pipe(whole(1), v.description("Its place in its station's log")),
  castAt: Timestamp,
  synchronised: v.pipe(v.boolean(), v.description("Whether the station's clock was ever compared with the server's")),
  option: v.pipe(whole(1, MAX_OPTIONS), v.description("Position of the option, 1 first")),
  weight: whole(1, MAX_WEIGHT),
});

/** `GET /polls/:id/late`: by time of casting, the first `MAX_LATE_SHOWN`. */
export const LateBallots = v.strictObject({
  poll: IdText,
  total: whole(0),
  ballots: v.pipe(v.array(LateBallot), v.maxLength(MAX_LATE_SHOWN)),
  cursor: Cursor,
});
export type LateBallots = v.InferOutput<typeof LateBallots>;
