/** Tags that make up a number at each presentation: phones, and cards set to keep their owner from being followed. */

/** A single-size UID that begins so is a random one (ISO/IEC 14443-3, 6.4.4). */
const RANDOM_UID_MARK = 0x08;
/** Only single-size UIDs are ever random; 125 kHz numbers have 5 bytes. */
const SINGLE_SIZE_BYTES = 4;

export function isRandomUid(uid: Uint8Array): boolean {
  return uid.length === SINGLE_SIZE_BYTES && uid[0] === RANDOM_UID_MARK;
}
