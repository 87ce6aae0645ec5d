import { ascii, concatBytes } from "../../shared/bytes.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import { ID_BYTES } from "../../shared/schemas.ts";

/**
 * The log that records move to. Not chosen by chance: of two copies of a disk that both move them, both make the same
 * log of them, and nothing is there under two names.
 * @param place what tells this move from others of the same log: the hash after the first record, or of the new parent
 */
export function movedId(sha256: Sha256, from: Uint8Array, place: Uint8Array): Uint8Array {
  return sha256(concatBytes(ascii("polling-station/1 salvaged\n"), from, place)).slice(0, ID_BYTES);
}
