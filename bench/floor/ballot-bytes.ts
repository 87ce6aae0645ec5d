/** A ballot between the floor's station and server: number, option, tag, milliseconds, one after another. */

export const SIGNATURE_BYTES = 64;
const TAG_BYTES = 16;
export const BALLOT_BYTES = 4 + 1 + TAG_BYTES + 4;

export interface FloorBallot {
  number: number;
  option: number;
  tag: Uint8Array;
  ms: number;
}

export function writeBallot({ number, option, tag, ms }: FloorBallot, into: Buffer, at: number): void {
  into.writeUInt32BE(number, at);
  into.writeUInt8(option, at + 4);
  into.set(tag, at + 5);
  into.writeUInt32BE(ms, at + 5 + TAG_BYTES);
}

export function readBallot(from: Buffer, at: number): FloorBallot {
  return {
    number: from.readUInt32BE(at),
    option: from.readUInt8(at + 4),
    tag: from.subarray(at + 5, at + 5 + TAG_BYTES),
    ms: from.readUInt32BE(at + 5 + TAG_BYTES),
  };
}
