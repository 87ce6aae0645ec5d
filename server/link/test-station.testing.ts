/** For tests only: a station that speaks in raw frames. */
import { randomBytes } from "node:crypto";
import { WebSocket } from "ws";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { Change } from "../../shared/domain/entry.ts";
import { CLOSE, closeWords, type CloseName } from "../../shared/link/close-codes.ts";
import type { LogPlace } from "../../shared/domain/record.ts";
import { createTestLog, testId, type TestLog } from "../../shared/domain/testing.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame, type FrameName, type FrameOf } from "../../shared/link/frames.ts";
import { challengeToSign, enrolmentCode, proofToSign, stationId, type Encounter } from "../../shared/link/handshake.ts";
import { LINK_PATH, LINK_SUBPROTOCOL } from "../../shared/link/limits.ts";
import { newKeyPem, signatureFits, signingKey } from "../identity/ed25519.ts";
import { sha256 } from "../ledger/sha256.ts";

export const T0 = 1_800_000_000_000;
export const EVENT_ID = testId(0xc);
export const EVENT = bytesOfHex(EVENT_ID);
export const NO_BYTES = new Uint8Array();

const sockets = new Set<WebSocket>();

/** Cut all connections of this file's stations. */
export function hangUp(): void {
  for (const socket of sockets) socket.terminate();
}

export interface TestStation {
  id: string;
  key: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
  admitted: Change;
  /** A log of this station. */
  newLog(number: number, parent?: LogPlace): TestLog;
}

export function createTestStation(): TestStation {
  const { publicKey: key, sign } = signingKey(newKeyPem());
  const id = toHex(stationId(sha256, key));
  return {
    id,
    key,
    sign,
    admitted: { kind: "station-admitted", station: id, key },
    newLog: (number, parent) =>
      createTestLog(sha256, {
        log: testId(number),
        station: id,
        event: EVENT_ID,
        openedAtMs: T0,
        sign,
        ...(parent === undefined ? {} : { parent }),
      }),
  };
}

export interface TestLink {
  /** Frames that came and were not asked for yet. */
  heard: Frame[];
  send(frame: Frame): void;
  sendRaw(message: Uint8Array | string): void;
  /** The next frame of this kind; those before it are dropped. */
  next<Name extends FrameName>(name: Name): Promise<FrameOf<Name>>;
  /** The next frame, whatever it is. */
  any(): Promise<Frame>;
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
  const any = async (wanted = ""): Promise<Frame> => {
    for (;;) {
      const frame = heard.shift();
      if (frame !== undefined) return frame;
      if (socket.readyState !== socket.OPEN) throw new Error(`the link closed before a frame ${wanted}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    heard,
    socket,
    closed,
    sendRaw,
    send: (frame) => sendRaw(encodeFrame(frame)),
    any: () => any(),
    async next(name) {
      for (;;) {
        const frame = await any(name);
        if (isFrame(frame, name)) return frame;
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

/** What a station says it has of the feed. */
export interface Told {
  epoch: Uint8Array;
  polls: FrameOf<"proof">[4];
}

/** A connection through the whole handshake, to its welcome. */
export async function greet(
  port: number,
  station: TestStation,
  told: Told | null = null,
  versions: readonly number[] = [1],
): Promise<Greeted> {
  const link = await connect(port);
  const nonce = new Uint8Array(randomBytes(32));
  const encounter = await challenged(link, station, nonce, versions);
  link.send(proofFrame(station, encounter, nonce, told));
  const welcome = await link.next("welcome");
  return { ...link, encounter, code: enrolmentCode(sha256, encounter, nonce), welcome };
}

export function proofFrame(
  station: Pick<TestStation, "sign">,
  encounter: Encounter,
  nonce: Uint8Array,
  told: Told | null = null,
): FrameOf<"proof"> {
  return [FRAME.proof, nonce, station.sign(proofToSign(encounter, nonce)), told?.epoch ?? null, told?.polls ?? []];
}

/** Hello and its challenge, whose signature is checked. */
export async function challenged(
  link: TestLink,
  station: TestStation,
  nonce: Uint8Array,
  versions: readonly number[] = [1],
): Promise<Encounter> {
  const commitment = sha256(nonce);
  link.send([FRAME.hello, [...versions], station.key, commitment, "test"]);
  const [, version, event, serverKey, serverNonce, signature] = await link.next("challenge");
  const stationKey = station.key;
  const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate: NO_BYTES };
  if (!signatureFits(serverKey, challengeToSign(encounter), signature))
    throw new Error("the server's signature is wrong");
  return encounter;
}

/** The frame that opens a log, saying how far it goes now, and the one of a batch. */
export function logFrame(log: TestLog): FrameOf<"log"> {
  if (log.opened.kind !== "log-opened") throw new Error("no header");
  const { header, signature } = log.opened;
  return [FRAME.log, header, signature, log.records.length, log.hashAt(log.records.length)];
}

export function batchFrame(log: TestLog, first?: number, count?: number): FrameOf<"batch"> {
  return [FRAME.batch, log.batch(first, count).batch];
}

/** Everything up to the next frame of this kind, and that frame. */
export async function until(link: TestLink, name: FrameName): Promise<Frame[]> {
  const heard: Frame[] = [];
  for (;;) {
    const frame = await link.any();
    heard.push(frame);
    if (isFrame(frame, name)) return heard;
  }
}

/** What was on its way is heard; not what the server still checks or asks its ledger for. */
export async function settle(link: TestLink): Promise<Frame[]> {
  const heard: Frame[] = [];
  // A pong comes after all that was on its way; the second after what the turn's end still added.
  for (const number of [1, 2]) {
    link.send([FRAME.ping, number]);
    for (;;) {
      const frame = await link.any();
      if (frame[0] === FRAME.pong && frame[1] === number) break;
      heard.push(frame);
    }
  }
  return heard;
}

export function framesOf<Name extends FrameName>(frames: readonly Frame[], name: Name): FrameOf<Name>[] {
  return frames.filter((frame) => isFrame(frame, name));
}

/** The place a log goes on from. */
export function placeOf(log: TestLog, number: number): LogPlace {
  return { log: bytesOfHex(log.id), number, hash: log.hashAt(number) };
}

/** How a link ends that is closed for this. */
export function closing(why: CloseName): { code: number; reason: string } {
  return { code: CLOSE[why], reason: closeWords(why) };
}
