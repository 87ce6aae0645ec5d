/**
 * SonMicro SM130 (13.56 MHz): `FF 00 len cmd data sum` in both directions, 19200 8N1 as delivered.
 *
 * `len` counts cmd and data; `sum` is the low byte of the sum of len, cmd and data. Sources: READERS.md, "SonMicro SM130"
 * (avdm.nl for the vectors); the datasheet of its sister SM132, chapter 4.
 */
import { createPacketScanner, type PacketScanner, type Parse } from "../packets.ts";

export const COMMAND = {
  firmware: 0x81,
  /** Wait for a tag and tell it; answered at once by 4C, later by the tag. */
  seek: 0x82,
  /** Tell the tag that is there now. */
  select: 0x83,
  antenna: 0x90,
  /** The two output ports: one bit each. */
  writePort: 0x92,
} as const;

export interface Sm130Frame {
  readonly command: number;
  readonly payload: Uint8Array;
}

/** What a reply to seek or select says. */
export type Sm130Answer =
  | { kind: "tag"; uid: Uint8Array }
  /** A seek is under way, and the tag will be told when it comes. */
  | { kind: "seeking" }
  | { kind: "noTag" }
  /** The antenna is switched off. */
  | { kind: "rfOff" }
  | { kind: "unknown" };

const HEADER = 0xff;
/** Before cmd: FF 00 len. After data: the sum. */
const HEAD_BYTES = 3;
const SUM_BYTES = 1;
/**
 * How long cmd and data of its replies are together. The sum is one byte: a length that no such reply has is noticed at
 * once, instead of swallowing what follows and having it confirmed by chance.
 */
const MAX_LENGTH = 20;
const LENGTHS: ReadonlyMap<number, (length: number) => boolean> = new Map([
  // A name of some characters, such as "I2C 2.8".
  [COMMAND.firmware, (length) => length >= 2 && length <= MAX_LENGTH],
  // A status, or a type and a UID of 4, 7 or 10 bytes.
  [COMMAND.seek, isAnswerLength],
  [COMMAND.select, isAnswerLength],
  [COMMAND.antenna, (length) => length === 2],
  [COMMAND.writePort, (length) => length === 2],
]);
/** The most that the decoder ever holds. */
export const SM130_MAX_HELD_BYTES = HEAD_BYTES + MAX_LENGTH + SUM_BYTES;

const SEEKING = 0x4c;
const NO_TAG = 0x4e;
const RF_OFF = 0x55;
/** What tags have behind their type; 7 bytes are a whole Ultralight's, not 4 of them (fizzjik cut them). */
const UID_SIZES: ReadonlySet<number> = new Set([4, 7, 10]);
/** 1 Ultralight, 2 Mifare 1K, 3 Mifare 4K; FF: a tag of none of these. */
const TAG_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 0xff]);

export function createSm130Scanner(): PacketScanner<Sm130Frame> {
  return createPacketScanner(parseFrame, SM130_MAX_HELD_BYTES);
}

/** A frame as it goes over the line. */
export function sm130Frame(command: number, ...payload: readonly number[]): Uint8Array {
  const body = [payload.length + 1, command, ...payload];
  return Uint8Array.of(HEADER, 0, ...body, sumOf(body));
}

/** What the reply to a seek or select says; of 2 bytes it is a status, else a type and a UID. */
export function sm130Answer({ payload }: Sm130Frame): Sm130Answer {
  const [first] = payload;
  if (payload.length === 1) {
    if (first === SEEKING) return { kind: "seeking" };
    if (first === NO_TAG) return { kind: "noTag" };
    return first === RF_OFF ? { kind: "rfOff" } : { kind: "unknown" };
  }
  const uid = payload.slice(1);
  const isTag = first !== undefined && TAG_TYPES.has(first) && UID_SIZES.has(uid.length);
  return isTag ? { kind: "tag", uid } : { kind: "unknown" };
}

function parseFrame(bytes: Uint8Array): Parse<Sm130Frame> {
  const [header, zero, length, command] = bytes;
  if (header !== HEADER) return { kind: "none" };
  if (zero === undefined) return { kind: "more" };
  if (zero !== 0) return { kind: "none" };
  if (length === undefined) return { kind: "more" };
  if (length === 0 || length > MAX_LENGTH) return { kind: "bad", why: length === 0 ? "cutShort" : "overlong" };
  if (command === undefined) return { kind: "more" };
  if (LENGTHS.get(command)?.(length) !== true) return { kind: "bad", why: "foreignByte" };
  const whole = HEAD_BYTES + length + SUM_BYTES;
  if (bytes.length < whole) return { kind: "more" };
  const sum = sumOf(bytes.subarray(HEAD_BYTES - 1, whole - SUM_BYTES));
  if (sum !== bytes[whole - SUM_BYTES]) return { kind: "bad", why: "checksum" };
  const payload = bytes.slice(HEAD_BYTES + 1, whole - SUM_BYTES);
  return { kind: "packet", packet: { command, payload }, length: whole };
}

function isAnswerLength(length: number): boolean {
  return length === 2 || UID_SIZES.has(length - 2);
}

function sumOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}
