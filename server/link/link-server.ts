/** The WebSocket side of the server: upgrades, sockets and timers around the sessions; it decides nothing itself. */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import {
  LINK_PATH,
  LINK_SUBPROTOCOL,
  MAX_FRAME_BYTES,
  MAX_LINKS_PER_STATION,
  MAX_WAITING_STATIONS,
} from "../../shared/link/limits.ts";
import { createTurnWriter } from "../push/turn-writer.ts";
import { createAnnouncer, type Announcer } from "./announce.ts";
import { createLinks, type Links } from "./links.ts";
import { cutLater, endPeer } from "./peer-end.ts";
import { PeerWire } from "./peer-wire.ts";
import type { LinkPresence } from "./presence.ts";
import { showConnected, showWaiting } from "./show-links.ts";
import { noteGone } from "./link-watch.ts";
import { LinkSession, RATE, type Crowd, type Session, type SessionSurroundings } from "./session.ts";
import { createStationBuckets } from "./token-bucket.ts";

/** How often sessions look whether their station still speaks. */
const TICK_MS = 1_000;
/** Connections at once, greeting included: an event has at most some thousand kiosks. */
const MAX_LINKS = 12_000;
/**
 * Links whose station has not proved its key yet; of more the oldest goes. A station greets within moments, so whoever opens
 * links to leave them at that ends its own, and takes nobody's place.
 */
const MAX_GREETING_LINKS = 2_000;
/** A station's library may cut a message into some; cut into single bytes it would cost hundreds of times its length. */
const MAX_FRAGMENTS = 64;

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
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    // `links` has them.
    clientTracking: false,
    handleProtocols: (offered) => (offered.has(LINK_SUBPROTOCOL) ? LINK_SUBPROTOCOL : false),
  });
  const links = createLinks<WebSocket>();
  /** In the order they came. */
  const greeting = new Set<WebSocket>();
  const { counts } = around.watch;
  /** Stations that were let in since the start, and when first: as many as there are stations. */
  const met = new Map<string, number>();
  const states = () => Array.from(links.sessions(), (session) => session.state);
  const crowd: Crowd = {
    mayWait: () => links.waiting().length < MAX_WAITING_STATIONS,
    buckets: createStationBuckets(RATE),
  };
  const announcer = createAnnouncer(links, {
    destroyed: around.known.keyDestroyed(),
    lfBits: around.known.lfBits(),
  });

  const refusal = (pathname: string | undefined, { headers }: IncomingMessage): string | null => {
    if (pathname !== LINK_PATH) return "404 Not Found";
    if (!around.mayUpgrade(headers)) return "403 Forbidden";
    const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
    if (offered?.includes(LINK_SUBPROTOCOL) !== true) return "400 Bad Request";
    return links.size < MAX_LINKS ? null : "503 Service Unavailable";
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node hands the socket over without a listener; a peer that resets it must not end the server.
    socket.on("error", destroyThis);
    const status = refusal(pathOf(request), request);
    if (status !== null) {
      socket.once("finish", () => socket.destroy());
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (peer) => {
      // From here on ws listens.
      socket.off("error", destroyThis);
      begin(peer, request.socket);
    });
  };
  const begin = (peer: WebSocket, socket: Socket) => {
    socket.setNoDelay(true);
    const wire = new PeerWire(peer, socket, counts);
    // What must arrive and cannot, because the station takes nothing, ends the link; it begins anew from its cursors.
    const writer = createTurnWriter(wire, () => wire.close("tooFast"));
    links.add(peer, new LinkSession(around, writer, wire, crowd));
    greeting.add(peer);
    const [oldest] = greeting.size > MAX_GREETING_LINKS ? greeting : [];
    if (oldest !== undefined && greeting.delete(oldest)) endPeer(oldest, "silence");
    peer.on("message", onMessage);
    // A message far over size or a broken frame: ws has sent a close frame with its own code (1009, 1002) by now.
    peer.on("error", cutThisLater);
    peer.on("close", onClose);
  };
  /** The same for all peers, each of which is `this`: listeners of their own would be a good part of what a link needs. */
  function onMessage(this: WebSocket, message: RawData, isBinary: boolean): void {
    const session = links.session(this);
    if (session === undefined || this.readyState !== this.OPEN) return;
    if (!isBinary || !Buffer.isBuffer(message)) return endPeer(this, "badFrame");
    counts.framesIn++;
    counts.bytesIn += message.length;
    const greeted = !isGreeting(session);
    session.onMessage(message);
    if (!greeted && !isGreeting(session)) {
      greeting.delete(this);
      links.arrived(this, session);
      keepNewest(links, session);
    }
    // Whoever is let in has something to say at once.
    const { state } = session;
    if (state.step === "admitted" && !met.has(state.station)) met.set(state.station, state.sinceMs);
  }
  function onClose(this: WebSocket, code: number): void {
    const session = links.session(this);
    if (session === undefined) return;
    session.onClosed();
    greeting.delete(this);
    noteGone(around.watch, this, stationOf(session), code);
    links.remove(this);
  }
  http.on("upgrade", onUpgrade);
  const ticking = setInterval(() => {
    for (const session of links.sessions()) session.onTick();
  }, TICK_MS);

  return {
    ...announcer,
    connected: () => showConnected(states(), (log) => around.known.standingOf(log) !== "rejected"),
    waiting: () => showWaiting(links.waiting().map((session) => session.state)),
    metAtMs: (station) => met.get(station),
    async close() {
      clearInterval(ticking);
      http.off("upgrade", onUpgrade);
      const gone = Array.from(
        links.peers(),
        (peer) => new Promise<void>((resolve) => void peer.once("close", () => resolve())),
      );
      for (const peer of links.peers()) {
        endPeer(peer, "goingAway");
        cutLater(peer);
      }
      await Promise.all(gone);
    },
  };
}

function destroyThis(this: Duplex): void {
  this.destroy();
}

function cutThisLater(this: WebSocket): void {
  cutLater(this);
}

/** Path of a request; undefined when its target is none (`//`, or what a hand wrote). */
function pathOf({ url = "/" }: IncomingMessage): string | undefined {
  return URL.parse(url, "http://link")?.pathname;
}

function stationOf({ state }: Session): string | null {
  return state.step === "greeting" ? null : state.station;
}

function isGreeting({ state }: Session): boolean {
  return state.step === "greeting";
}

/** Too many links of the station that just arrived: the oldest go. */
function keepNewest(links: Links<WebSocket>, { state: arrived }: Session): void {
  if (arrived.step === "greeting") return;
  const own = links.of(arrived.station);
  for (const [peer] of own.slice(0, Math.max(0, own.length - MAX_LINKS_PER_STATION))) endPeer(peer, "replaced");
}
