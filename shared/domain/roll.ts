/**
 * The roll: which tags may vote, for which voter, with which weight and in which group. It is cut into chunks that are
 * known by their hash, so that whoever has one need not be sent it again.
 */
import * as v from "valibot";
import { compareBytes, sameBytes } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { bytesOf, whole } from "../schemas.ts";
import { MAX_GROUP } from "./poll.ts";
import { TAG_KEY_BYTES } from "./record.ts";

/** 1,000 tags are 30 KB at most: a chunk fits a frame of the link twice. */
export const MAX_CHUNK_TAGS = 1_000;
/** 200,000 tags: twice the largest arena, and 4 MB in a station's memory. */
export const MAX_ROLL_CHUNKS = 200;
/** Voters are numbered by whoever keeps the list of people. */
export const MAX_VOTER = 2 ** 32 - 1;
/** Shares in a cooperative, delegates of a chapter; the sum of 200,000 such voters is still an exact number. */
export const MAX_WEIGHT = 1_000_000;
/** The group of whoever is in none. */
export const NO_GROUP = 0;

/** What the roll says of one tag. Several tags may name one voter. */
export interface Entitled {
  tagKey: Uint8Array;
  voter: number;
  weight: number;
  /** 1 to `MAX_GROUP`, or `NO_GROUP`. */
  group: number;
}

const CHUNK_VERSION = 1;
const ChunkBytes = v.strictTuple([
  v.literal(CHUNK_VERSION),
  v.pipe(
    v.array(
      v.strictTuple([bytesOf(TAG_KEY_BYTES), whole(0, MAX_VOTER), whole(1, MAX_WEIGHT), whole(NO_GROUP, MAX_GROUP)]),
    ),
    v.minLength(1),
    v.maxLength(MAX_CHUNK_TAGS),
    v.check((rows) => rows.every(([key], at) => at === 0 || compareBytes(rows[at - 1]?.[0] ?? key, key) < 0)),
  ),
]);

/** Canonical bytes `[1, [[tagKey, voter, weight, group] …]]`, by tag key; their SHA-256 is the chunk's hash. */
export function encodeRollChunk(tags: readonly Entitled[]): Uint8Array {
  const sorted = tags.toSorted((a, b) => compareBytes(a.tagKey, b.tagKey));
  return encodeCbor([CHUNK_VERSION, sorted.map(({ tagKey, voter, weight, group }) => [tagKey, voter, weight, group])]);
}

/** The tags of a chunk; `undefined` when the bytes are not one. */
export function decodeRollChunk(bytes: Uint8Array): Entitled[] | undefined {
  const parsed = v.safeParse(ChunkBytes, decodeCbor(bytes));
  if (!parsed.success) return undefined;
  const tags = parsed.output[1].map(([tagKey, voter, weight, group]) => ({ tagKey, voter, weight, group }));
  return sameBytes(encodeRollChunk(tags), bytes) ? tags : undefined;
}

const VOTER_BYTES = 4;

/** Under which one voter's ballots are found together: 4 bytes for a voter of the roll, else the tag key itself. */
export function voterKey(tagKey: Uint8Array, entitled: Entitled | undefined): Uint8Array {
  if (entitled === undefined) return tagKey;
  const key = new Uint8Array(VOTER_BYTES);
  new DataView(key.buffer).setUint32(0, entitled.voter);
  return key;
}
