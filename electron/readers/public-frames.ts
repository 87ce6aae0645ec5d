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
  {
    protocol: "easyident",
    source: "fizzjik's rule: eleven characters, white space around them, 8C means nothing",
    bytes: fromPublishedHex("0D 0A 30 31 8C 30 37 33 34 45 30 44 32 46 8C 0D 0A"),
    uid: "10734e0d2f",
  },
  {
    protocol: "easyident",
    source: "the same rule, a character that no number has",
    bytes: ascii(" 0107+4E0D2F\r\n"),
    uid: undefined,
  },
  {
    protocol: "rssystems",
    source: "fizzjik's rule: ten characters, each '0' and four bits",
    bytes: ascii("\n0?0184?07:\r"),
    uid: "0f0184f07a",
  },
  {
    protocol: "sm130",
    source: "avdm.nl, a Mifare 1K",
    bytes: fromPublishedHex("FF 00 06 82 02 D4 5A 8D 55 9A"),
    uid: "d45a8d55",
  },
  {
    protocol: "sm130",
    source: "avdm.nl's tag, damaged",
    bytes: fromPublishedHex("FF 00 06 82 02 D4 5A 8C 55 9A"),
    uid: undefined,
  },
  {
    protocol: "sm130",
    source: "avdm.nl, the request to seek",
    bytes: fromPublishedHex("FF 00 01 82 83"),
    uid: undefined,
  },
  {
    protocol: "sm130",
    source: "SM132 datasheet 4.14, antenna on",
    bytes: fromPublishedHex("FF 00 02 90 01 93"),
    uid: undefined,
  },
  {
    protocol: "pn532",
    source: "READERS.md, a Mifare 1K listed",
    bytes: fromPublishedHex("00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 FB 0E E2 0B D8 00"),
    uid: "fb0ee20b",
  },
  {
    protocol: "pn532",
    source: "the same, damaged",
    bytes: fromPublishedHex("00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 FB 0E E2 0A D8 00"),
    uid: undefined,
  },
  {
    protocol: "pn532",
    source: "READERS.md, SAM set aside",
    bytes: fromPublishedHex("00 00 FF 02 FE D5 15 16 00"),
    uid: undefined,
  },
  {
    protocol: "pn532",
    source: "READERS.md, a question arrived",
    bytes: fromPublishedHex("00 00 FF 00 FF 00"),
    uid: undefined,
  },
  {
    protocol: "pn532",
    source: "READERS.md, its firmware",
    bytes: fromPublishedHex("00 00 FF 06 FA D5 03 32 01 06 07 E8 00"),
    uid: undefined,
  },
];
