/** socket.io, where it can be found from here: an event over its WebSocket, by the frames of Engine.IO 4. */
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { maskedFrame } from "../bare-frames.ts";
import { PAYLOAD, burstOf } from "./byte-hub.ts";
import { freePort, startPeer, type Peer } from "./peer.ts";

/** What one client says goes to all. As a text, because the compiler does not know a package that is not here. */
const HUB = `
  const [, module, port] = process.argv;
  const { Server } = await import(module);
  const io = new Server({ transports: ["websocket"], perMessageDeflate: false });
  io.on("connection", (socket) => socket.on("t", (said) => io.emit("t", said)));
  io.listen(Number(port));
  console.log("ready");
`;
const FINAL_TEXT = 0x81;

export const socketIo: Peer = {
  name: "socket.io",
  row: "fanout.burst",
  atLeast: 5,
  find() {
    try {
      return createRequire(import.meta.url).resolve("socket.io");
    } catch {
      return undefined;
    }
  },
  async measure(module) {
    const port = await freePort();
    const server = await startPeer(process.execPath, ["--input-type=module", "-e", HUB, module, String(port)], {
      ready: /ready/,
    });
    const event = `42${JSON.stringify(["t", PAYLOAD])}`;
    return burstOf(server, port, {
      steps: [
        { send: UPGRADE, until: '0{"sid"' },
        { send: textFrame("40").toString("latin1"), until: '40{"sid"' },
      ],
      publish: textFrame(event),
      // Two bytes of head and two of length.
      received: event.length + 4,
    });
  },
};

const UPGRADE = [
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
  "\r\n",
].join("\r\n");

function textFrame(text: string): Buffer {
  const frame = maskedFrame(Buffer.from(text), randomBytes(4));
  frame[0] = FINAL_TEXT;
  return frame;
}
