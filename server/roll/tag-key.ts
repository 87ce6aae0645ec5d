/** A tag's pseudonym, as stations make it (electron/tap/tag-key.ts): the raw UID goes no further than this function. */
import { createHmac, createSecretKey } from "node:crypto";
import { TAG_KEY_BYTES } from "../../shared/domain/record.ts";

/** HMAC-SHA-256 of a UID's bytes under the event key, cut to 16 bytes. The key is prepared once: that costs five times a hash. */
export function tagKeysUnder(eventKey: Uint8Array): (uid: Uint8Array) => Uint8Array {
  const key = createSecretKey(eventKey);
  return (uid) => new Uint8Array(createHmac("sha256", key).update(uid).digest().subarray(0, TAG_KEY_BYTES));
}
