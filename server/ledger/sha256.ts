/** SHA-256 for the fold, from Node: the shared room has no crypto of its own. */
import { createHash } from "node:crypto";
import type { Sha256 } from "../../shared/domain/record.ts";

/** 32 bytes of their own: a Buffer would drag its pool of 8 KiB along through a structured clone. */
export const sha256: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());
