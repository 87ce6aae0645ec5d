/** A tag's pseudonym: what is stored instead of its UID, which goes no further than this function. */
import { concatBytes } from "../../shared/bytes.ts";
import { TAG_KEY_BYTES } from "../../shared/domain/record.ts";
import { sha256 } from "../log/sha256.ts";

/** SHA-256 works on blocks of this size. */
const BLOCK_BYTES = 64;
/** What the key is mixed with for the inner hash, and for the outer (RFC 2104). */
const INNER = 0x36;
const OUTER = 0x5c;

/** The first block of both hashes, by the key they were made of. */
const blocks = new WeakMap<Uint8Array, { inner: Uint8Array; outer: Uint8Array }>();

/**
 * HMAC-SHA-256 of the normalised UID under the event key, cut to 16 bytes. Worked out from two plain hashes (RFC 2104):
 * Node's own HMAC is an object that lives for one tap, and takes three times as long.
 */
export function tagKeyOf(eventKey: Uint8Array, uid: Uint8Array): Uint8Array {
  const { inner, outer } = blocks.get(eventKey) ?? prepare(eventKey);
  return sha256(concatBytes(outer, sha256(concatBytes(inner, uid)))).slice(0, TAG_KEY_BYTES);
}

function prepare(eventKey: Uint8Array) {
  const block = new Uint8Array(BLOCK_BYTES);
  // A longer key stands for its hash.
  block.set(eventKey.length > BLOCK_BYTES ? sha256(eventKey) : eventKey);
  const made = { inner: block.map((byte) => byte ^ INNER), outer: block.map((byte) => byte ^ OUTER) };
  blocks.set(eventKey, made);
  return made;
}
