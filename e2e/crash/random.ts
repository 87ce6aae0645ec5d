/** Random moments that can be had again: everything is drawn from one printed seed. */
import { randomInt } from "node:crypto";

export interface Random {
  readonly seed: number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
}

const SEED_VARIABLE = "POLLING_STATION_SEED";
const SEEDS = 2 ** 32;

/** Seeded by `POLLING_STATION_SEED`, else anew; prints the seed. @param what is drawn, for whoever reads the line */
export function createRandom(what: string): Random {
  const given = process.env[SEED_VARIABLE];
  const seed = given === undefined ? randomInt(SEEDS) : Number(given);
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS) throw new Error(`${SEED_VARIABLE} is no seed: ${given}`);
  console.log(`${what}: ${SEED_VARIABLE}=${seed}`);
  return randomOf(seed);
}

/** The same moments for the same seed. @param seed a whole number, from 0 on; of larger ones the last 32 bits */
export function randomOf(seed: number): Random {
  const next = mulberry32(seed % SEEDS);
  return { seed: seed % SEEDS, whole: (from, to) => from + Math.floor(next() * (to - from + 1)) };
}

/** Tommy Ettinger's mulberry32: 32 bits of state, in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / SEEDS;
  };
}
