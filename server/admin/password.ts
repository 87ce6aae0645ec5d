/** Passwords as scrypt keeps them (RFC 7914): a salt and a hash that is dear to compute. */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import * as v from "valibot";

/** OWASP's figures (2024) for scrypt: N 2^17, r 8, p 1; 128 MiB and about a third of a second for each guess. */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Stored form; `n`, `r` and `p` are kept so that a later version can raise them. */
export const StoredPassword = v.strictObject({
  n: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(2 ** 17)),
  r: v.literal(8),
  p: v.literal(1),
  salt: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type StoredPassword = v.InferOutput<typeof StoredPassword>;

/** `cost` is for tests only, which have no third of a second to spare. */
export async function hashPassword(password: string, cost = COST): Promise<StoredPassword> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  return { n: cost.N ?? 0, r: 8, p: 1, salt: salt.toString("hex"), hash: hash.toString("hex") };
}

/** Is this the password? Takes the same time whether nearly or not at all. */
export async function verifyPassword(stored: StoredPassword, password: string): Promise<boolean> {
  const hash = await derive(password, Buffer.from(stored.salt, "hex"), { ...COST, N: stored.n });
  return timingSafeEqual(hash, Buffer.from(stored.hash, "hex"));
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  // One person's keyboards write the same letters differently.
  const typed = password.normalize("NFKC");
  return new Promise((resolve, reject) => {
    scrypt(typed, salt, HASH_BYTES, cost, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}
