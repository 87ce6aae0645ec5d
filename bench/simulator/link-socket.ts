/** A WebSocket client on a plain TCP socket, as light as one link of thousands has to be. */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { LINK_PATH, LINK_SUBPROTOCOL } from "../../shared/link/limits.ts";
import { OPCODE, clientFrame, createFrameReader } from "./client-frames.ts";

/** WebSocket's own word for an end without a close frame (RFC 6455 §7.1.5). */
export const CLOSED_ABNORMALLY = 1006;

export interface SocketEvents {
  onOpen(): void;
  /** Good until it returns. */
  onMessage(payload: Buffer): void;
  onClose(code: number): void;
}

export interface LinkSocket {
  send(payload: Uint8Array): void;
  /** Bytes that the network has not taken yet. */
  backlog(): number;
  /** Read nothing any more. */
  deafen(): void;
  /** As when the cable is cut: no close frame. */
  cut(): void;
}

/** All sockets read into it, one after another: a buffer for each would be most of their memory. */
const READ_BUFFER = Buffer.alloc(65_536);

/** Connect to a server's link, or to whatever speaks WebSocket there. What `onMessage` throws cuts the connection. */
export function connectSocket(url: URL, events: SocketEvents): LinkSocket {
  let code = CLOSED_ABNORMALLY;
  let take: (bytes: Buffer) => void = () => {};
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: {
      buffer: READ_BUFFER,
      callback(length) {
        take(READ_BUFFER.subarray(0, length));
        return true;
      },
    },
  });
  const read = createFrameReader(({ opcode, payload }) => {
    if (opcode === OPCODE.binary) return events.onMessage(payload);
    if (opcode === OPCODE.ping) return void socket.write(clientFrame(OPCODE.pong, payload));
    if (opcode !== OPCODE.close) return undefined;
    code = payload.length >= 2 ? payload.readUInt16BE(0) : CLOSED_ABNORMALLY;
    // The answer that the protocol asks for; then the server ends the connection.
    return void socket.end(clientFrame(OPCODE.close, payload.subarray(0, 2)));
  });
  const takeFrames = (bytes: Buffer) => {
    try {
      read(bytes);
    } catch {
      socket.destroy();
    }
  };
  take = upgraded(
    (rest) => {
      take = takeFrames;
      events.onOpen();
      if (rest.length > 0) takeFrames(rest);
    },
    () => void socket.destroy(),
  );
  socket.once("connect", () => socket.write(upgradeRequest(url)));
  // "close" follows, and says it all.
  socket.on("error", () => {});
  socket.once("close", () => events.onClose(code));
  return {
    send: (payload) => void socket.write(clientFrame(OPCODE.binary, payload)),
    backlog: () => socket.writableLength,
    deafen: () => void socket.pause(),
    cut: () => void socket.destroy(),
  };
}

function upgradeRequest(url: URL): string {
  return [
    `GET ${LINK_PATH} HTTP/1.1`,
    `Host: ${url.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    `Sec-WebSocket-Protocol: ${LINK_SUBPROTOCOL}`,
    "\r\n",
  ].join("\r\n");
}

/** Takes the server's answer to its end, then says what came behind it, or that there is no WebSocket here. */
function upgraded(onUpgraded: (rest: Buffer) => void, onRefused: () => void): (bytes: Buffer) => void {
  let head = "";
  return (bytes) => {
    head += bytes.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    if (head.startsWith("HTTP/1.1 101 ")) onUpgraded(Buffer.from(head.slice(end + 4), "latin1"));
    else onRefused();
  };
}
