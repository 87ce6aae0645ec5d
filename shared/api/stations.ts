/** Stations as the organiser sees them, and how one is admitted. */
import * as v from "valibot";
import { IdText, whole } from "../schemas.ts";
import { MAX_NAME_LENGTH } from "../link/limits.ts";
import { Cursor } from "./cursor.ts";

const Timestamp = v.pipe(v.string(), v.isoTimestamp());

/** A name people give: one line, trimmed. */
export const GivenName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(MAX_NAME_LENGTH, `must be at most ${MAX_NAME_LENGTH} characters`),
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  v.regex(/^[^\u0000-\u001f\u007f]*$/, "must be one line without control characters"),
);

/** A station and what people call it; null when nobody named it, or its name was erased. */
export const NamedStation = v.strictObject({ station: IdText, name: v.nullable(v.string()) });
export type NamedStation = v.InferOutput<typeof NamedStation>;

const BRANCH_FIELDS = {
  log: IdText,
  standing: v.pipe(
    v.picklist(["taken", "aside", "admitted", "rejected"]),
    v.description("`aside`: a second live copy of the station; its votes wait until it is admitted or rejected"),
  ),
  openedAt: v.pipe(Timestamp, v.description("By the station's own clock")),
  head: v.pipe(whole(0), v.description("Records the server has of it")),
};

/** A log of a station that wrote two at once: which is which, an organiser decides. */
const Branch = v.strictObject(BRANCH_FIELDS);
export type Branch = v.InferOutput<typeof Branch>;

export const LogPath = v.strictObject({ id: IdText });

/** What became of a log that was judged. */
export const JudgedLog = v.strictObject({ station: IdText, ...BRANCH_FIELDS, cursor: Cursor });

export const StationPath = v.strictObject({ id: IdText });

/** As many as fit a body: a station has one log for each time it was started. */
const MAX_LOGS_NAMED = 500;

/** Body of `POST /stations/:id/revoke`: logs that are not named are accepted as far as the server has them. */
export const Revocation = v.strictObject({
  accepted: v.optional(
    v.pipe(
      v.array(v.strictObject({ log: IdText, number: whole(0) })),
      v.maxLength(MAX_LOGS_NAMED, `takes at most ${MAX_LOGS_NAMED} logs`),
      v.check((logs) => new Set(logs.map(({ log }) => log)).size === logs.length, "must name each log once"),
      v.description("Numbers of the last records that are still to count, by log"),
    ),
    () => [],
  ),
});

export const Revoked = v.strictObject({ ...NamedStation.entries, cursor: Cursor });

const Station = v.strictObject({
  ...NamedStation.entries,
  connected: v.boolean(),
  /** Since when it is on the link; null while it is not. */
  since: v.nullable(Timestamp),
  software: v.nullable(v.string()),
  diverged: v.pipe(
    v.boolean(),
    v.description(
      "When it connected, one of its logs had another history than the server's; what the server lacked follows",
    ),
  ),
  revoked: v.pipe(v.boolean(), v.description("It delivers nothing any more")),
  branches: v.pipe(
    v.array(Branch),
    v.description("Its logs that were ever set aside, and those that live beside them"),
  ),
});

/** Its code is not here: an organiser types what the kiosk shows, which is what authenticates it. */
const WaitingStation = v.strictObject({ station: IdText, since: Timestamp, software: v.string() });

export const StationList = v.strictObject({
  cursor: Cursor,
  stations: v.array(Station),
  waiting: v.array(WaitingStation),
});
export type StationList = v.InferOutput<typeof StationList>;

/** Longer than `XXXX-XXXX` with any spaces or dashes a person puts in. */
const MAX_TYPED_CODE_LENGTH = 40;

/** Body of `POST /enrolments`. */
export const Enrolment = v.strictObject({
  code: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TYPED_CODE_LENGTH)),
  name: GivenName,
});

export const Enrolled = v.strictObject({ station: IdText, name: v.string(), cursor: Cursor });
