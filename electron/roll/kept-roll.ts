/** The roll on disk: the hashes of the roll in force, and each chunk under a place of its own, used again and again. */
import * as v from "valibot";
import { toHex } from "../../shared/bytes.ts";
import { decodeCbor, encodeCbor } from "../../shared/cbor.ts";
import { LfBits } from "../../shared/domain/event-settings.ts";
import { HASH_BYTES } from "../../shared/domain/record.ts";
import { MAX_CHUNK_TAGS, MAX_ROLL_CHUNKS } from "../../shared/domain/roll.ts";
import { bytesOf, bytesUpTo } from "../../shared/schemas.ts";
import { CHUNK_ROW_BYTES } from "./roll-table.ts";

const KEPT_VERSION = 1;
/** Of the list of chunks: with the bits that are compared in front of them. Version 1 had none. */
const KEPT_ROLL_VERSION = 2;
const IN_FORCE = "roll";
const placeName = (place: number) => `roll/${place}`;
/** The roll in force and the one being gathered. */
const MAX_PLACES = 2 * MAX_ROLL_CHUNKS;

const KeptHashes = v.pipe(v.array(bytesOf(HASH_BYTES)), v.maxLength(MAX_ROLL_CHUNKS));
const KeptRoll = v.union([
  v.strictTuple([v.literal(KEPT_ROLL_VERSION), LfBits, KeptHashes]),
  v.pipe(
    v.strictTuple([v.literal(KEPT_VERSION), KeptHashes]),
    v.transform(([, hashes]) => [KEPT_VERSION, null, hashes] as const),
  ),
]);
const KeptChunk = v.strictTuple([
  v.literal(KEPT_VERSION),
  bytesOf(HASH_BYTES),
  v.pipe(
    bytesUpTo(MAX_CHUNK_TAGS * CHUNK_ROW_BYTES),
    v.check((rows) => rows.length % CHUNK_ROW_BYTES === 0),
  ),
]);

export interface KeptRollSurroundings {
  kept: ReadonlyMap<string, Uint8Array>;
  /** Written in the order of the calls. */
  keep: (name: string, bytes: Uint8Array) => void;
}

export interface RollShelf {
  /** The hashes of the chunks of the roll in force, hexadecimal; none: there is no roll; null: the server never said. */
  readonly inForce: readonly string[] | null;
  /** What the roll in force was made under; null when a version kept it that did not note it. */
  readonly lfBits: LfBits | null;
  /** Rows by the hash of their chunk; the caller's from now on. */
  readonly found: Map<string, Uint8Array>;
  putChunk(hash: string, bytes: Uint8Array, rows: Uint8Array): void;
  /** From now on this roll is in force; chunks are to be put before. */
  putRoll(chunks: readonly Uint8Array[], lfBits: LfBits): void;
  /** Chunks that are not among these are needed no more. */
  only(needed: ReadonlySet<string>): void;
}

export function openRollShelf({ kept, keep }: KeptRollSurroundings): RollShelf {
  const places = new Map<string, number>();
  const found = new Map<string, Uint8Array>();
  for (let place = 0; place < MAX_PLACES; place++) {
    const bytes = kept.get(placeName(place));
    const parsed = v.safeParse(KeptChunk, bytes && decodeCbor(bytes));
    if (!parsed.success) continue;
    const [, hash, rows] = parsed.output;
    places.set(toHex(hash), place);
    found.set(toHex(hash), rows);
  }
  const list = kept.get(IN_FORCE);
  const parsed = v.safeParse(KeptRoll, list && decodeCbor(list));
  const freePlace = () => {
    const taken = new Set(places.values());
    for (let place = 0; place < MAX_PLACES; place++) if (!taken.has(place)) return place;
    throw new Error("more chunks are kept than two rolls have");
  };
  return {
    inForce: parsed.success ? parsed.output[2].map(toHex) : null,
    lfBits: parsed.success ? parsed.output[1] : null,
    found,
    putChunk(hash, bytes, rows) {
      const place = places.get(hash) ?? freePlace();
      places.set(hash, place);
      keep(placeName(place), encodeCbor([KEPT_VERSION, bytes, rows]));
    },
    putRoll: (chunks, lfBits) => keep(IN_FORCE, encodeCbor([KEPT_ROLL_VERSION, lfBits, [...chunks]])),
    only(needed) {
      for (const [hash, place] of places) {
        if (needed.has(hash)) continue;
        places.delete(hash);
        // A tag key that is on no roll any more has no business on this disk.
        keep(placeName(place), new Uint8Array());
      }
    },
  };
}
