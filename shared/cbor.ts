/**
 * CBOR (RFC 8949) as everything here uses it: deterministic on the way out (shortest heads, definite lengths),
 * strict on the way in (no indefinite lengths, no needlessly long heads, no tags, no maps, no floats), so that equal
 * values have equal bytes and a signature over them means one thing.
 */
import { Tokenizer, Type, decode, encode, type DecodeOptions } from "cborg";
import { sameBytes } from "./bytes.ts";
import { readPlainCbor } from "./cbor-reader.ts";
import { writeCbor } from "./cbor-writer.ts";

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
  retainStringBytes: true,
} as const satisfies DecodeOptions;

/**
 * What cborg lets pass although it has a second spelling: a float that is whole reads as that number, and text that is
 * not UTF-8, or begins with a byte order mark, reads as other text.
 */
class StrictTokenizer extends Tokenizer {
  override next(): ReturnType<Tokenizer["next"]> {
    const token = super.next();
    if (token.type === Type.float) throw new Error("floats are not part of it");
    if (token.type === Type.string && !isItsOwnSpelling(token)) throw new Error("not UTF-8");
    return token;
  }
}

function isItsOwnSpelling({ value, byteValue }: ReturnType<Tokenizer["next"]>): boolean {
  // cborg keeps no bytes of an empty text.
  if (value === "" && byteValue === undefined) return true;
  if (typeof value !== "string" || byteValue === undefined) return false;
  const again = encode(value);
  return (
    sameBytes(again.subarray(Math.max(0, again.length - byteValue.length)), byteValue) &&
    encode(byteValue).length === again.length
  );
}

/** Bytes of a value; equal values give equal bytes. */
export function encodeCbor(value: Cbor): Uint8Array {
  return writeCbor(value);
}

/**
 * One value from exactly these bytes; `undefined` when they are anything else (cut short, too long, not strict, or
 * holding a type outside of `Cbor`). The caller parses the shape with a schema.
 */
export function decodeCbor(bytes: Uint8Array): Cbor | undefined {
  const plain = plainView(bytes);
  return readPlainCbor(plain, MAX_DEPTH) ?? decodeStrictCbor(plain);
}

/** The same by the strict decoder alone. */
export function decodeStrictCbor(bytes: Uint8Array): Cbor | undefined {
  try {
    const plain = plainView(bytes);
    const value: unknown = decode(plain, { ...STRICT, tokenizer: new StrictTokenizer(plain, STRICT) });
    return isCbor(value, 0) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same bytes, never as a Buffer, whose `slice` shares memory: what is decoded outlives its frame. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Deeper than any frame nests (frame, list, record, field); stops a hostile frame from nesting for ever. */
const MAX_DEPTH = 6;

function isCbor(value: unknown, depth: number): value is Cbor {
  if (Array.isArray(value)) return depth < MAX_DEPTH && value.every((item) => isCbor(item, depth + 1));
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value === "string" || typeof value === "boolean" || value === null || value instanceof Uint8Array;
}
