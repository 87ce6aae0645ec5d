/** The event key, as the server keeps it until it is destroyed, and the pseudonyms it makes. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import { TAG_KEY_BYTES } from "../../shared/domain/record.ts";
import { EVENT_KEY_BYTES } from "../../shared/link/frames.ts";

const Secrets = v.object({ eventKey: v.pipe(v.string(), v.length(EVENT_KEY_BYTES * 2)) });

/** @param directory the server's data */
export function readEventKey(directory: string): Uint8Array {
  return bytesOfHex(v.parse(Secrets, JSON.parse(readFileSync(join(directory, "secrets.json"), "utf8"))).eventKey);
}

/** A 125 kHz number; UIDs at 13.56 MHz have 4, 7 or 10 bytes. */
const LF_BYTES = 5;
/** The part of it that events compare unless they say 24 bits. */
const COMPARED_BYTES = 4;

/** A tag's pseudonym, hexadecimal: worked out here once more, apart from the product. */
export function tagKeyOf(eventKey: Uint8Array, number: Uint8Array): string {
  const uid = number.length === LF_BYTES ? number.subarray(-COMPARED_BYTES) : number;
  return toHex(createHmac("sha256", eventKey).update(uid).digest().subarray(0, TAG_KEY_BYTES));
}
