/**
 * NXP PN532 (13.56 MHz) over its high speed UART, 115200 8N1.
 *
 *   00 00 FF | len | lcs | D4 to it, D5 from it | command | data | dcs | 00
 *
 * len counts from D4/D5 to the end of the data, len + lcs and the sum of what len counts + dcs have a zero low byte. A
 * frame beyond 255 bytes has FF FF and a length of two bytes there. Source: PN532 User Manual (141520), 6.2.1; vectors in
 * READERS.md.
 */
import { createPacketScanner, type PacketScanner, type Parse } from "../packets.ts";

export const COMMAND = { firmware: 0x02, sam: 0x14, rfConfiguration: 0x32, listTargets: 0x4a } as const;

export type Pn532Frame =
  | { kind: "ack" }
  | { kind: "nack" }
  /** It understood the frame, and not the command (application level error). */
  | { kind: "error" }
  /** `command` is the one it answers. */
  | { kind: "reply"; command: number; payload: Uint8Array };

/** Behind the two bytes with which a frame begins for us (00 FF): the other 00 before them is noise as good as any. */
const START_BYTES = 2;
const TO_DEVICE = 0xd4;
const FROM_DEVICE = 0xd5;
const ERROR_BODY = 0x7f;
/** Longest: a target with the longest ATS (254 bytes) behind its number, and a second one. */
const MAX_BODY_BYTES = 520;
const EXTENDED_HEAD_BYTES = START_BYTES + 5;
const HEAD_BYTES = START_BYTES + 2;
const SUM_BYTES = 1;
const CLOSING_BYTES = 1;
/** The most that the decoder ever holds. */
export const PN532_MAX_HELD_BYTES = EXTENDED_HEAD_BYTES + MAX_BODY_BYTES + SUM_BYTES + CLOSING_BYTES;
const UID_SIZES: ReadonlySet<number> = new Set([4, 7, 10]);

/** Aborts what it is doing (User Manual 6.2.1.3); also how it is told that a reply arrived. */
export const ACK = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);
/** Two bytes wake its UART, and zeros, with the two that begin the first frame 14, give it the time to run (7.2.11). */
export const WAKE = Uint8Array.of(0x55, 0x55, ...new Uint8Array(12));

export function createPn532Scanner(): PacketScanner<Pn532Frame> {
  return createPacketScanner(parseFrame, PN532_MAX_HELD_BYTES);
}

/** A command as it goes over the line; of at most 253 bytes of payload. */
export function pn532Command(command: number, ...payload: readonly number[]): Uint8Array {
  return pn532Frame(TO_DEVICE, command, ...payload);
}

/** A reply as the device sends it. */
export function pn532Reply(command: number, ...payload: readonly number[]): Uint8Array {
  return pn532Frame(FROM_DEVICE, command + 1, ...payload);
}

function pn532Frame(...body: readonly number[]): Uint8Array {
  const extended = body.length > 0xff;
  const lengths = extended ? [body.length >> 8, body.length & 0xff] : [body.length];
  const head = extended ? [0xff, 0xff, ...lengths, -sumOf(lengths) & 0xff] : [...lengths, -sumOf(lengths) & 0xff];
  return Uint8Array.of(0, 0, 0xff, ...head, ...body, -sumOf(body) & 0xff, 0);
}

/**
 * The UIDs in a reply to InListPassiveTarget at 106 kbit/s type A (User Manual 7.3.5): count, then of each target its
 * number, SENS_RES (2), SEL_RES, length of the UID, UID, and of a tag that speaks ISO 14443-4 an ATS, its length first.
 * `undefined` when it does not fit together.
 */
export function listedUids(payload: Uint8Array): Uint8Array[] | undefined {
  const [count] = payload;
  if (count === undefined || count > 2) return undefined;
  const uids: Uint8Array[] = [];
  let at = 1;
  for (let target = 0; target < count; target++) {
    const [selRes = 0, uidLength = 0] = payload.subarray(at + 3, at + 5);
    const uid = payload.slice(at + 5, at + 5 + uidLength);
    if (!UID_SIZES.has(uidLength) || uid.length !== uidLength) return undefined;
    uids.push(uid);
    at += 5 + uidLength;
    // Bit 5: ISO 14443-4, so that the ATS follows, whose length byte counts itself.
    if ((selRes & 0x20) !== 0) at += payload[at] ?? 0;
  }
  return uids;
}

function parseFrame(bytes: Uint8Array): Parse<Pn532Frame> {
  const [zero, start, length, lcs] = bytes;
  if (zero !== 0) return { kind: "none" };
  if (start === undefined) return { kind: "more" };
  if (start !== 0xff) return { kind: "none" };
  if (length === undefined || lcs === undefined) return { kind: "more" };
  if (length === 0 && lcs === 0xff) return { kind: "packet", packet: { kind: "ack" }, length: HEAD_BYTES };
  if (length === 0xff && lcs === 0) return { kind: "packet", packet: { kind: "nack" }, length: HEAD_BYTES };
  if (length === 0xff && lcs === 0xff) {
    const [high, low, check] = bytes.subarray(HEAD_BYTES, EXTENDED_HEAD_BYTES);
    if (high === undefined || low === undefined || check === undefined) return { kind: "more" };
    if (sumOf([high, low, check]) !== 0) return { kind: "bad", why: "checksum" };
    return parseBody(bytes, EXTENDED_HEAD_BYTES, (high << 8) | low);
  }
  return sumOf([length, lcs]) === 0 ? parseBody(bytes, HEAD_BYTES, length) : { kind: "bad", why: "checksum" };
}

function parseBody(bytes: Uint8Array, from: number, length: number): Parse<Pn532Frame> {
  if (length === 0 || length > MAX_BODY_BYTES) return { kind: "bad", why: length === 0 ? "cutShort" : "overlong" };
  const whole = from + length + SUM_BYTES;
  if (bytes.length < whole) return { kind: "more" };
  if (sumOf(bytes.subarray(from, whole)) !== 0) return { kind: "bad", why: "checksum" };
  // When a zero of the data is lost on the way, dcs and closing 00 move up and the sum still fits: what is missing is the 00.
  const [closing] = bytes.subarray(whole, whole + CLOSING_BYTES);
  if (closing === undefined) return { kind: "more" };
  if (closing !== 0) return { kind: "bad", why: "cutShort" };
  const [direction, command, ...payload] = bytes.subarray(from, whole - SUM_BYTES);
  const end = whole + CLOSING_BYTES;
  if (direction === ERROR_BODY && length === 1) return { kind: "packet", packet: { kind: "error" }, length: end };
  // Our own command, come back by a wire that joins both directions, is no answer.
  if (direction !== FROM_DEVICE || command === undefined) return { kind: "bad", why: "foreignByte" };
  const packet = { kind: "reply", command: command - 1, payload: Uint8Array.from(payload) } as const;
  return { kind: "packet", packet, length: end };
}

function sumOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}
