/**
 * The way out of CBOR, by hand: every record, batch and frame goes through it, at both ends, and cborg, which makes an
 * object of each value first, takes ten times as long. Text and numbers that no hot frame has are left to cborg.
 */
import { encode } from "cborg";
import type { Cbor } from "./cbor.ts";

/** Major types (RFC 8949 §3.1) in the upper three bits of a head. */
const MAJOR = { whole: 0x00, bytes: 0x40, list: 0x80 } as const;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** A head is one byte and at most eight more. */
const MAX_HEAD_BYTES = 9;
/** A full batch is 4 KiB. Larger values make it grow, for good: a frame has at most 64 KiB. */
const FIRST_ROOM = 8_192;

let room = new Uint8Array(FIRST_ROOM);
let at = 0;

/** Deterministic bytes of a value (RFC 8949 §4.2.1), in a buffer of their own. */
export function writeCbor(value: Cbor): Uint8Array {
  at = 0;
  put(value);
  return room.slice(0, at);
}

function put(value: Cbor): void {
  // -0 is none of them: it is a float.
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0))
    return putHead(MAJOR.whole, value);
  if (value instanceof Uint8Array) {
    putHead(MAJOR.bytes, value.length);
    return putBytes(value);
  }
  if (Array.isArray(value)) {
    putHead(MAJOR.list, value.length);
    for (const item of value) put(item);
    return undefined;
  }
  if (value === null) return putByte(NULL);
  if (typeof value === "boolean") return putByte(value ? TRUE : FALSE);
  return putBytes(encode(value));
}

/** The shortest head there is for the number. */
function putHead(major: number, value: number): void {
  makeRoom(MAX_HEAD_BYTES);
  if (value < 24) room[at++] = major | value;
  else if (value <= 0xff) {
    room[at++] = major | 24;
    room[at++] = value;
  } else if (value <= 0xffff) {
    room[at++] = major | 25;
    putBigEndian(value, 2);
  } else if (value <= 0xffff_ffff) {
    room[at++] = major | 26;
    putBigEndian(value, 4);
  } else {
    room[at++] = major | 27;
    putBigEndian(value, 8);
  }
}

/** By division: a shift would cut the number to 32 bits. */
function putBigEndian(value: number, bytes: number): void {
  let rest = value;
  for (let place = at + bytes - 1; place >= at; place--) {
    room[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  at += bytes;
}

function putByte(byte: number): void {
  makeRoom(1);
  room[at++] = byte;
}

function putBytes(bytes: Uint8Array): void {
  makeRoom(bytes.length);
  room.set(bytes, at);
  at += bytes.length;
}

function makeRoom(bytes: number): void {
  if (at + bytes <= room.length) return;
  const wider = new Uint8Array(Math.max(room.length * 2, at + bytes));
  wider.set(room.subarray(0, at));
  room = wider;
}
