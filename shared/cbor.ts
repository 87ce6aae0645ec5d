/**
 * CBOR (RFC 8949) as everything here uses it: deterministic on the way out (shortest heads, definite lengths),
 * strict on the way in (no indefinite lengths, no needlessly long heads, no tags, no maps, no floats), so that equal
 * values have equal bytes and a signature over them means one thing.
 */
import { decode, encode } from "cborg";

/** The whole vocabulary on the wire and in the ledger. Maps, floats and tags are not part of it. */
export type Cbor = number | string | boolean | null | Uint8Array | Cbor[];

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const;

/** Bytes of a value; equal values give equal bytes. */
export function encodeCbor(value: Cbor): Uint8Array {
  return encode(value);
}

/**
 * One value from exactly these bytes; `undefined` when they are anything else (cut short, too long, not strict, or
 * holding a type outside of `Cbor`). The caller parses the shape with a schema.
 */
export function decodeCbor(bytes: Uint8Array): Cbor | undefined {
  try {
    const value: unknown = decode(bytes, STRICT);
    return isCbor(value, 0) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Deeper than any frame nests (frame, list, record, field); stops a hostile frame from nesting for ever. */
const MAX_DEPTH = 6;

function isCbor(value: unknown, depth: number): value is Cbor {
  if (Array.isArray(value)) return depth < MAX_DEPTH && value.every((item) => isCbor(item, depth + 1));
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value === "string" || typeof value === "boolean" || value === null || value instanceof Uint8Array;
}
