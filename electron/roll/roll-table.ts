/** A complete roll in memory: tag keys and groups in one sorted byte string, found by halving. */
import type { Entitled } from "../../shared/domain/roll.ts";
import { MAX_CHUNK_TAGS, MAX_ROLL_CHUNKS } from "../../shared/domain/roll.ts";
import { TAG_KEY_BYTES } from "../../shared/domain/record.ts";

/** One tag of a chunk as a station needs it: the tag key, and a byte for the group. Voter and weight are the fold's. */
export const CHUNK_ROW_BYTES = TAG_KEY_BYTES + 1;
/** And in the table: also which chunk of the roll it came from, for the next roll to take over what stays the same. */
const ROW_BYTES = CHUNK_ROW_BYTES + 1;
const MAX_ROWS = MAX_CHUNK_TAGS * MAX_ROLL_CHUNKS;
/** The first 4 bytes of a key and the row's place fit one exact number, so that numbers are sorted and not byte strings. */
const PLACES = 2 ** 18;

export interface RollTable {
  /** Tags there are, one that is there twice counted twice. */
  readonly size: number;
  /** Of memory that it holds. */
  readonly bytes: number;
  /** The group of a tag; undefined when it is not on the roll. Of a tag that is there twice the later chunk stands. */
  groupOf(tagKey: Uint8Array): number | undefined;
  /** The rows that each chunk brought, as they were given. */
  split(): Uint8Array[];
}

/** The rows of a decoded chunk, `CHUNK_ROW_BYTES` each, ascending as the chunk is. */
export function chunkRows(tags: readonly Entitled[]): Uint8Array {
  const rows = new Uint8Array(tags.length * CHUNK_ROW_BYTES);
  for (const [at, { tagKey, group }] of tags.entries()) {
    rows.set(tagKey, at * CHUNK_ROW_BYTES);
    rows[at * CHUNK_ROW_BYTES + TAG_KEY_BYTES] = group;
  }
  return rows;
}

/** The table of these chunks' rows, in the roll's order. */
export function createRollTable(chunks: readonly Uint8Array[]): RollTable {
  // Lengths only: the chunks themselves are not to be held on to.
  const lengths = chunks.map((rows) => rows.length);
  const size = lengths.reduce((sum, length) => sum + length, 0) / CHUNK_ROW_BYTES;
  if (size > MAX_ROWS) throw new Error(`a roll of ${size} tags is longer than any roll may be`);
  const unsorted = new Uint8Array(size * ROW_BYTES);
  const order = new Float64Array(size);
  const view = new DataView(unsorted.buffer);
  let row = 0;
  for (const [chunk, rows] of chunks.entries()) {
    for (let from = 0; from < rows.length; from += CHUNK_ROW_BYTES, row++) {
      const at = row * ROW_BYTES;
      unsorted.set(rows.subarray(from, from + CHUNK_ROW_BYTES), at);
      unsorted[at + CHUNK_ROW_BYTES] = chunk;
      order[row] = view.getUint32(at) * PLACES + row;
    }
  }
  const table = sortRows(unsorted, order.toSorted());
  return {
    size,
    bytes: table.byteLength,
    groupOf(tagKey) {
      const after = upperBound(table, size, tagKey);
      const at = (after - 1) * ROW_BYTES;
      return after > 0 && compareKeys(table, at, tagKey, 0) === 0 ? table[at + TAG_KEY_BYTES] : undefined;
    },
    split() {
      const parts = lengths.map((length) => ({ rows: new Uint8Array(length), filled: 0 }));
      for (let at = 0; at < table.length; at += ROW_BYTES) {
        const part = parts[table[at + CHUNK_ROW_BYTES] ?? 0];
        part?.rows.set(table.subarray(at, at + CHUNK_ROW_BYTES), part.filled);
        if (part !== undefined) part.filled += CHUNK_ROW_BYTES;
      }
      return parts.map(({ rows }) => rows);
    },
  };
}

/** Rows in the order of their keys' first 4 bytes, and where those are equal, of the whole keys and then of the chunks. */
function sortRows(unsorted: Uint8Array, order: Float64Array): Uint8Array {
  const places = Uint32Array.from(order, (number) => number % PLACES);
  const prefixOf = (at: number) => Math.floor((order[at] ?? 0) / PLACES);
  for (let from = 0; from < places.length;) {
    let to = from + 1;
    while (to < places.length && prefixOf(to) === prefixOf(from)) to += 1;
    // Keys are as good as random: two of 200,000 share 4 bytes now and then, a tag that is there twice shares all.
    if (to - from > 1) {
      places.subarray(from, to).sort((a, b) => compareKeys(unsorted, a * ROW_BYTES, unsorted, b * ROW_BYTES) || a - b);
    }
    from = to;
  }
  const table = new Uint8Array(unsorted.length);
  for (const [at, place] of places.entries())
    table.set(unsorted.subarray(place * ROW_BYTES, (place + 1) * ROW_BYTES), at * ROW_BYTES);
  return table;
}

/** How many rows have a key that is not above this one. */
function upperBound(table: Uint8Array, size: number, tagKey: Uint8Array): number {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(table, middle * ROW_BYTES, tagKey, 0) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareKeys(a: Uint8Array, fromA: number, b: Uint8Array, fromB: number): number {
  for (let at = 0; at < TAG_KEY_BYTES; at++) {
    const difference = (a[fromA + at] ?? 0) - (b[fromB + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
