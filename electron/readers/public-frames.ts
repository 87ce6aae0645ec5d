import { ascii, concatBytes, fromHex } from "../../shared/bytes.ts";
import type { ProtocolName } from "./serial/protocols.ts";

/*
 * Frames that others have published, for tests; the sources stand beside them and in READERS.md. Bytes, not our own
 * encoding of what we believe, so that a decoder cannot agree with a mistake of its author.
 */

export interface PublicFrame {
  readonly protocol: ProtocolName;
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal; `undefined` for a frame that must be refused, or a line that is not for us. */
  readonly uid: string | undefined;
}

const STX = Uint8Array.of(0x02);
const ETX = Uint8Array.of(0x03);
const CR_LF = ascii("\r\n");

function inStxEtx(digits: string, lineEnd: Uint8Array = new Uint8Array()): Uint8Array {
  return concatBytes(STX, ascii(digits), lineEnd, ETX);
}

function fromPublishedHex(hex: string): Uint8Array {
  const bytes = fromHex(hex.replaceAll(" ", ""));
  if (bytes === undefined) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}

export const PUBLIC_FRAMES: readonly PublicFrame[] = [
  {
    protocol: "rdm6300",
    source: "Stack Overflow 11848921, card 0013530444",
    bytes: fromPublishedHex("02 33433030434537353443 4342 03"),
    uid: "3c00ce754c",
  },
  {
    protocol: "rdm6300",
    source: "hobbycomponents forum, f=82 p=7544, card 0008844356",
    bytes: inStxEtx("100086F44426"),
    uid: "100086f444",
  },
  {
    protocol: "rdm6300",
    source: "hobbycomponents forum, same post, damaged",
    bytes: inStxEtx("100026F44426"),
    uid: undefined,
  },
  { protocol: "grove", source: "seeedstudio forum 16324", bytes: inStxEtx("01000734E0D2"), uid: "01000734e0" },
  {
    protocol: "id12",
    source: "Stack Overflow 11848921's number, ended as the ID-12 does",
    bytes: inStxEtx("3C00CE754CCB", CR_LF),
    uid: "3c00ce754c",
  },
  {
    protocol: "parallax",
    source: "Parallax datasheet",
    bytes: fromPublishedHex("0A 30463031383446303741 0D"),
    uid: "0f0184f07a",
  },
  { protocol: "arduino", source: "MFRC522 DumpInfo", bytes: ascii("Card UID: 1B F0 76 41\r\n"), uid: "1bf07641" },
  { protocol: "arduino", source: "MFRC522 DumpInfo", bytes: ascii("Card SAK: 08\r\n"), uid: undefined },
  {
    protocol: "arduino",
    source: "READERS.md, a double size UID",
    bytes: ascii("UID: 04 A1 B2 C3 D4 E5 80\n"),
    uid: "04a1b2c3d4e580",
  },
];
