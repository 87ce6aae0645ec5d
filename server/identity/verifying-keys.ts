/** Keys that check signatures, kept while their stations speak. */
import type { KeyObject } from "node:crypto";
import { verifyingKey } from "./ed25519.ts";

/**
 * Stations that speak at once: of an event's thousands most tap now and then. A key takes up to 4 KiB, as much as all the
 * rest of a link, and is made anew in 50 µs, a check with it takes 125 (all measured).
 */
const MAX_KEYS_KEPT = 1_000;

type MakeKey = (publicKey: Uint8Array) => KeyObject | undefined;

/** The same as `make`, but the keys asked for last are not made anew; of more than `most` the one asked for longest ago goes. */
export function keepVerifyingKeys(make: MakeKey = verifyingKey, most = MAX_KEYS_KEPT): MakeKey {
  const kept = new Map<string, KeyObject>();
  return (publicKey) => {
    const id = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString("latin1");
    const key = kept.get(id) ?? make(publicKey);
    if (key === undefined) return undefined;
    // To the end of the line.
    kept.delete(id);
    kept.set(id, key);
    const [oldest] = kept.size > most ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    return key;
  };
}
