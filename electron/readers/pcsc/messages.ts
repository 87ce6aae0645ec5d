/**
 * What a program and pcscd say to each other over `/run/pcscd/pcscd.comm`: protocol 4.4, the structures of pcsc-lite's
 * `winscard_msg.h` and `eventhandler.h` (read in 1.9.9, 2.3.3 and 2.5.1) in the byte order of the machine, which is little
 * end first wherever we run. A request has a header (size, command); an answer has none, so what is being waited for says
 * how long it is.
 */

/** Readers that pcscd has room for up to 2.4, and that every version tells a client of 4.4. */
export const MAX_PCSCD_READERS = 16;
export const NAME_BYTES = 128;
const MAX_ATR_BYTES = 33;
/** pcscd's word for "nobody looked yet" in the place of an ATR's length. */
const ATR_NOT_KNOWN = MAX_ATR_BYTES + 1;
const READER_BYTES = 184;
const ATTRIBUTE_BYTES = 264;
/** A short answer with its status word: nothing we ask has a longer one. */
export const MAX_ANSWER_BYTES = 258;
/** The longest thing any answer makes us hold: all readers. */
export const MAX_HELD_BYTES = MAX_PCSCD_READERS * READER_BYTES;

const COMMAND = {
  establish: 0x01,
  connect: 0x04,
  disconnect: 0x06,
  transmit: 0x09,
  attribute: 0x0f,
  version: 0x11,
  wait: 0x13,
  stopWaiting: 0x14,
} as const;

const MAJOR = 4;
/** What we speak first; from 4.6 on pcscd gives its readers another way, but still this way to those who ask by 4.4. */
export const FIRST_MINOR = 4;
const LAST_MINOR = 5;
const SCOPE_SYSTEM = 2;
const LEAVE_CARD = 0;
/** T=0 or T=1, whichever the card has. */
const ANY_PROTOCOL = 3;
const STATE_PRESENT = 0x0004;
const PCI_BYTES = 8;

/** 0: success. The others as in pcsclite.h. */
export const RESULT = {
  success: 0,
  timeout: 0x8010_000a,
  sharingViolation: 0x8010_000b,
  noCard: 0x8010_000c,
  serviceStopped: 0x8010_001e,
  removedCard: 0x8010_0069,
  securityViolation: 0x8010_006a,
} as const;

/** Where the reader is plugged, as its driver knows it: 0x0020BBDD is bus BB, address DD of USB. */
export const CHANNEL_ID = 0x0002_0110;

/** A reader as pcscd lists it. */
export interface ListedReader {
  readonly name: string;
  /** Comings and goings of cards, 16 bits, then from 0 again. */
  readonly events: number;
  readonly present: boolean;
  readonly atr: Uint8Array;
}

/** How far an answer has come. `need`: bytes in all before it is worth reading again. */
export type Answer<T> =
  | { kind: "more"; need: number }
  /** `used`: bytes that it is; what comes after them is another's. */
  | { kind: "whole"; value: T; used: number }
  | { kind: "corrupt"; why: string };
/** Reads an answer from its first byte on. Pure, never throws, never asks for more than MAX_HELD_BYTES. */
export type ReadAnswer<T> = (bytes: Uint8Array) => Answer<T>;

function request(command: number, body: readonly number[] = [], ...tail: Uint8Array[]): Uint8Array {
  return packed([body.length * 4 + tail.reduce((sum, part) => sum + part.length, 0), command, ...body], ...tail);
}

