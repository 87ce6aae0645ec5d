/**
 * The floor of fan-out, straight-line on `ws`: what one client says goes to all, framed once, in one write per socket and
 * turn of the loop. Nobody is asked who they are, nothing is kept, nobody slow is spared.
 */
import { once } from "node:events";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import { plainFrame } from "../bare-frames.ts";

const sockets = new Set<Socket>();
let turn: Buffer[] = [];

function flush(): void {
  const bytes = Buffer.concat(turn);
  turn = [];
  for (const socket of sockets) socket.write(bytes);
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, backlog: 1_024 });
server.on("connection", (peer, { socket }) => {
  socket.setNoDelay(true);
  sockets.add(socket);
  peer.on("message", (message) => {
    if (Buffer.isBuffer(message) && turn.push(plainFrame(message)) === 1) setImmediate(flush);
  });
  peer.on("close", () => sockets.delete(socket));
  peer.on("error", () => peer.terminate());
});
await once(server, "listening");
const address = server.address();
if (address !== null && typeof address === "object") console.log(`floor listening on http://127.0.0.1:${address.port}`);
