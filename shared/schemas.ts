/** The few value shapes that every boundary needs. */
import * as v from "valibot";

const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, "expected bytes");

/** A byte string of exactly this length. */
export const bytesOf = (length: number) =>
  v.pipe(
    Bytes,
    v.check((bytes) => bytes.length === length, `expected ${length} bytes`),
  );

/** A byte string of at most this length. */
export const bytesUpTo = (most: number) =>
  v.pipe(
    Bytes,
    v.check((bytes) => bytes.length <= most, `expected at most ${most} bytes`),
  );

/** A whole number from `least` to `most`, both included. */
export const whole = (least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

/** The year 9999 ends here. With a log's own milliseconds added it is still an exact number, and a date. */
export const MAX_WALL_MS = 253_402_300_799_999;

/** Milliseconds since 1970 by somebody's clock. */
export const WallMs = whole(0, MAX_WALL_MS);

/** Ids are 16 random bytes (or a hash cut to 16); in JSON and URLs they are 32 hexadecimal digits. */
export const ID_BYTES = 16;
export const IdText = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, "expected an id of 32 hexadecimal digits"));
