/** Passwords as scrypt keeps them (RFC 7914): a salt and a hash that is dear to compute. */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import * as v from "valibot";

/**
 * OWASP's figures for scrypt: of its equals the one with little memory, 32 MiB, since Node hashes four at once and a
 * server may be a small machine. About a quarter of a second for each guess.
 */
const COST_N = 2 ** 15;
const COST: ScryptOptions = { r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Stored form; `n` is kept so that a later version can raise it. */
export const StoredPassword = v.strictObject({
  // scrypt knows powers of two only, and says so no sooner than at the first log-in.
  n: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(2),
    v.maxValue(COST_N),
    v.check((n) => (n & (n - 1)) === 0, "must be a power of two"),
  ),
  salt: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type StoredPassword = v.InferOutput<typeof StoredPassword>;

/** A smaller `n` (a power of two) is for tests only, which have no quarter of a second to spare. */
export async function hashPassword(password: string, n: number = COST_N): Promise<StoredPassword> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, n);
  return { n, salt: salt.toString("hex"), hash: hash.toString("hex") };
}

/** Is this the password? Takes the same time whether nearly or not at all. */
export async function verifyPassword(stored: StoredPassword, password: string): Promise<boolean> {
  const hash = await derive(password, Buffer.from(stored.salt, "hex"), stored.n);
  return timingSafeEqual(hash, Buffer.from(stored.hash, "hex"));
}

function derive(password: string, salt: Buffer, n: number): Promise<Buffer> {
  // One person's keyboards write the same letters differently.
  const typed = password.normalize("NFKC");
  return new Promise((resolve, reject) => {
    scrypt(typed, salt, HASH_BYTES, { ...COST, N: n }, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    );
  });
}
