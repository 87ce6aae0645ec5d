/**
 * 125 kHz numbers are compared by their low bits only, since some readers give no more (READERS.md, "Keyboard wedge"). Two tags
 * that differ only above them are one to us: counted here, so that the operator can be warned.
 */

/** Tags of a large event. Beyond it half of them, those first seen, are forgotten: a collision with them is not noticed. */
export const MAX_TAGS_REMEMBERED = 10_000;
/** Of the bytes above the compared ones, those that are looked at: no 125 kHz number has more. */
const MAX_ABOVE_BYTES = 4;
/** Where the count of bytes is kept beside them. */
const COUNT_AT = 2 ** 32;

export interface Collisions {
  /**
   * A tag tapped. Both parts most significant byte first.
   * @param above what was cut off its number
   * @param compared what is compared, 3 or 4 bytes
   */
  note(above: Uint8Array, compared: Uint8Array): void;
  /** How often a tap was of another tag than the one before with the same number. */
  count(): number;
}

/**
 * @param secret random, of this start only, 32 bits: no number is kept as it is. It keeps one out of what somebody sees of this
 * memory by chance; who has all of it, and the secret, could search all numbers, however they were hashed.
 */
export function createCollisions(secret: number): Collisions {
  /** By the scrambled number: what is known of the bytes above it, and of how many of them. */
  let recent = new Map<number, number>();
  /** Forgotten as a whole: to take single ones from the front of a map costs more than all else that a tap does here. */
  let older = new Map<number, number>();
  let seen = 0;
  const keep = (key: number, value: number) => {
    if (recent.size >= MAX_TAGS_REMEMBERED / 2) {
      older = recent;
      recent = new Map();
    }
    recent.set(key, value);
  };
  return {
    count: () => seen,
    note(above, compared) {
      if (above.length === 0) return;
      const key = scramble(numberOf(compared, 4), secret);
      const bytes = Math.min(above.length, MAX_ABOVE_BYTES);
      const now = bytes * COUNT_AT + numberOf(above, bytes);
      const before = recent.get(key) ?? older.get(key);
      if (before === undefined) return keep(key, now);
      // Readers of different makes give different numbers of bytes of the same tag.
      const shared = 2 ** (8 * Math.min(bytes, Math.floor(before / COUNT_AT)));
      const differs = (now % COUNT_AT) % shared !== (before % COUNT_AT) % shared;
      if (differs) seen++;
      if (differs || now > before) keep(key, now);
    },
  };
}

/** Of the last `count` bytes, unsigned. */
function numberOf(bytes: Uint8Array, count: number): number {
  let value = 0;
  for (let at = Math.max(0, bytes.length - count); at < bytes.length; at++) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

/** One to one, so that no two numbers are mistaken for each other: the end of MurmurHash3, which is in the public domain. */
function scramble(value: number, secret: number): number {
  let mixed = value ^ secret;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
