/** Random tokens, of which the server remembers only the hash. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Beyond any guessing, so that a fast hash is enough to keep it by. */
const TOKEN_BYTES = 32;

/** 43 characters that a URL and a header carry as they are. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** What is kept of a token: SHA-256, 32 bytes. */
export function tokenHash(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

/** Compares hashes in a time that tells nothing about either. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
