/**
 * A contactless card as QEMU's `ccid-card-passthru` wants it: it says its ATR, and answers "what is your UID" as PC/SC
 * part 3 has it (`FF CA 00 00 00`). Messages are type, reader and length (32 bits each, big-endian), then the payload.
 * Source: libcacard, src/vscard_common.h.
 */
import { connect } from "node:net";

const TYPE = { init: 1, atr: 5, cardRemove: 6, apdu: 7 } as const;
const HEADER_BYTES = 12;
/** "VSCD" as the peer reads it: in its own byte order. */
const MAGIC = Buffer.from("VSCD", "latin1");
const VERSION = 2;
/** The shortest that says T=0, the only protocol of QEMU's reader; a contactless card's says T=1 too. */
const ATR = Buffer.from("3B00", "hex");
const GET_UID = Buffer.from("FFCA000000", "hex");
const DONE = Buffer.from("9000", "hex");
const NOT_KNOWN = Buffer.from("6A81", "hex");

export interface VmCard {
  /** Taken off the reader. */
  close(): void;
}

export async function connectCard(path: string, uid: Uint8Array): Promise<VmCard> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => void socket.once("connect", resolve).once("error", reject));
  socket.on("error", () => socket.destroy());
  const send = (type: number, payload: Uint8Array): void => {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(type, 0);
    header.writeUInt32BE(payload.length, 8);
    socket.write(Buffer.concat([header, payload]));
  };
  let rest = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt32BE(8);
      if (rest.length < HEADER_BYTES + length) return;
      const payload = rest.subarray(HEADER_BYTES, HEADER_BYTES + length);
      if (rest.readUInt32BE(0) === TYPE.apdu) {
        send(TYPE.apdu, payload.subarray(0, GET_UID.length).equals(GET_UID) ? Buffer.concat([uid, DONE]) : NOT_KNOWN);
      }
      rest = rest.subarray(HEADER_BYTES + length);
    }
  });
  const version = Buffer.alloc(8);
  version.writeUInt32BE(VERSION, 0);
  send(TYPE.init, Buffer.concat([MAGIC, version]));
  send(TYPE.atr, ATR);
  return {
    close() {
      send(TYPE.cardRemove, new Uint8Array());
      socket.end();
    },
  };
}
