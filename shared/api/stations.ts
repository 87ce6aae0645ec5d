/** Stations as the organiser sees them, and how one is admitted. */
import * as v from "valibot";
import { IdText } from "../schemas.ts";
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

const Station = v.strictObject({
  station: IdText,
  /** Null when nobody named it, or its name was erased. */
  name: v.nullable(v.string()),
  connected: v.boolean(),
  /** Since when it is on the link; null while it is not. */
  since: v.nullable(Timestamp),
  software: v.nullable(v.string()),
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
