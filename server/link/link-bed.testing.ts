/** For tests only: the server's side of the link on a real port, and a station that speaks in raw frames. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { toHex } from "../../shared/bytes.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { shortHash } from "../../shared/domain/fold-act.ts";
import { createTestLog, testId, testPoll, type TestLog } from "../../shared/domain/testing.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame, type FrameName, type FrameOf } from "../../shared/link/frames.ts";
import { challengeToSign, enrolmentCode, proofToSign, stationId, type Encounter } from "../../shared/link/handshake.ts";
import { LINK_PATH, LINK_SUBPROTOCOL } from "../../shared/link/limits.ts";
import { checkSignature, newKeyPem, signatureFits, signingKey, verifyingKey } from "../identity/ed25519.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { sha256 } from "../ledger/sha256.ts";
import { openSqliteLedger } from "../ledger/sqlite/sqlite-ledger.ts";
import { createFeed, type Feed } from "../push/feed.ts";
import { createLinkServer, type LinkServer } from "./link-server.ts";

const T0 = 1_800_000_000_000;
const EVENT_ID = testId(0xc);
const EVENT = new Uint8Array(Buffer.from(EVENT_ID, "hex"));
export const EVENT_KEY = new Uint8Array(32).fill(0xee);
const NO_BYTES = new Uint8Array();

export interface LinkBed {
  port: number;
  ledger: Ledger;
  links: LinkServer;
  feed: Feed;
  /** An open poll that the server knows. */
  poll: ReturnType<typeof testPoll>;
  /** The server's clock that never jumps goes on. */
  goOn(byMs: number): void;
  /** From now on the ledger does this with what is appended. */
  plant(append: Ledger["append"] | null): void;
  /** Cut all connections of this file's stations. */
  hangUp(): void;
  stop(): Promise<void>;
}

const sockets = new Set<WebSocket>();

