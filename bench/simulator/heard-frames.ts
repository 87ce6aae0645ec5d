/**
 * What the server tells all stations alike is read once: a thousand stations in one process get the same bytes within
 * the same moment.
 */
import { FRAME, decodeFrame, type Frame } from "../../shared/link/frames.ts";

/** Tallies, deltas and polls on their way at one moment: a tally every 50 ms, and some that hang behind. */
const KEPT = 12;
/** The types of such frames, at the byte where CBOR has them. */
const TOLD_TO_ALL: readonly (number | undefined)[] = [FRAME.poll, FRAME.tally, FRAME.delta];

/** Reads frames; throws when the bytes are none. */
export function createFrameMemory(): (payload: Buffer) => Frame {
  const kept: { bytes: Buffer; frame: Frame }[] = [];
  return (payload) => {
    const toAll = TOLD_TO_ALL.includes(payload[1]);
    const known = toAll ? kept.find(({ bytes }) => bytes.equals(payload)) : undefined;
    if (known !== undefined) return known.frame;
    // A copy: what is kept must not be the socket's buffer.
    const bytes = Buffer.from(payload);
    const read = decodeFrame(bytes);
    if (!read.ok) throw new Error(`the server sent no frame (${read.why}): ${payload.toString("hex")}`);
    if (toAll && kept.unshift({ bytes, frame: read.frame }) > KEPT) kept.pop();
    return read.frame;
  };
}
