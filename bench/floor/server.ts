/**
 * The floor's server, straight-line: check the signature, commit whatever waits, acknowledge with the new counts. One
 * station, no ledger, no fold, nothing is refused. Usage: server.ts DATABASE
 */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { WebSocketServer, type WebSocket } from "ws";
import { BALLOT_BYTES, SIGNATURE_BYTES, readBallot } from "./ballot-bytes.ts";

const database = new DatabaseSync(process.argv[2] ?? ":memory:");
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE ballots (number INTEGER PRIMARY KEY, tag BLOB UNIQUE NOT NULL, option INTEGER NOT NULL, ms INTEGER NOT NULL);
  CREATE TABLE tally (option INTEGER PRIMARY KEY, votes INTEGER NOT NULL);`);
const begin = database.prepare("BEGIN IMMEDIATE");
const commit = database.prepare("COMMIT");
const insert = database.prepare("INSERT INTO ballots VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
const count = database.prepare("INSERT INTO tally VALUES (?, 1) ON CONFLICT DO UPDATE SET votes = votes + 1");
const counts = [0, 0, 0, 0, 0];
let waiting: Buffer[] = [];

function flush(socket: WebSocket): void {
  const bodies = waiting;
  waiting = [];
  let last = 0;
  begin.run();
  for (const body of bodies)
    for (let at = 0; at < body.length; at += BALLOT_BYTES) {
      const { number, tag, option, ms } = readBallot(body, at);
      last = number;
      if (insert.run(number, tag, option, ms).changes === 0) continue;
      count.run(option);
      counts[option - 1] = (counts[option - 1] ?? 0) + 1;
    }
  commit.run();
  socket.send(JSON.stringify({ last, counts }));
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (socket, request) => {
  request.socket.setNoDelay(true);
  let key: KeyObject | undefined;
  socket.on("message", (message) => {
    if (!Buffer.isBuffer(message)) return;
    if (key === undefined) {
      key = createPublicKey({ key: message, format: "der", type: "spki" });
      return;
    }
    const body = message.subarray(SIGNATURE_BYTES);
    if (!verify(null, body, key, message.subarray(0, SIGNATURE_BYTES))) throw new Error("the signature does not fit");
    if (waiting.push(body) === 1) setImmediate(flush, socket);
  });
});
await once(server, "listening");
const address = server.address();
if (address !== null && typeof address === "object") console.log(`floor listening on http://127.0.0.1:${address.port}`);
