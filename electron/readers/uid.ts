/**
 * The normal form of a tag's number, the form that is hashed into its tag key.
 *
 * For now it is the bytes as decoded: 5 bytes from the 125 kHz readers (one version byte and the 32 bits printed on
 * the card), 4, 7 or 10 bytes from ISO 14443 readers. The same 125 kHz tag may come from a keyboard wedge as 32 or as
 * 24 bits (READERS.md, "Keyboard wedge"); which of them an event compares is one setting of the event, fixed at its
 * first ballot, and comes with those readers. Until then only readers that give 5 bytes exist, and they agree.
 */

/** The shortest (ISO 14443 single size) and the longest (triple size) number a tag may have, in bytes. */
export const MIN_UID_BYTES = 4;
export const MAX_UID_BYTES = 10;

/** The normal form of a UID: its own copy of the bytes, so that a reader may use its buffer again. */
export function normalUid(uid: Uint8Array): Uint8Array {
  return Uint8Array.from(uid);
}
