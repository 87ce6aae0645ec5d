/**
 * What a decoder makes of a reader's bytes.
 *
 * A decoder is pure: bytes in, frames out; no clock, no port. Serial bytes arrive split and joined at random, so it
 * keeps the piece of a frame it has, never more than its own named limit, and finds the next frame by itself after
 * noise. It never throws, whatever the bytes.
 */

/** Why a frame that had begun cannot be trusted. Stable words: they are counted and may be shown. */
export type BadFrameWhy =
  /** The check digits do not belong to the number. */
  | "checksum"
  /** It ended, or the next one began, before it was whole. */
  | "cutShort"
  /** It went on where it had to end. */
  | "overlong"
  /** A byte that no such frame may hold. */
  | "foreignByte"
  /** Bytes of the UID run together, so a lost leading zero could not be noticed. */
  | "unseparated";

export type Frame = { kind: "uid"; uid: Uint8Array } | { kind: "bad"; why: BadFrameWhy };

export interface Decoder {
  /** The frames that these bytes complete, in their order; bytes after them are kept for the next call. */
  push(bytes: Uint8Array): Frame[];
  /**
   * The line fell silent: what do the bytes that are held hold, if nothing belongs to them any more? Only where a frame
   * says its length: a damaged one may wait for bytes that never come, with a good one among those it has.
   */
  flush?(): Frame[];
  /** How many bytes of an unfinished frame are held: never above the limit that the decoder's file names. */
  readonly heldBytes: number;
}