export async function openLinkBed(): Promise<LinkBed> {
  const directory = mkdtempSync(join(tmpdir(), "link-"));
  const opened = await openSqliteLedger(directory, { clock: () => T0 });
  if (!opened.ok) throw new Error(opened.reason);
  const real = opened.ledger;
  let planted: Ledger["append"] | null = null;
  const ledger: Ledger = { ...real, append: (change, options) => (planted ?? real.append)(change, options) };
  const poll = testPoll(sha256, 1);
  for (const change of [{ kind: "event-created", event: EVENT_ID } as const, poll.defined, poll.opened])
    await real.append(change);
  let standing = await real.standing();
  let nowMs = 0;
  const feed = createFeed({
    polls: () => standing.polls.values(),
    definition: (hash) => (hash === poll.hash ? poll.definition : undefined),
    setTimer(run, delayMs) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
  const http = createServer();
  const links = createLinkServer(http, {
    ledger,
    feed,
    event: EVENT,
    eventKey: EVENT_KEY,
    signing: signingKey(newKeyPem()),
    certificate: NO_BYTES,
    nonce: () => new Uint8Array(randomBytes(32)),
    sha256,
    fits: signatureFits,
    check: checkSignature,
    verifyingKey,
    title: () => "Fair",
    wallMs: () => T0,
    monotonicMs: () => nowMs,
    isAdmitted: (station) => standing.stations.has(station),
    pollByHash: (hash) => [...standing.polls.values()].find((row) => shortHash(row.hash) === hash)?.id,
    mayUpgrade: ({ origin }) => origin === undefined,
  });
  real.onCommit((committed) => {
    const polls = new Map(standing.polls);
    for (const row of committed.polls) polls.set(row.id, row);
    const stations = new Map(standing.stations);
    for (const row of committed.stations) stations.set(row.station, row);
    standing = { ...standing, cursor: committed.cursor, polls, stations };
    feed.onCommit(committed);
    if (committed.stations.length > 0) links.onAdmission();
  });
  const port = await listening(http);
  return {
    port,
    ledger,
    links,
    feed,
    poll,
    goOn: (byMs) => void (nowMs += byMs),
    plant: (append) => void (planted = append),
    hangUp() {
      for (const socket of sockets) socket.terminate();
    },
    async stop() {
      feed.close();
      await links.close();
      await new Promise((resolve) => http.close(resolve));
      await real.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listening(http: Server): Promise<number> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export interface TestStation {
  id: string;
  key: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
  admitted: Change;
  /** A log of this station. */
  newLog(number: number): TestLog;
}

export function createTestStation(): TestStation {
  const { publicKey: key, sign } = signingKey(newKeyPem());
  const id = toHex(stationId(sha256, key));
  return {
    id,
    key,
    sign,
    admitted: { kind: "station-admitted", station: id, key },
    newLog: (number) =>
      createTestLog(sha256, { log: testId(number), station: id, event: EVENT_ID, openedAtMs: T0, sign }),
  };
}

export interface TestLink {
  /** Frames that came and were not asked for yet. */
  heard: Frame[];
  send(frame: Frame): void;
  sendRaw(message: Uint8Array | string): void;
  /** The next frame of this kind; those before it are dropped. */
  next<Name extends FrameName>(name: Name): Promise<FrameOf<Name>>;
  closed: Promise<{ code: number; reason: string }>;
  socket: WebSocket;
}

/** A bare connection. */
export async function connect(port: number): Promise<TestLink> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${LINK_PATH}`, LINK_SUBPROTOCOL, { perMessageDeflate: false });
  const heard: Frame[] = [];
  let wake = () => {};
  socket.on("message", (message) => {
    const read = Buffer.isBuffer(message) ? decodeFrame(message) : undefined;
    if (read?.ok !== true) throw new Error("the server sent what is no frame");
    heard.push(read.frame);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => {
      wake();
      resolve({ code, reason: reason.toString() });
    });
  });
  socket.on("error", () => {});
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("close", () => reject(new Error("the server did not take the connection")));
  });
  const sendRaw = (message: Uint8Array | string) => socket.send(message);
  return {
    heard,
    socket,
    closed,
    sendRaw,
    send: (frame) => sendRaw(encodeFrame(frame)),
    async next(name) {
      for (;;) {
        const frame = heard.shift();
        if (frame !== undefined && isFrame(frame, name)) return frame;
        if (frame !== undefined) continue;
        if (socket.readyState !== socket.OPEN) throw new Error(`the link closed before a frame ${name}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function isFrame<Name extends FrameName>(frame: Frame, name: Name): frame is FrameOf<Name> {
  return frame[0] === FRAME[name];
}

export interface Greeted extends TestLink {
  encounter: Encounter;
  code: string;
  welcome: FrameOf<"welcome">;
}

/** A connection through the whole handshake, to its welcome. */
export async function greet(port: number, station: TestStation, has: FrameOf<"proof">[3] = []): Promise<Greeted> {
  const link = await connect(port);
  const nonce = new Uint8Array(randomBytes(32));
  const encounter = await challenged(link, station, nonce);
  link.send([FRAME.proof, nonce, station.sign(proofToSign(encounter, nonce)), has]);
  const welcome = await link.next("welcome");
  return { ...link, encounter, code: enrolmentCode(sha256, encounter, nonce), welcome };
}

/** Hello and its challenge, whose signature is checked. */
export async function challenged(link: TestLink, station: TestStation, nonce: Uint8Array): Promise<Encounter> {
  const commitment = sha256(nonce);
  link.send([FRAME.hello, [1], station.key, commitment, "test"]);
  const [, version, event, serverKey, serverNonce, signature] = await link.next("challenge");
  const stationKey = station.key;
  const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate: NO_BYTES };
  if (!signatureFits(serverKey, challengeToSign(encounter), signature))
    throw new Error("the server's signature is wrong");
  return encounter;
}

/** A station the organiser let in. */
export async function admit({ ledger }: LinkBed): Promise<TestStation> {
  const station = createTestStation();
  await ledger.append(station.admitted);
  return station;
}

/** Is another station served as if nothing had been? */
export async function servesOthers(bed: LinkBed): Promise<boolean> {
  const other = await greet(bed.port, await admit(bed));
  other.send([FRAME.ping, 7]);
  const [, number, serverMs] = await other.next("pong");
  other.socket.terminate();
  return number === 7 && serverMs === T0;
}

/** The frame that opens a log, and the one of a batch. */
export function logFrame(log: TestLog): FrameOf<"log"> {
  if (log.opened.kind !== "log-opened") throw new Error("no header");
  return [FRAME.log, log.opened.header, log.opened.signature];
}

export function batchFrame(log: TestLog, first?: number, count?: number): FrameOf<"batch"> {
  return [FRAME.batch, log.batch(first, count).batch];
}
