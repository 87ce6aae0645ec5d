/**
 * How many connections may wait for their client at once. Somebody who opens thousands and says nothing, or a byte now and
 * then, would take the place of all others until the time-outs find each of them.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

interface Connection {
  /** The one below TLS: destroyed, it takes what is above along. */
  socket: Socket;
  /** The last one; null between requests and before the first. */
  request: IncomingMessage | null;
  onClose: () => void;
}

/** Bound a server's connections: all of them to `most`, and those that wait for their client to `mostWaiting`. */
export function boundConnections(server: Server, { most, mostWaiting }: { most: number; mostWaiting: number }): void {
  server.maxConnections = most;
  /** By both addresses, which are the same below and above TLS. */
  const all = new Map<string, Connection>();
  /** Whoever waits longest comes first. Some may be in the middle of their answer: they are found out when it is too long. */
  const waiting = new Set<Connection>();
  const forget = (key: string, connection: Connection) => {
    waiting.delete(connection);
    // Another may have come from the same port since.
    if (all.get(key) === connection) all.delete(key);
  };

  server.on("connection", (socket: Socket) => {
    const key = keyOf(socket);
    const connection: Connection = { socket, request: null, onClose: () => forget(key, connection) };
    all.set(key, connection);
    waiting.add(connection);
    socket.on("close", connection.onClose);
    endOldest(waiting, mostWaiting);
  });
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    const connection = all.get(keyOf(request.socket));
    if (connection === undefined) return;
    connection.request = request;
    response.once("close", () => {
      // The next one came before this one's answer was out.
      if (connection.request !== request) return;
      connection.request = null;
      // It waits from now on: to the end of the line.
      waiting.delete(connection);
      if (!connection.socket.destroyed) waiting.add(connection);
    });
  });
  server.prependListener("upgrade", (request: IncomingMessage) => {
    const key = keyOf(request.socket);
    const connection = all.get(key);
    if (connection === undefined) return;
    // From here on it is the link's, which has bounds of its own, and needs no memory of ours.
    forget(key, connection);
    connection.socket.off("close", connection.onClose);
  });
}

/** Ends those that wait longest, but for those whose answer is our own affair: a whole request came, or a stream runs. */
function endOldest(waiting: Set<Connection>, most: number): void {
  for (const connection of waiting) {
    if (waiting.size <= most) return;
    waiting.delete(connection);
    if (connection.request?.complete !== true) connection.socket.destroy();
  }
}

function keyOf({ remoteAddress = "", remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
