/**
 * Cards for the virtual readers of vsmartcard-vpcd, in a process of their own: a TCP connection to a reader's port is a card.
 * 2 bytes of length, big end first, then 00 off, 01 on, 02 reset (no answer), 04 for the ATR, else an APDU. For tests only.
 *
 * On stdin, a line each: `insert READER PORT UID MANNER`, `remove READER`; `done` on stdout for each.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A Mifare Classic 1K at a PC/SC reader (READERS.md). */
const ATR = Buffer.from("3B8F8001804F0CA000000306030001000000006A", "hex");
const ASK_ATR = 0x04;
const AGAIN_MS = 50;

const cards = new Map<string, Socket>();
/** What is wanted on each reader: pcscd may be restarted below a card. */
const wanted = new Map<string, { port: number; uid: string; manner: string }>();

function put(reader: string): void {
  const card = wanted.get(reader);
  if (card === undefined || cards.has(reader)) return;
  const socket = connect(card.port, "127.0.0.1");
  cards.set(reader, socket);
  socket.on("error", () => {});
  socket.on("close", () => {
    if (cards.get(reader) !== socket) return;
    cards.delete(reader);
    setTimeout(put, AGAIN_MS, reader);
  });
  let held = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const length = held.readUInt16BE(0);
      const command = held.subarray(2, 2 + length);
      held = held.subarray(2 + length);
      if (command.length > 1) apdu(reader, socket, card);
      else if (command[0] === ASK_ATR) say(socket, ATR);
    }
  });
}

function apdu(reader: string, socket: Socket, card: { uid: string; manner: string }): void {
  if (card.manner === "pulled") {
    // Gone, while the reader waits for the answer.
    wanted.delete(reader);
    socket.destroy();
    return;
  }
  const body = card.manner === "hollow" ? "" : card.uid;
  say(socket, Buffer.from(`${body}9000`, "hex"));
}

function say(socket: Socket, bytes: Buffer): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  socket.write(Buffer.concat([length, bytes]));
}

const commands = createInterface({ input: process.stdin });
// Whoever spoke to us is gone.
commands.on("close", () => process.exit(0));
commands.on("line", (line) => {
  const [word, reader = "", port = "", uid = "", manner = ""] = line.split(" ");
  const before = cards.get(reader);
  cards.delete(reader);
  before?.destroy();
  wanted.delete(reader);
  if (word === "insert") {
    wanted.set(reader, { port: Number(port), uid, manner });
    put(reader);
  }
  process.stdout.write("done\n");
});