function packed(words: readonly number[], ...tail: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4 + tail.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(bytes.buffer);
  for (const [at, word] of words.entries()) view.setUint32(at * 4, word >>> 0, true);
  let at = words.length * 4;
  for (const part of tail) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const askVersion = (minor: number): Uint8Array => request(COMMAND.version, [MAJOR, minor, 0]);
export const askContext = (): Uint8Array => request(COMMAND.establish, [SCOPE_SYSTEM, 0, 0]);
/** Answered with all readers at once, and with a `readSignal` at their next change. */
export const askWait = (): Uint8Array => request(COMMAND.wait);
/** Answered with a `readSignal`, unless the one of the wait has gone out already: there is one in all. */
export const askStopWaiting = (): Uint8Array => request(COMMAND.stopWaiting);
export const askDisconnect = (card: number): Uint8Array => request(COMMAND.disconnect, [card, LEAVE_CARD, 0]);
export const askAttribute = (card: number, attribute: number): Uint8Array =>
  request(COMMAND.attribute, [card, attribute], new Uint8Array(ATTRIBUTE_BYTES), packed([ATTRIBUTE_BYTES, 0]));

/** @param share `shared`: the card, beside other programs; `direct`: the reader, whether a card lies there or not */
export function askConnect(context: number, reader: string, share: "shared" | "direct"): Uint8Array {
  const name = new Uint8Array(NAME_BYTES);
  // The last byte stays 0: the name is a C string.
  new TextEncoder().encodeInto(reader, name.subarray(0, NAME_BYTES - 1));
  const [mode, protocols] = share === "shared" ? [2, ANY_PROTOCOL] : [3, 0];
  return request(COMMAND.connect, [context], name, packed([mode, protocols, 0, 0, 0]));
}

/** The APDU goes after the structure, and is not in its size. */
export function askTransmit(card: number, protocol: number, apdu: Uint8Array): Uint8Array {
  const words = [card, protocol, PCI_BYTES, apdu.length, ANY_PROTOCOL, PCI_BYTES, MAX_ANSWER_BYTES, 0];
  return packed([words.length * 4, COMMAND.transmit, ...words], apdu);
}

/** An answer of so many words (of 4 bytes). */
function readWords<T>(words: number, read: (word: (at: number) => number) => T): ReadAnswer<T> {
  const need = words * 4;
  return (bytes) => {
    if (bytes.length < need) return { kind: "more", need };
    const view = viewOf(bytes);
    return whole(
      read((at) => view.getUint32(at * 4, true)),
      need,
    );
  };
}

/** `next`: the minor version to ask for instead, null when the server speaks none that we do. */
export interface VersionAnswer {
  accepted: boolean;
  next: number | null;
  server: string;
}

/** @param offered the minor version that was asked for */
export const readVersion = (offered: number): ReadAnswer<VersionAnswer> =>
  readWords<VersionAnswer>(3, (word) => {
    const [major, minor, result] = [word(0), word(1), word(2)];
    const server = `${major}.${minor}`;
    if (result === RESULT.success) return { accepted: true, next: null, server };
    const speaks = major === MAJOR && minor !== offered && minor >= FIRST_MINOR && minor <= LAST_MINOR;
    return { accepted: false, next: speaks ? minor : null, server };
  });

export const readContext: ReadAnswer<{ context: number; result: number }> = readWords(3, (word) => ({
  context: word(1),
  result: word(2),
}));

/** What ends a wait. */
export const readSignal: ReadAnswer<{ result: number }> = readWords(2, (word) => ({ result: word(1) }));

export const readDisconnected: ReadAnswer<{ result: number }> = readWords(3, (word) => ({ result: word(2) }));

export const readConnected: ReadAnswer<{ card: number; protocol: number; result: number }> = readWords(
  6 + NAME_BYTES / 4,
  (word) => {
    const at = 1 + NAME_BYTES / 4;
    return { card: word(at + 2), protocol: word(at + 3), result: word(at + 4) };
  },
);

export const readAttribute: ReadAnswer<{ value: Uint8Array; result: number }> = (bytes) => {
  const need = 16 + ATTRIBUTE_BYTES;
  if (bytes.length < need) return { kind: "more", need };
  const view = viewOf(bytes);
  const length = view.getUint32(8 + ATTRIBUTE_BYTES, true);
  const result = view.getUint32(12 + ATTRIBUTE_BYTES, true);
  if (result !== RESULT.success) return whole({ value: new Uint8Array(), result }, need);
  if (length > ATTRIBUTE_BYTES) return corrupt(`an attribute of ${length} bytes`);
  return whole({ value: bytes.slice(8, 8 + length), result }, need);
};

/** The structure alone when it failed, else with the card's answer after it. */
export const readTransmitted: ReadAnswer<{ answer: Uint8Array; result: number }> = (bytes) => {
  const head = 32;
  if (bytes.length < head) return { kind: "more", need: head };
  const view = viewOf(bytes);
  const [length, result] = [view.getUint32(24, true), view.getUint32(28, true)];
  if (result !== RESULT.success) return whole({ answer: new Uint8Array(), result }, head);
  if (length > MAX_ANSWER_BYTES) return corrupt(`a card's answer of ${length} bytes`);
  if (bytes.length < head + length) return { kind: "more", need: head + length };
  return whole({ answer: bytes.slice(head, head + length), result }, head + length);
};

/** All sixteen places; those without a name are empty and left out. */
export const readReaders: ReadAnswer<ListedReader[]> = (bytes) => {
  if (bytes.length < MAX_HELD_BYTES) return { kind: "more", need: MAX_HELD_BYTES };
  const readers: ListedReader[] = [];
  for (let at = 0; at < MAX_HELD_BYTES; at += READER_BYTES) {
    if (bytes[at] === 0) continue;
    const reader = readReader(bytes.subarray(at, at + READER_BYTES));
    if (typeof reader === "string") return corrupt(reader);
    if (readers.some(({ name }) => name === reader.name)) return corrupt("two readers of one name");
    readers.push(reader);
  }
  return whole(readers, MAX_HELD_BYTES);
};

/** A reader, or what is wrong with it. */
function readReader(bytes: Uint8Array): ListedReader | string {
  const end = bytes.indexOf(0);
  if (end >= NAME_BYTES) return "a reader's name without an end";
  const view = viewOf(bytes);
  const atrLength = view.getUint32(NAME_BYTES + 12 + 36, true);
  if (atrLength > ATR_NOT_KNOWN) return `an ATR of ${atrLength} bytes`;
  const atrAt = NAME_BYTES + 12;
  return {
    name: new TextDecoder().decode(bytes.subarray(0, end)),
    events: view.getUint32(NAME_BYTES, true) & 0xffff,
    present: (view.getUint32(NAME_BYTES + 4, true) & STATE_PRESENT) !== 0,
    atr: bytes.slice(atrAt, atrAt + (atrLength === ATR_NOT_KNOWN ? 0 : atrLength)),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function whole<T>(value: T, used: number): Answer<T> {
  return { kind: "whole", value, used };
}

function corrupt<T>(why: string): Answer<T> {
  return { kind: "corrupt", why };
}
