/** A station's readers as an organiser sees them from afar, and what he may want of them. */
import * as v from "valibot";
import { MAX_READERS, ReaderName, Target } from "../domain/mapping.ts";
import { ToldReaderId } from "../domain/mapping-bytes.ts";
import { IdText, whole } from "../schemas.ts";
import { Cursor } from "./cursor.ts";

const Timestamp = v.pipe(v.string(), v.isoTimestamp());
const Revision = v.pipe(
  whole(0),
  v.description("How often the station's mapping was changed, at the station or from here; 0 before the first change"),
);

const MAPPED_FIELDS = {
  id: v.pipe(ToldReaderId, v.description("Where it is plugged in and what it says of itself")),
  name: v.pipe(
    ReaderName,
    v.check((text) => text.isWellFormed(), "must be well-formed text"),
  ),
  target: v.nullable(Target),
};
const Wanted = v.strictObject(MAPPED_FIELDS);

/** Body of `PUT /stations/:id/mapping`. */
export const MappingBody = v.strictObject({
  readers: v.pipe(
    v.array(Wanted),
    v.maxLength(MAX_READERS, `takes at most ${MAX_READERS} readers`),
    v.check((readers) => new Set(readers.map(({ id }) => id)).size === readers.length, "must name each reader once"),
    v.description("Readers that the station has; those that are not named stay as they are"),
  ),
});

const ReportedReader = v.strictObject({
  ...MAPPED_FIELDS,
  state: v.picklist(["present", "lost"]),
  reason: v.pipe(v.nullable(v.string()), v.description("Why it is lost")),
  lastTapAt: v.pipe(v.nullable(Timestamp), v.description("By the station's clock; null: not since it started")),
  taps: whole(0),
  errors: whole(0),
});

const Reported = v.strictObject({
  at: v.pipe(Timestamp, v.description("When the station said so last")),
  revision: Revision,
  testMode: v.pipe(v.boolean(), v.description("Its taps are tests, and no votes")),
  readers: v.array(ReportedReader),
});

/** `readers` is null when its words were erased: it cannot be told to the station any more. */
const WISH_FIELDS = {
  cursor: Cursor,
  base: v.pipe(Revision, v.description("The revision it was to change")),
  readers: v.nullable(v.array(Wanted)),
};

/** What of a station's readers is known, what is wanted of them, and what the station did not take last. */
export const StationReaders = v.strictObject({
  station: IdText,
  name: v.nullable(v.string()),
  connected: v.pipe(v.boolean(), v.description("It can be asked for a change now")),
  reported: v.pipe(v.nullable(Reported), v.description("Null until the station said it since the server's start")),
  pending: v.pipe(
    v.nullable(
      v.strictObject({
        ...WISH_FIELDS,
        notStored: v.pipe(v.boolean(), v.description("The station's disk did not take it; it is asked again")),
      }),
    ),
    v.description("A change the station was not told yet, or has not answered"),
  ),
  refused: v.pipe(
    v.nullable(v.strictObject({ ...WISH_FIELDS, why: v.picklist(["conflict", "unknown-reader"]) })),
    v.description("The last change, when the station did not take it"),
  ),
});
export type StationReaders = v.InferOutput<typeof StationReaders>;
