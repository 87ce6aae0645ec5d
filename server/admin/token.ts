/** Random tokens, of which the server remembers only what a guess can be held against. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Beyond any guessing, so that a fast hash is enough to keep it by. */
const TOKEN_BYTES = 32;

/** 43 characters that a URL and a header carry as they are. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * A token as it is kept: its hash, which nothing but `fits` can reach. So nobody compares it in a way whose time tells how
 * much of a guess was right, and it cannot get into a log or a reply.
 */
export class KeptToken {
  readonly #hash: Uint8Array;

  constructor(token: string) {
    this.#hash = sha256(token);
  }

  /** Is this the token? Takes the same time whatever the guess. */
  fits(guess: string): boolean {
    return this.equals(new KeptToken(guess));
  }

  /** Are both of the same token? For a guess that is held against many. */
  equals(other: KeptToken): boolean {
    return timingSafeEqual(this.#hash, other.#hash);
  }
}

function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
