/** SHA-256 from Node: the shared room has no crypto of its own. */
import { hash } from "node:crypto";
import type { Sha256 } from "../../shared/domain/record.ts";

/**
 * 32 bytes of their own: a Buffer would drag its pool of 8 KiB along to the log's thread. Made from Latin-1, a byte a
 * character, which takes Node half as long as a Buffer (and a third of `createHash`), and every record is hashed.
 */
export const sha256: Sha256 = (bytes) => {
  const text = hash("sha256", bytes, "binary");
  const digest = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) digest[at] = text.charCodeAt(at);
  return digest;
};
