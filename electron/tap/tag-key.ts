/** A tag's pseudonym: what is stored instead of its UID, which goes no further than this function. */
import { createHmac } from "node:crypto";
import { TAG_KEY_BYTES } from "../../shared/domain/record.ts";

/** HMAC-SHA-256 of the normalised UID under the event key, cut to 16 bytes. */
export function tagKeyOf(eventKey: Uint8Array, uid: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha256", eventKey).update(uid).digest().subarray(0, TAG_KEY_BYTES));
}
