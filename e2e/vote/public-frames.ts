/** Frames that others published, as bytes on the line; where they come from stands in docs and READERS.md's sources. */
export interface PublishedFrame {
  slot: 1 | 2 | 3;
  bytes: Buffer;
}

/** Slot 1: RDM6300 and Grove (STX … ETX), also as ID-12 with CR LF. Slot 2: Parallax. Slot 3: Arduino lines. */
export const READER_PROTOCOLS = { 1: "rdm6300", 2: "parallax", 3: "arduino" } as const;

export const GOOD_FRAMES: readonly PublishedFrame[] = [
  // Stack Overflow 11848921: card 0013530444.
  { slot: 1, bytes: Buffer.from("0233433030434537353443434203", "hex") },
  // hobbycomponents forum, f=82 p=7544: card 0008844356; with ID-12's line end.
  { slot: 1, bytes: Buffer.from("\u0002100086F44426\r\n\u0003", "latin1") },
  // seeedstudio forum 16324.
  { slot: 1, bytes: Buffer.from("\u000201000734E0D2\u0003", "latin1") },
  // Parallax datasheet.
  { slot: 2, bytes: Buffer.from("0a304630313834463037410d", "hex") },
  // MFRC522 example sketches.
  { slot: 3, bytes: Buffer.from("Card UID: 1B F0 76 41\r\n", "latin1") },
];

/** hobbycomponents forum, same post: its checksum is wrong. */
export const BAD_FRAME = Buffer.from("\u0002100026F44426\u0003", "latin1");
