/** A WebSocket to the server, with the fingerprint of the certificate it really showed. */
import { createHash } from "node:crypto";
import { TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import { CLOSE, closeWords } from "../../shared/link/close-codes.ts";
import { HANDSHAKE_MS, LINK_PATH, LINK_SUBPROTOCOL, MAX_FRAME_BYTES } from "../../shared/link/limits.ts";

export interface LinkSocket {
  send(message: Uint8Array): void;
  close(code: number, reason: string): void;
}

export interface LinkSocketEvents {
  /** @param certificate SHA-256 of the server's certificate; empty without TLS. */
  onOpen(certificate: Uint8Array): void;
  onMessage(bytes: Uint8Array): void;
  /** Once, whatever happened; also when it never opened. `code` 1006: it just broke. */
  onClose(code: number, reason: string): void;
}

/** A peer that does not answer a close frame, as in a network that died, is not waited for. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Connect to the server. Its certificate is not judged here: the server signs the fingerprint of the certificate it
 * shows, and the key of that signature is what the station pinned when a person compared the code.
 * @param server `http://…` or `https://…`
 */
export function connectWebSocket(server: string, events: LinkSocketEvents): LinkSocket {
  const url = new URL(LINK_PATH, server);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, LINK_SUBPROTOCOL, {
    rejectUnauthorized: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handshakeTimeout: HANDSHAKE_MS,
  });
  let certificate = new Uint8Array();
  let trouble = "";
  const end = (code: number, reason: string) => {
    if (socket.readyState === socket.CONNECTING) return socket.terminate();
    socket.close(code, reason);
    const cut = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    socket.once("close", () => clearTimeout(cut));
    return undefined;
  };
  socket.on("upgrade", (response) => {
    response.socket.setNoDelay(true);
    if (response.socket instanceof TLSSocket) {
      const { raw } = response.socket.getPeerCertificate();
      if (Buffer.isBuffer(raw)) certificate = new Uint8Array(createHash("sha256").update(raw).digest());
    }
  });
  socket.on("open", () => events.onOpen(certificate));
  socket.on("message", (message, isBinary) => {
    if (isBinary && Buffer.isBuffer(message)) events.onMessage(message);
    else end(CLOSE.badFrame, closeWords("badFrame"));
  });
  socket.on("error", (error) => (trouble = error.message));
  socket.on("close", (code, reason) => events.onClose(code, reason.toString() || trouble));
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message);
    },
    close: (code, reason) => {
      if (socket.readyState === socket.CONNECTING || socket.readyState === socket.OPEN) end(code, reason);
    },
  };
}
