/**
 * The floor's station, straight-line: frames of an RDM6300 from a serial line, a row on disk, "stored" to the screen, one
 * signature over whatever waited, and with the server's answer "counted" and the counts. Usage: station.ts LINE SERVER DATABASE
 */
import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { SerialPort } from "serialport";
import * as v from "valibot";
import { WebSocket } from "ws";
import { BALLOT_BYTES, SIGNATURE_BYTES, writeBallot, type FloorBallot } from "./ballot-bytes.ts";

const [, , line = "", server = "", path = ":memory:"] = process.argv;
const STX = 2;
const FRAME_BYTES = 14;
const OPTION = 1;
const Answer = v.object({ last: v.number(), counts: v.array(v.number()) });

const database = new DatabaseSync(path);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE records (number INTEGER PRIMARY KEY, tag BLOB NOT NULL, option INTEGER NOT NULL, ms INTEGER NOT NULL);`);
const begin = database.prepare("BEGIN IMMEDIATE");
const commit = database.prepare("COMMIT");
const insert = database.prepare("INSERT INTO records VALUES (?, ?, ?, ?)");
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const eventKey = createSecretKey(randomBytes(32));
const openedMs = performance.now();
let rest = Buffer.alloc(0);
let waiting: FloorBallot[] = [];
let made = 0;
let acked = 0;

const screens = new Set<ServerResponse>();
const show = (texts: readonly string[]) => {
  for (const screen of screens) screen.write(texts.join(""));
};
let told = 0;
const say = (kind: string, data: object) =>
  `id: floor-${++told}\nevent: ${kind}\ndata: ${JSON.stringify({ kind, ...data })}\n\n`;
const outcome = (number: number, kind: string) =>
  say("outcome", { outcome: { id: String(number), kind, option: OPTION, reader: null } });

const socket = new WebSocket(server.replace("http", "ws"), { perMessageDeflate: false });
socket.on("upgrade", (response) => response.socket.setNoDelay(true));
await once(socket, "open");
socket.send(publicKey.export({ format: "der", type: "spki" }));
socket.on("message", (message) => {
  if (!Buffer.isBuffer(message)) return;
  const { last, counts } = v.parse(Answer, JSON.parse(message.toString()));
  const texts: string[] = [];
  while (acked < last) texts.push(outcome(++acked, "counted"));
  show([...texts, say("tally", { tally: { poll: "floor", cursor: last, counts } })]);
});

function flush(): void {
  const ballots = waiting;
  waiting = [];
  begin.run();
  for (const { number, tag, option, ms } of ballots) insert.run(number, tag, option, ms);
  commit.run();
  show(ballots.map(({ number }) => outcome(number, "stored")));
  const message = Buffer.alloc(SIGNATURE_BYTES + ballots.length * BALLOT_BYTES);
  ballots.forEach((ballot, at) => writeBallot(ballot, message, SIGNATURE_BYTES + at * BALLOT_BYTES));
  message.set(sign(null, message.subarray(SIGNATURE_BYTES), privateKey));
  socket.send(message);
}

const port = new SerialPort({ path: line, baudRate: 9600 });
port.on("data", (bytes: Buffer) => {
  rest = Buffer.concat([rest, bytes]);
  for (; rest.length >= FRAME_BYTES; rest = rest.subarray(FRAME_BYTES)) {
    const read = Buffer.from(rest.toString("latin1", 1, FRAME_BYTES - 1), "hex");
    // The sixth byte makes them all cancel out.
    if (rest[0] !== STX || read.reduce((sum, byte) => sum ^ byte, 0) !== 0) throw new Error("not a frame");
    const tag = createHmac("sha256", eventKey).update(read.subarray(0, 5)).digest().subarray(0, 16);
    const ms = Math.round(performance.now() - openedMs);
    if (waiting.push({ number: ++made, option: OPTION, tag, ms }) === 1) setImmediate(flush);
  }
});
await once(port, "open");

const http = createServer((_request, response) => {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.flushHeaders();
  screens.add(response);
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const address = http.address();
if (address !== null && typeof address === "object") console.log(`floor listening on http://127.0.0.1:${address.port}`);
