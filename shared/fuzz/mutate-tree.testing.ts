/** Values near valid ones: fields missing, doubled, of other types, at their bounds. For tests only. */
import type { Random } from "../domain/model/random.testing.ts";

/** What CBOR and JSON have in common, and byte strings. */
export type Tree = null | boolean | number | string | Uint8Array | Tree[] | { [key: string]: Tree };

/** How far an element is repeated: past the bounds of options, batches, logs. */
const REPEATS = [2, 2, 2, 2, 51, 51, 129, 129, 1_001];
/** Deeper than anything nests; more is the byte mutations' matter. */
const NESTED = 40;

/** A copy with one node changed, most often one far from the root. `others` lend what is put in its place. */
export function mutateTree(random: Random, tree: Tree, others: readonly Tree[]): Tree {
  if (Array.isArray(tree) && tree.length > 0 && !random.oneIn(3)) {
    const at = random.below(tree.length);
    return tree.with(at, mutateTree(random, tree[at] ?? null, others));
  }
  if (isFields(tree) && !random.oneIn(3)) {
    const key = random.pick(Object.keys(tree)) ?? "";
    return { ...tree, [key]: mutateTree(random, tree[key] ?? null, others) };
  }
  return random.oneIn(3) ? replaceNode(random, tree, others) : changeNode(random, tree, others);
}

function changeNode(random: Random, tree: Tree, others: readonly Tree[]): Tree {
  if (typeof tree === "string") return changeText(random, tree);
  if (typeof tree === "number") return random.oneIn(2) ? tree + random.below(3) - 1 : pickNumber(random);
  if (tree instanceof Uint8Array) return changeBytes(random, tree);
  if (Array.isArray(tree)) return changeList(random, tree, others);
  if (isFields(tree)) return changeFields(random, tree, others);
  return tree === null ? random.below(2) : !tree;
}

function replaceNode(random: Random, tree: Tree, others: readonly Tree[]): Tree {
  switch (random.below(9)) {
    case 0:
      return null;
    case 1:
      return random.oneIn(2);
    case 2:
      return pickNumber(random);
    case 3:
      return random.pick(TEXTS) ?? "";
    case 4:
      return new Uint8Array(random.pick(LENGTHS) ?? 0).fill(random.below(256));
    case 5:
      return [];
    case 6:
      return { [random.pick(KEYS) ?? ""]: tree };
    case 7: {
      let deep = tree;
      for (let level = 0; level < NESTED; level++) deep = [deep];
      return deep;
    }
    default:
      return subtreeOf(random, random.pick(others) ?? null);
  }
}

function changeText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const trouble = random.pick(TEXTS) ?? "";
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.repeat(1 + random.below(20));
    default:
      return text.slice(0, at) + trouble + text.slice(at);
  }
}

function changeBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(Math.max(1, bytes.length));
  if (random.oneIn(2)) return bytes.length === 0 ? new Uint8Array(1) : bytes.with(at, random.below(256));
  return random.oneIn(2) ? bytes.slice(0, at) : Uint8Array.of(...bytes.subarray(0, 200), random.below(256));
}

function changeList(random: Random, list: readonly Tree[], others: readonly Tree[]): Tree {
  const at = random.below(Math.max(1, list.length));
  const item = list[at] ?? null;
  switch (random.below(6)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, item);
    case 2:
      return list.toReversed();
    case 3:
      return list.toSpliced(at, 1, ...Array.from({ length: random.pick(REPEATS) ?? 2 }, () => item));
    case 4:
      return [...list, subtreeOf(random, random.pick(others) ?? null)];
    default:
      return list.slice(0, at);
  }
}

function changeFields(random: Random, fields: { [key: string]: Tree }, others: readonly Tree[]): Tree {
  const key = random.pick(Object.keys(fields)) ?? "";
  const { [key]: value = null, ...rest } = fields;
  switch (random.below(4)) {
    case 0:
      return rest;
    case 1:
      return { ...rest, [random.pick(KEYS) ?? ""]: value };
    case 2:
      return { ...fields, [random.pick(KEYS) ?? ""]: subtreeOf(random, random.pick(others) ?? null) };
    default:
      return Object.values(fields);
  }
}

function subtreeOf(random: Random, tree: Tree): Tree {
  const below = Array.isArray(tree) ? tree : isFields(tree) ? Object.values(tree) : [];
  return below.length === 0 || random.oneIn(2) ? tree : subtreeOf(random, random.pick(below) ?? null);
}

export function isFields(tree: Tree): tree is { [key: string]: Tree } {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree) && !(tree instanceof Uint8Array);
}

function pickNumber(random: Random): number {
  return random.pick(NUMBERS) ?? 0;
}

/** Ends of the ranges that formats, databases and clocks have, and one beyond each. */
const NUMBERS = [
  -1,
  0,
  -0,
  1,
  2,
  3,
  4,
  5,
  23,
  24,
  49,
  50,
  51,
  99,
  100,
  127,
  128,
  129,
  254,
  255,
  256,
  1_000,
  1_001,
  65_535,
  65_536,
  3_600_000,
  3_600_001,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  253_402_300_799_999,
  253_402_300_800_000,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  1.5,
  0.1,
  1e308,
  -(2 ** 53),
];

/** Lengths of keys, hashes, signatures, and one beside each; and past a frame. */
const LENGTHS = [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1_024, 1_025, 65_536];

const KEYS = ["", "__proto__", "constructor", "toString", "id", "kind", "length", "question", "x".repeat(300)];

/** What other programs have stumbled over: nothing, controls, halves of characters, turned writing, numbers, paths, code. */
export const TEXTS = [
  "",
  " ",
  "\u0000",
  "\n",
  "\r\n",
  "\t",
  "\u007f",
  "\u2028",
  "\u202e",
  "\u200b",
  "\ufeff",
  "\ud800",
  "\udfff\ud800",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "e\u0301\u0301\u0301",
  "\uffff",
  "0",
  "-1",
  "1e9",
  "NaN",
  "Infinity",
  "true",
  "null",
  "undefined",
  "[object Object]",
  "../../etc/passwd",
  "%00",
  "%ff",
  "%2e%2e%2f",
  "' OR 1=1 --",
  "<script>",
  "${x}",
  "*",
  "?",
  "#",
  ":",
  "/",
  "\\",
  '"',
  "'",
  "x".repeat(121),
  "x".repeat(301),
  "\u4e00".repeat(400),
  "0".repeat(32),
  "0".repeat(64),
  "9".repeat(15),
  "9".repeat(16),
  "9".repeat(400),
];
