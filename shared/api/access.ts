/** Logging in, and setting the password for the first time. */
import * as v from "valibot";

/** Shorter ones fall to a patient guesser in spite of the rate limit. */
export const MIN_PASSWORD_LENGTH = 8;
/** Long enough for any sentence; hashing costs the server by the byte. */
const MAX_PASSWORD_LENGTH = 200;
/** 32 random bytes are 43 characters of base64url. */
const MAX_TOKEN_LENGTH = 100;

/** A password on the way in: one too short is simply wrong, and told as such. */
const TypedPassword = v.pipe(
  v.string(),
  v.maxLength(MAX_PASSWORD_LENGTH, `takes at most ${MAX_PASSWORD_LENGTH} characters`),
);

export const NewPassword = v.pipe(
  v.string(),
  v.minLength(MIN_PASSWORD_LENGTH, `needs at least ${MIN_PASSWORD_LENGTH} characters`),
  v.maxLength(MAX_PASSWORD_LENGTH, `takes at most ${MAX_PASSWORD_LENGTH} characters`),
);

/** Body of `POST /sessions`. */
export const LogIn = v.strictObject({ password: TypedPassword });

/** Goes into `Authorization: Bearer`; each use moves the expiry on. */
export const Session = v.strictObject({ token: v.string(), expiresAt: v.pipe(v.string(), v.isoTimestamp()) });
export type Session = v.InferOutput<typeof Session>;

/** Body of `POST /setup`: the token is the part after `#` of the link that the server printed. */
export const SetUp = v.strictObject({
  token: v.pipe(v.string(), v.maxLength(MAX_TOKEN_LENGTH)),
  password: NewPassword,
});
