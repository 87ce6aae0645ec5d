/** Trees as CBOR, also spelled as no strict reader may take it (RFC 8949 §4.2). For tests only. */
import { encode } from "cborg";
import { concatBytes } from "../bytes.ts";
import { decodeCbor } from "../cbor.ts";
import type { Random } from "../domain/model/random.testing.ts";
import { mutateBytes } from "./mutate-bytes.testing.ts";
import { isFields, mutateTree, type Tree } from "./mutate-tree.testing.ts";

/** Items of an input in which one is spelled in another way. */
const ODD_ONE_IN = 200;
/** The additional information that stands for a head of one, two, four or eight bytes more. */
const LONG_HEADS = [24, 25, 26, 27] as const;

/** Not by our own writer, which knows neither floats nor maps, and is what is tried here. */
function encodeAny(tree: Tree): Uint8Array {
  return Uint8Array.from(encode(tree));
}

/** A whole number's head, the shortest. */
function head(major: number, value: number): Uint8Array {
  const encoded = encodeAny(value);
  return encoded.with(0, (encoded[0] ?? 0) | (major << 5));
}

/** The same with more bytes than it needs. */
function longHead(random: Random, major: number, value: number): Uint8Array {
  const info = random.pick(LONG_HEADS) ?? 27;
  const bytes = new Uint8Array(1 + 2 ** (info - 24));
  bytes[0] = (major << 5) | info;
  for (let at = bytes.length - 1, left = value; at > 0; at--, left = Math.floor(left / 256)) bytes[at] = left % 256;
  return bytes;
}

/** A tree's bytes; now and then an item is spelled oddly. */
function spellCbor(random: Random, tree: Tree): Uint8Array {
  const odd = random.oneIn(ODD_ONE_IN);
  if (Array.isArray(tree)) return spellList(random, tree, odd);
  if (isFields(tree)) {
    const fields = Object.entries(tree);
    return concatBytes(
      head(5, fields.length),
      ...fields.flatMap(([key, value]) => [encodeAny(key), spellCbor(random, value)]),
    );
  }
  if (odd && typeof tree === "number" && tree >= 0 && Number.isSafeInteger(tree)) return longHead(random, 0, tree);
  if (odd && tree instanceof Uint8Array) return concatBytes(longHead(random, 2, tree.length), tree);
  if (odd) return random.oneIn(2) ? Uint8Array.of(0xf7) : concatBytes(Uint8Array.of(0xc1), encodeAny(tree));
  return encodeAny(tree);
}

function spellList(random: Random, list: readonly Tree[], odd: boolean): Uint8Array {
  const items = list.map((item) => spellCbor(random, item));
  if (!odd) return concatBytes(head(4, list.length), ...items);
  if (random.oneIn(2)) return concatBytes(Uint8Array.of(0x9f), ...items, Uint8Array.of(0xff));
  return concatBytes(longHead(random, 4, list.length), ...items);
}

export interface CborSample {
  bytes: Uint8Array;
  tree: Tree;
}

/** Samples as bytes and as what they say. Throws for one that says nothing. */
export function cborSamples(all: readonly Uint8Array[]): CborSample[] {
  return all.map((bytes) => {
    const tree = decodeCbor(bytes);
    if (tree === undefined) throw new Error("a sample is no CBOR");
    return { bytes, tree };
  });
}

/** Bytes near the samples: damaged as a value, as bytes, or both. */
export function mutateCbor(random: Random, samples: readonly CborSample[]): Uint8Array {
  const chosen = random.pick(samples);
  if (chosen === undefined || random.oneIn(3))
    return mutateBytes(
      random,
      samples.map(({ bytes }) => bytes),
    );
  const others = samples.map(({ tree }) => tree);
  let { tree } = chosen;
  for (let left = 1 + random.below(2); left > 0; left--) tree = changeInside(random, tree, others);
  const spelled = spellCbor(random, tree);
  return random.oneIn(20) ? mutateBytes(random, [spelled]) : spelled;
}

/** Byte strings that hold CBOR themselves (headers, batches, definitions) are changed inside as often as outside. */
function changeInside(random: Random, tree: Tree, others: readonly Tree[]): Tree {
  if (Array.isArray(tree) && random.oneIn(2)) {
    const places = tree.flatMap((item, at) => (item instanceof Uint8Array && item.length > 40 ? [at] : []));
    const at = random.pick(places);
    const held = at === undefined ? undefined : tree[at];
    const inner = held instanceof Uint8Array ? decodeCbor(held) : undefined;
    if (at !== undefined && Array.isArray(inner))
      return tree.with(at, spellCbor(random, mutateTree(random, inner, others)));
  }
  return mutateTree(random, tree, others);
}
