/**
 * The PIN as scrypt keeps it (RFC 7914). Of four digits whoever has the file soon finds the PIN all the same; the file is its
 * owner's, and keeps the PIN from being read over a shoulder or in a backup.
 */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import * as v from "valibot";

/** OWASP's figures for scrypt with little memory, 32 MiB: a kiosk may be a small machine. */
const COST_N = 2 ** 15;
const COST: ScryptOptions = { r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

export const StoredPin = v.strictObject({
  /** Kept, so that a later version can raise it. */
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
export type StoredPin = v.InferOutput<typeof StoredPin>;

/** A smaller `n` (a power of two) is for tests only, which have no quarter of a second to spare. */
export async function hashPin(pin: string, n: number = COST_N): Promise<StoredPin> {
  const salt = randomBytes(SALT_BYTES);
  return { n, salt: salt.toString("hex"), hash: (await derive(pin, salt, n)).toString("hex") };
}

/** Is it this PIN? Takes the same time whether nearly or not at all. */
export async function verifyPin({ n, salt, hash }: StoredPin, pin: string): Promise<boolean> {
  return timingSafeEqual(await derive(pin, Buffer.from(salt, "hex"), n), Buffer.from(hash, "hex"));
}

/** Not on the thread of the votes: it takes a quarter of a second there. */
function derive(pin: string, salt: Buffer, n: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, { ...COST, N: n }, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}
