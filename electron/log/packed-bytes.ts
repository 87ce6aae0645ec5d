/** Byte strings one after another, for the way between threads: each one by itself costs as much there as all together. */
import { concatBytes } from "../../shared/bytes.ts";

export interface PackedBytes {
  bytes: Uint8Array;
  /** Where each of them ends. */
  ends: number[];
}

export function packBytes(parts: readonly Uint8Array[]): PackedBytes {
  let end = 0;
  return { bytes: concatBytes(...parts), ends: parts.map(({ length }) => (end += length)) };
}

/** The byte strings again; each has the bytes in common with the pack. */
export function unpackBytes({ bytes, ends }: PackedBytes): Uint8Array[] {
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}
