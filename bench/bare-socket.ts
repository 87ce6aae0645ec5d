/** A WebSocket client without a library: a socket, the upgrade by hand, and the bytes that come. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { LINK_PATH, LINK_SUBPROTOCOL } from "../shared/link/limits.ts";

const UPGRADED = /^HTTP\/1\.1 101 /;
const HEAD_END = "\r\n\r\n";

export interface BareSocket {
  write(bytes: Uint8Array): void;
  /** What comes, from now on; the memory is used again after it returns. What `take` throws ends the connection. */
  onBytes(take: (chunk: Buffer) => void): void;
  /** Why it ended; never rejects. */
  readonly ended: Promise<string>;
  close(): void;
}

/** All sockets of a process read into it, one after another: a buffer for each would be most of their memory. */
const READ_BUFFER = Buffer.alloc(65_536);

/** Connect to a server's link, or to whatever speaks WebSocket there. Throws when it does not. */
export async function openBareSocket(server: string): Promise<BareSocket> {
  const { hostname, port, host } = new URL(server);
  const ended = Promise.withResolvers<string>();
  const inbox = createInbox((error) => socket.destroy(error));
  const socket: Socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: READ_BUFFER,
      callback(length) {
        inbox.take(READ_BUFFER.subarray(0, length));
        return true;
      },
    },
  });
  const end = (why: string) => {
    inbox.end(`${server}: ${why}`);
    ended.resolve(why);
  };
  socket.once("error", (error) => end(error.message));
  socket.once("close", () => end("the server closed the connection"));
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET ${LINK_PATH} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${LINK_SUBPROTOCOL}${HEAD_END}`,
  );
  await inbox.upgraded;
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: inbox.handTo,
    ended: ended.promise,
    close: () => void socket.destroy(),
  };
}

/** What came: first the answer to the upgrade, then bytes for whoever listens. */
function createInbox(onFault: (error: Error) => void) {
  const upgraded = Promise.withResolvers<void>();
  let head = "";
  /** What came right behind the upgrade, before anybody listened. */
  let early: Buffer[] = [];
  let listener: ((chunk: Buffer) => void) | undefined;
  const hand = (chunk: Buffer) => {
    try {
      if (listener === undefined) early.push(Buffer.from(chunk));
      else listener(chunk);
    } catch (error) {
      onFault(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    upgraded: upgraded.promise,
    take(chunk: Buffer) {
      if (head.includes(HEAD_END)) return hand(chunk);
      head += chunk.toString("latin1");
      const end = head.indexOf(HEAD_END);
      if (end < 0) return undefined;
      if (UPGRADED.test(head)) upgraded.resolve();
      else upgraded.reject(new Error(`does not upgrade: ${head.slice(0, head.indexOf("\r"))}`));
      return hand(Buffer.from(head.slice(end + HEAD_END.length), "latin1"));
    },
    handTo(next: (chunk: Buffer) => void) {
      listener = next;
      const before = early;
      early = [];
      for (const chunk of before) hand(chunk);
    },
    end: (why: string) => upgraded.reject(new Error(why)),
  };
}
