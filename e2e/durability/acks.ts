/** The acks among what a server sent over a socket that became a WebSocket. */
import { toHex } from "../../shared/bytes.ts";
import { FRAME, decodeFrame } from "../../shared/link/frames.ts";
import type { Outflow } from "./outflow.ts";

export interface SentAck {
  log: string;
  upTo: number;
  /** Place in the trace where its first byte left. */
  leftAt: number;
}

const UPGRADED = "HTTP/1.1 101 ";
const HEAD_END = "\r\n\r\n";
/** RFC 6455 §5.2: final, binary. Ours are not masked and shorter than 64 KiB. */
const BINARY = 0x82;
const LENGTH_IN_TWO_BYTES = 126;

/** In the order they left; none for a socket that spoke HTTP only. */
export function acksIn({ bytes, leftAt }: Outflow): SentAck[] {
  const acks: SentAck[] = [];
  if (!bytes.toString("latin1", 0, UPGRADED.length).startsWith(UPGRADED)) return acks;
  let at = bytes.indexOf(HEAD_END) + HEAD_END.length;
  while (at + 1 < bytes.length) {
    const short = bytes.readUInt8(at + 1);
    const long = short === LENGTH_IN_TWO_BYTES;
    const from = at + (long ? 4 : 2);
    const end = from + (long ? bytes.readUInt16BE(at + 2) : short);
    const read = bytes[at] === BINARY ? decodeFrame(bytes.subarray(from, end)) : undefined;
    if (read?.ok && read.frame[0] === FRAME.ack) {
      const [, log, upTo] = read.frame;
      acks.push({ log: toHex(log), upTo, leftAt: leftAt(at) });
    }
    at = end;
  }
  return acks;
}
