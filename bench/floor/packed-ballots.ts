/**
 * Ballots out of a stored batch, straight-line and believing every byte: `[log, first, hash, [poll …], [record …],
 * signature]` in CBOR (docs/link-protocol.md), of whose records those of six fields are ballots.
 */

export interface PackedBallot {
  poll: Uint8Array;
  tag: Uint8Array;
  ms: number;
  log: Uint8Array;
  number: number;
  option: number;
}

const BALLOT_FIELDS = 6;

/** @param from where the batch begins in the body */
export function cutBatch(body: Uint8Array, from: number, take: (ballot: PackedBallot) => void): void {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = from;
  /** A number, or how many items or bytes follow (RFC 8949, section 3). */
  const count = (): number => {
    const low = view.getUint8(at++) & 31;
    if (low < 24) return low;
    const size = 1 << (low - 24);
    const start = at;
    at += size;
    if (size === 1) return view.getUint8(start);
    if (size === 2) return view.getUint16(start);
    return size === 4 ? view.getUint32(start) : Number(view.getBigUint64(start));
  };
  const bytes = (): Uint8Array => {
    const length = count();
    at += length;
    return body.subarray(at - length, at);
  };

  count();
  const log = bytes();
  const first = count();
  bytes();
  const polls = Array.from({ length: count() }, bytes);
  const records = count();
  for (let number = first; number < first + records; number++) {
    const fields = count();
    count();
    if (fields !== BALLOT_FIELDS) {
      for (let field = 1; field < fields; field++) count();
      continue;
    }
    const [place, option, tag, ms] = [count(), count(), bytes(), count()];
    count();
    const poll = polls[place];
    if (poll !== undefined) take({ poll, tag, ms, log, number, option });
  }
}
