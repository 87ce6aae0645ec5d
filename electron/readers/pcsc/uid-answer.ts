/** What is asked of a card, and what its answer says. PC/SC part 3, 3.2.2.1.3 "Get Data". */

/** ISO 14443 single size to triple size; ISO 15693 has 8. */
const UID_BYTES = [4, 10] as const;

/** Get Data, UID, as long as it is. The reader answers it itself, whatever the card. */
export const GET_UID = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00);

/**
 * The UID in the answer, or null: only a body of 4 to 10 bytes before 9000 is one. A card pulled in the middle of the
 * command has given success with an empty body (READERS.md).
 */
export function uidIn(answer: Uint8Array): Uint8Array | null {
  const end = answer.length - 2;
  if (answer[end] !== 0x90 || answer[end + 1] !== 0x00) return null;
  return end >= UID_BYTES[0] && end <= UID_BYTES[1] ? answer.slice(0, end) : null;
}
