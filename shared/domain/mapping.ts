/**
 * What a station's readers stand for. The station owns its mapping and works with it offline; the server is told of it,
 * and an organiser may change it from afar: whoever changes it names the revision he saw, and a change of an older
 * revision is a conflict that is shown, never merged.
 */
import * as v from "valibot";
import { IdText, whole } from "../schemas.ts";
import { MAX_OPTIONS } from "./poll.ts";

/** Fifty slots, some with a second reader; as many as a screen's list and a link's frame hold with ease. */
export const MAX_READERS = 100;
/** Where it is plugged plus what it says of itself. */
export const MAX_READER_ID_LENGTH = 300;
/** Fits a line of the panel. */
export const MAX_READER_NAME_LENGTH = 64;

const Slot = whole(1, MAX_OPTIONS);

/** What a tap at a reader means. Several readers may share one target. */
export const Target = v.variant("kind", [
  /** The answer in this position, whatever the poll. */
  v.strictObject({ kind: v.literal("slot"), slot: Slot }),
  /** This answer of this poll, and nothing in any other. */
  v.strictObject({ kind: v.literal("option"), poll: IdText, option: Slot }),
  /** The answer is touched on the screen: before the tap, or after it. */
  v.strictObject({ kind: v.literal("choose") }),
]);
export type Target = v.InferOutput<typeof Target>;

/** What kind of tag a reader reads; `auto`: as the device says, else by the number's length. */
export const Technology = v.picklist(["auto", "lf", "hf"]);
export type Technology = v.InferOutput<typeof Technology>;

/** How a keyboard wedge writes the number; `wiegand`: 3+5 digits. */
export const DigitsForm = v.picklist(["auto", "hex", "decimal", "wiegand"]);
export type DigitsForm = v.InferOutput<typeof DigitsForm>;

/** A reader's settings that make the same tag the same number at every reader. */
export const UidFormat = v.strictObject({
  technology: Technology,
  digits: DigitsForm,
  /** The device gives the bytes last one first. */
  reversed: v.boolean(),
});
export type UidFormat = v.InferOutput<typeof UidFormat>;

export const PLAIN_FORMAT: UidFormat = { technology: "auto", digits: "auto", reversed: false };

export function sameFormat(a: UidFormat, b: UidFormat): boolean {
  return a.technology === b.technology && a.digits === b.digits && a.reversed === b.reversed;
}

/** How long a tag may go unseen and still be the same presentation, in milliseconds. */
export const GAP_LIMITS_MS = [50, 10_000] as const;

export const ReaderId = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_READER_ID_LENGTH));
export const ReaderName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(MAX_READER_NAME_LENGTH, `must be at most ${MAX_READER_NAME_LENGTH} characters`),
  v.regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, "must be one line without control characters"),
);

/** A reader that somebody put under our control, as the server and an organiser see it. */
export const MappedReader = v.strictObject({ id: ReaderId, name: ReaderName, target: v.nullable(Target) });
export type MappedReader = v.InferOutput<typeof MappedReader>;

export const Mapping = v.strictObject({
  /** One more with each change, whoever made it; 0 before the first. */
  revision: whole(0),
  readers: v.pipe(
    v.array(MappedReader),
    v.maxLength(MAX_READERS),
    v.check((readers) => new Set(readers.map(({ id }) => id)).size === readers.length, "must name each reader once"),
  ),
});
export type Mapping = v.InferOutput<typeof Mapping>;

/** What may be said of a number that may not be one person's alone. */
export const UidFlag = v.picklist(["random", "shared"]);
export type UidFlag = v.InferOutput<typeof UidFlag>;
