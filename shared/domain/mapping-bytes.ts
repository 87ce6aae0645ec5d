/**
 * A mapping as bytes: on the link, and as the words behind an act of the ledger, which names them by their hash. Equal
 * lists have equal bytes.
 */
import * as v from "valibot";
import { bytesOfHex, sameBytes, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, bytesOf, whole } from "../schemas.ts";
import { MAX_READERS, ReaderId, ReaderName, type MappedReader, type Target } from "./mapping.ts";
import { MAX_OPTIONS } from "./poll.ts";

/** What is not seen, turns the writing around, or is half a character: no id that a person must tell from another has it. */
const SEEN = /^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u;

/** A reader's id as it may be told to others. */
export const ToldReaderId = v.pipe(ReaderId, v.regex(SEEN, "must have nothing in it that is not seen"));

/** A reader's name as it may be told: just as it was cleaned when somebody gave it. */
export const ToldReaderName = v.pipe(
  v.string(),
  v.check((text) => {
    const name = v.safeParse(ReaderName, text);
    return name.success && name.output === text && text.isWellFormed();
  }, "must be one line without control characters, nor spaces around it"),
);

const TARGET = { slot: 1, option: 2, choose: 3 } as const satisfies Record<Target["kind"], number>;
const Position = whole(1, MAX_OPTIONS);

/** `[1, slot]`, `[2, poll, option]`, `[3]`; null for none. */
export const PackedTarget = v.nullable(
  v.union([
    v.strictTuple([v.literal(TARGET.slot), Position]),
    v.strictTuple([v.literal(TARGET.option), bytesOf(ID_BYTES), Position]),
    v.strictTuple([v.literal(TARGET.choose)]),
  ]),
);
type PackedTarget = v.InferOutput<typeof PackedTarget>;

export function packTarget(target: Target | null): PackedTarget {
  switch (target?.kind) {
    case undefined:
      return null;
    case "slot":
      return [TARGET.slot, target.slot];
    case "option":
      return [TARGET.option, bytesOfHex(target.poll), target.option];
    case "choose":
      return [TARGET.choose];
  }
}

export function readTarget(packed: PackedTarget): Target | null {
  if (packed === null) return null;
  if (packed[0] === TARGET.slot) return { kind: "slot", slot: packed[1] };
  if (packed[0] === TARGET.choose) return { kind: "choose" };
  return { kind: "option", poll: toHex(packed[1]), option: packed[2] };
}

const PackedReader = v.strictTuple([ToldReaderId, ToldReaderName, PackedTarget]);
/** `[[id, name, target] …]`, each reader once. */
export const PackedReaders = v.pipe(
  v.array(PackedReader),
  v.maxLength(MAX_READERS),
  v.check((readers) => new Set(readers.map(([id]) => id)).size === readers.length, "must name each reader once"),
);
export type PackedReaders = v.InferOutput<typeof PackedReaders>;

export function packReaders(readers: readonly MappedReader[]): PackedReaders {
  return readers.map(({ id, name, target }) => [id, name, packTarget(target)]);
}

export function readReaders(packed: PackedReaders): MappedReader[] {
  return packed.map(([id, name, target]) => ({ id, name, target: readTarget(target) }));
}

const LIST_VERSION = 1;
const ListBytes = v.strictTuple([v.literal(LIST_VERSION), PackedReaders]);

/** Canonical bytes `[1, [[id, name, target] …]]`. */
export function encodeReaderList(readers: readonly MappedReader[]): Uint8Array {
  const packed: Cbor = packReaders(readers);
  return encodeCbor([LIST_VERSION, packed]);
}

/** The list behind canonical bytes; `undefined` when they are not one. */
export function decodeReaderList(bytes: Uint8Array): MappedReader[] | undefined {
  const parsed = v.safeParse(ListBytes, decodeCbor(bytes));
  if (!parsed.success) return undefined;
  const readers = readReaders(parsed.output[1]);
  return sameBytes(encodeReaderList(readers), bytes) ? readers : undefined;
}
