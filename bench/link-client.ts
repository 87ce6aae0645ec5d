/** A station without readers or disk: the real link protocol, and batches of exactly the size that is asked for. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import { encodeBatch, hashRecords } from "../shared/domain/batch.ts";
import { batchToSign, encodeHeader, firstHash, headerToSign, type LogRecord } from "../shared/domain/record.ts";
import { FRAME, NONCE_BYTES, decodeFrame, encodeFrame, type Frame, type FrameOf } from "../shared/link/frames.ts";
import { enrolmentCode, proofToSign, stationId } from "../shared/link/handshake.ts";
import { LINK_PATH, LINK_SUBPROTOCOL, LINK_VERSIONS, MAX_BATCHES_IN_FLIGHT } from "../shared/link/limits.ts";
import { ID_BYTES } from "../shared/schemas.ts";

export interface LinkClient {
  /** Send these records as one batch; resolves when there is room for the next. */
  send(records: readonly LogRecord[]): Promise<void>;
  /** Resolves when the server has acknowledged all. */
  drained(): Promise<void>;
  close(): void;
}

interface Key {
  publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Connect as a new station and begin a log. @param admit is given the code, and enrols it */
export async function openLink(server: string, admit: (code: string) => Promise<unknown>): Promise<LinkClient> {
  const key = newKey();
  const socket = new WebSocket(new URL(LINK_PATH, server.replace("http", "ws")), LINK_SUBPROTOCOL, {
    perMessageDeflate: false,
  });
  const hearing = hear(socket);
  await once(socket, "open");
  const send = (frame: Frame) => socket.send(encodeFrame(frame));
  const event = await greet(key, send, hearing, admit);

  const log = new Uint8Array(randomBytes(ID_BYTES));
  const station = stationId(sha256, key.publicKey);
  const header = encodeHeader({ log, station, event, openedAtMs: Date.now(), parent: null });
  let [hash, number] = [firstHash(sha256, header), 0];
  send([FRAME.log, header, key.sign(headerToSign(header)), number, hash]);
  await hearing.next((frame) => (frame[0] === FRAME.ack ? frame : undefined));

  const batches = { sent: 0, acked: 0 };
  const inFlight = () => batches.sent - batches.acked;
  const acked = async () => {
    const [, , head] = await hearing.next((frame) => (frame[0] === FRAME.ack ? frame : undefined));
    batches.acked += 1;
    return head;
  };
  return {
    async send(records) {
      const [hashBefore, first] = [hash, number + 1];
      hash = hashRecords(sha256, hashBefore, records);
      number += records.length;
      const signature = key.sign(batchToSign({ log, first, count: records.length, hashBefore, hashAfter: hash }));
      send([FRAME.batch, encodeBatch({ log, first, hashBefore, records: [...records], signature })]);
      batches.sent += 1;
      while (inFlight() >= MAX_BATCHES_IN_FLIGHT) await acked();
    },
    async drained() {
      let head = number;
      while (inFlight() > 0) head = await acked();
      if (head !== number) throw new Error(`the server acknowledged ${head} of ${number} records`);
    },
    close: () => socket.terminate(),
  };
}

/** Up to the welcome that admits; the event's id. */
async function greet(
  key: Key,
  send: (frame: Frame) => void,
  hearing: Hearing,
  admit: (code: string) => Promise<unknown>,
): Promise<Uint8Array> {
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const commitment = sha256(nonce);
  send([FRAME.hello, [...LINK_VERSIONS], key.publicKey, commitment, "polling-station bench"]);
  const challenge = await hearing.next((frame) => (frame[0] === FRAME.challenge ? frame : undefined));
  const [, version, event, serverKey, serverNonce] = challenge;
  const stationKey = key.publicKey;
  const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate: new Uint8Array() };
  send([FRAME.proof, nonce, key.sign(proofToSign(encounter, nonce)), null, []]);
  const welcome = (frame: Frame): FrameOf<"welcome"> | undefined => (frame[0] === FRAME.welcome ? frame : undefined);
  let [, admitted] = await hearing.next(welcome);
  if (!admitted) {
    const second = hearing.next(welcome);
    await admit(enrolmentCode(sha256, encounter, nonce));
    [, admitted] = await second;
  }
  if (!admitted) throw new Error("the server does not admit this station");
  return event;
}

interface Hearing {
  /** The next frame that `pick` takes; those it does not take are passed over. */
  next<T>(pick: (frame: Frame) => T | undefined): Promise<T>;
}

function hear(socket: WebSocket): Hearing {
  const heard: Frame[] = [];
  let wake = Promise.withResolvers<void>();
  let ended: string | undefined;
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  socket.on("message", (message) => {
    const read = Buffer.isBuffer(message) ? decodeFrame(message) : undefined;
    if (read?.ok === true) heard.push(read.frame);
    stir();
  });
  socket.on("close", (code, reason) => {
    ended = `the server closed the link: ${code} ${reason.toString()}`;
    stir();
  });
  return {
    async next(pick) {
      for (;;) {
        for (let frame = heard.shift(); frame !== undefined; frame = heard.shift()) {
          const picked = pick(frame);
          if (picked !== undefined) return picked;
        }
        if (ended !== undefined) throw new Error(ended);
        await wake.promise;
      }
    },
  };
}

function newKey(): Key {
  const pair = generateKeyPairSync("ed25519");
  const key = createPrivateKey(pair.privateKey.export({ format: "pem", type: "pkcs8" }));
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    publicKey: new Uint8Array(Buffer.from(x, "base64url")),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}
