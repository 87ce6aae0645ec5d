/**
 * The short way in for CBOR: whole numbers, bytes, lists, `true`, `false` and `null`, each spelled as it has to be. That is all
 * that batches, acks and tallies are made of, and a ballot passes here at both ends of the link. It refuses nothing:
 * whatever it does not know as good, the strict decoder (cbor.ts) judges.
 */
import type { Cbor } from "./cbor.ts";

/** Major types (RFC 8949 §3.1), the upper three bits of a head. */
const WHOLE = 0;
const BYTES = 2;
const LIST = 4;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** A number up to this stands in the head; beyond it the head says in how many bytes it follows. */
const MAX_IN_HEAD = 23;
/** By the lower five bits of a head above that: how many bytes follow, and the least number that needs them. */
const LONGER = [
  { bytes: 1, least: 24 },
  { bytes: 2, least: 2 ** 8 },
  { bytes: 4, least: 2 ** 16 },
  { bytes: 8, least: 2 ** 32 },
] as const;

/** Where it reads. One value at a time, and nothing else runs meanwhile. */
let from: Uint8Array = new Uint8Array();
let at = 0;

/**
 * The value of exactly these bytes; undefined when they may be anything else.
 * @param bytes not a Buffer, whose `slice` shares memory: what is read outlives its frame
 * @param maxDepth lists in lists
 */
export function readPlainCbor(bytes: Uint8Array, maxDepth: number): Cbor | undefined {
  from = bytes;
  at = 0;
  const value = read(maxDepth);
  return at === bytes.length ? value : undefined;
}

function read(depthLeft: number): Cbor | undefined {
  const head = from[at++];
  if (head === undefined) return undefined;
  if (head === NULL) return null;
  if (head === TRUE || head === FALSE) return head === TRUE;
  const major = head >> 5;
  if (major !== WHOLE && major !== BYTES && major !== LIST) return undefined;
  const value = readNumber(head & 0x1f);
  if (value === undefined || major === WHOLE) return value;
  // Longer than what is there: also a list, as each of its items has a byte at least.
  if (value > from.length - at) return undefined;
  return major === BYTES ? from.slice(at, (at += value)) : readList(value, depthLeft);
}

function readList(length: number, depthLeft: number): Cbor[] | undefined {
  if (depthLeft === 0) return undefined;
  const list: Cbor[] = [];
  for (let item = 0; item < length; item++) {
    const value = read(depthLeft - 1);
    if (value === undefined) return undefined;
    list.push(value);
  }
  return list;
}

/** The number that a head's lower five bits begin; undefined when it is spelled longer than it has to be, or cut short. */
function readNumber(low: number): number | undefined {
  if (low <= MAX_IN_HEAD) return low;
  const longer = LONGER[low - MAX_IN_HEAD - 1];
  if (longer === undefined) return undefined;
  let value = 0;
  for (const end = at + longer.bytes; at < end; at++) value = value * 256 + (from[at] ?? Number.NaN);
  return value >= longer.least && Number.isSafeInteger(value) ? value : undefined;
}
