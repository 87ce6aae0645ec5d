/** The WebSocket side of the server: upgrades, sockets and timers around the sessions; it decides nothing itself. */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { CLOSE, CLOSE_WORDS, type CloseName } from "../../shared/link/close-codes.ts";
import {
  LINK_PATH,
  LINK_SUBPROTOCOL,
  MAX_FRAME_BYTES,
  MAX_LINKS_PER_STATION,
  MAX_WAITING_STATIONS,
} from "../../shared/link/limits.ts";
import { createTurnWriter, type Wire } from "../push/turn-writer.ts";
import { createAnnouncer, type Announcer } from "./announce.ts";
import type { LinkPresence } from "./presence.ts";
import { showConnected, showWaiting } from "./show-links.ts";
import { createSession, type Session, type SessionSurroundings } from "./session.ts";

/** How often sessions look whether their station still speaks. */
const TICK_MS = 1_000;
/** After a close frame the peer gets this long to answer before its socket is cut. */
const CLOSE_GRACE_MS = 1_000;
/** Connections at once, greeting included: an event has at most some thousand kiosks. */
const MAX_LINKS = 12_000;

/** Told of each commit, after `known` was. */
export interface LinkServer extends LinkPresence, Announcer {
  /** Tell all stations that the server stops, and wait until their sockets are gone. */
  close(): Promise<void>;
}

export interface LinkServerSurroundings extends SessionSurroundings {
  /** Is this a station's request? A browser's has an `Origin`, and may come by a name that leads here by deceit. */
  mayUpgrade: (headers: IncomingMessage["headers"]) => boolean;
}

export function createLinkServer(http: Server, around: LinkServerSurroundings): LinkServer {
  const sockets = new WebSocketServer({
    noServer: true,
    // Twice as long is still read, so that the peer is told in our words; what is longer, ws refuses unread.
    maxPayload: 2 * MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(LINK_SUBPROTOCOL) ? LINK_SUBPROTOCOL : false),
  });
  const sessions = new Map<WebSocket, Session>();
  /** Stations that were let in since the start, and when first: as many as there are stations. */
  const met = new Map<string, number>();
  const states = () => [...sessions.values()].map((session) => session.state);
  const announcer = createAnnouncer(() => sessions.values(), around.known.keyDestroyed());

  const refusal = (pathname: string | undefined, { headers }: IncomingMessage): string | null => {
    if (pathname !== LINK_PATH) return "404 Not Found";
    if (!around.mayUpgrade(headers)) return "403 Forbidden";
    const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
    if (offered?.includes(LINK_SUBPROTOCOL) !== true) return "400 Bad Request";
    return sessions.size < MAX_LINKS ? null : "503 Service Unavailable";
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node hands the socket over without a listener; a peer that resets it must not end the server.
    socket.on("error", () => socket.destroy());
    const status = refusal(pathOf(request), request);
    if (status !== null) {
      socket.once("finish", () => socket.destroy());
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (peer) => begin(peer, request));
  };
  const begin = (peer: WebSocket, request: IncomingMessage) => {
    const close = (why: CloseName) => endPeer(peer, why);
    request.socket.setNoDelay(true);
    const mayWait = () => states().filter(({ step }) => step === "waiting").length < MAX_WAITING_STATIONS;
    const session = createSession(around, createTurnWriter(wireOf(peer, request.socket)), close, mayWait);
    sessions.set(peer, session);
    peer.on("message", (message, isBinary) => {
      if (peer.readyState !== peer.OPEN) return;
      if (!isBinary || !Buffer.isBuffer(message)) return close("badFrame");
      const greeting = isGreeting(session);
      session.onMessage(message);
      if (greeting) keepNewest(sessions, session);
      // Whoever is let in has something to say at once.
      const { state } = session;
      if (state.step === "admitted" && !met.has(state.arrival.station)) met.set(state.arrival.station, state.sinceMs);
      return undefined;
    });
    // A message far over size or a broken frame: ws has sent a close frame with its own code (1009, 1002) by now.
    peer.on("error", () => cutLater(peer));
    peer.on("close", () => {
      session.onClosed();
      sessions.delete(peer);
    });
  };
  http.on("upgrade", onUpgrade);
  const ticking = setInterval(() => {
    for (const session of sessions.values()) session.onTick();
  }, TICK_MS);

  return {
    ...announcer,
    connected: () => showConnected(states(), (log) => around.known.standingOf(log) !== "rejected"),
    waiting: () => showWaiting(states()),
    metAtMs: (station) => met.get(station),
    async close() {
      clearInterval(ticking);
      http.off("upgrade", onUpgrade);
      const gone = [...sessions.keys()].map(
        (peer) => new Promise<void>((resolve) => void peer.once("close", () => resolve())),
      );
      for (const peer of sessions.keys()) {
        endPeer(peer, "goingAway");
        cutLater(peer);
      }
      await Promise.all(gone);
    },
  };
}

/** After the close frame nothing more may be written, so the socket counts as gone as soon as closing began. */
function wireOf(peer: WebSocket, socket: Socket): Wire {
  return {
    get writableLength() {
      return socket.writableLength;
    },
    get destroyed() {
      return socket.destroyed || peer.readyState !== peer.OPEN;
    },
    write: (bytes) => socket.write(bytes),
    once: (event, listener) => socket.once(event, listener),
  };
}

function endPeer(peer: WebSocket, why: CloseName): void {
  if (peer.readyState !== peer.OPEN) return;
  peer.close(CLOSE[why], CLOSE_WORDS[why]);
  cutLater(peer);
}

function cutLater(peer: WebSocket): void {
  const cut = setTimeout(() => peer.terminate(), CLOSE_GRACE_MS);
  peer.once("close", () => clearTimeout(cut));
}

/** Path of a request; undefined when its target is none (`//`, or what a hand wrote). */
function pathOf({ url = "/" }: IncomingMessage): string | undefined {
  return URL.parse(url, "http://link")?.pathname;
}

function isGreeting({ state }: Session): boolean {
  return state.step === "greeting";
}

/** Too many links of the station that just arrived: the oldest go. */
function keepNewest(sessions: ReadonlyMap<WebSocket, Session>, { state: arrived }: Session): void {
  if (arrived.step === "greeting") return;
  const links = [...sessions].filter(
    ([, { state }]) => state.step !== "greeting" && state.arrival.station === arrived.arrival.station,
  );
  for (const [peer] of links.slice(0, Math.max(0, links.length - MAX_LINKS_PER_STATION))) endPeer(peer, "replaced");
}
