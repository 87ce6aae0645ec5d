/** A station's handshake over a bare socket, up to the welcome that admits. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { FRAME, NONCE_BYTES, decodeFrame, encodeFrame, type Frame, type FrameOf } from "../shared/link/frames.ts";
import { enrolmentCode, proofToSign } from "../shared/link/handshake.ts";
import { LINK_VERSIONS } from "../shared/link/limits.ts";
import { createFrameWalk, maskedFrame } from "./bare-frames.ts";
import { openBareSocket } from "./bare-socket.ts";

export interface StationKey {
  publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** A link of an admitted station. */
export interface AdmittedLink {
  readonly key: StationKey;
  readonly event: Uint8Array;
  /** A message, framed and masked. */
  frame(message: Frame): Buffer;
  write(framed: Uint8Array): void;
  /** The next answer that `pick` takes; those it does not take are passed over, and whatever is told unasked. */
  next<T>(pick: (frame: Frame) => T | undefined): Promise<T>;
  /** From now on every message goes there as it is, and `next` hears none. The bytes are only good until it returns. */
  divert(take: (bytes: Buffer, from: number, to: number) => void): void;
  readonly ended: Promise<string>;
  close(): void;
}

/** What is answered to a station; of polls and tallies a thousand stations would have a hundred thousand to read. */
const ANSWERS: ReadonlySet<number> = new Set([FRAME.challenge, FRAME.welcome, FRAME.ack]);

export const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Connect as a new station. @param admit is given the code, and enrols it @param key of one that was admitted before */
export async function openAdmitted(
  server: string,
  admit: (code: string) => Promise<unknown>,
  key = newKey(),
): Promise<AdmittedLink> {
  const socket = await openBareSocket(server);
  const hearing = createHearing();
  let { take } = hearing;
  socket.onBytes(createFrameWalk((bytes, from, to) => take(bytes, from, to)));
  void socket.ended.then(hearing.end);
  const frame = (message: Frame) => maskedFrame(encodeFrame(message), randomBytes(4));
  const event = await greet(key, (message) => socket.write(frame(message)), hearing.next, admit);
  return {
    key,
    event,
    frame,
    next: hearing.next,
    write: socket.write,
    divert: (other) => void (take = other),
    ended: socket.ended,
    close: socket.close,
  };
}

/** Answers that came, in their order, and whoever waits for one. */
function createHearing() {
  const heard: Frame[] = [];
  let ended: string | undefined;
  let wake = Promise.withResolvers<void>();
  return {
    take(bytes: Buffer, from: number, to: number) {
      if (!ANSWERS.has(bytes[from + 1] ?? 0)) return;
      const read = decodeFrame(new Uint8Array(bytes.subarray(from, to)));
      if (!read.ok) throw new Error(`the server sent a frame that is none: ${read.why}`);
      heard.push(read.frame);
      wake.resolve();
    },
    end(why: string) {
      ended = why;
      wake.resolve();
    },
    async next<T>(pick: (frame: Frame) => T | undefined): Promise<T> {
      for (;;) {
        for (let one = heard.shift(); one !== undefined; one = heard.shift()) {
          const picked = pick(one);
          if (picked !== undefined) return picked;
        }
        if (ended !== undefined) throw new Error(ended);
        wake = Promise.withResolvers();
        await wake.promise;
      }
    },
  };
}

/** Up to the welcome that admits; the event's id. */
async function greet(
  key: StationKey,
  send: (frame: Frame) => void,
  next: AdmittedLink["next"],
  admit: (code: string) => Promise<unknown>,
): Promise<Uint8Array> {
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const commitment = sha256(nonce);
  send([FRAME.hello, [...LINK_VERSIONS], key.publicKey, commitment, "polling-station bench"]);
  const challenge = await next((frame) => (frame[0] === FRAME.challenge ? frame : undefined));
  const [, version, event, serverKey, serverNonce] = challenge;
  const stationKey = key.publicKey;
  const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate: new Uint8Array() };
  send([FRAME.proof, nonce, key.sign(proofToSign(encounter, nonce)), null, []]);
  const welcome = (frame: Frame): FrameOf<"welcome"> | undefined => (frame[0] === FRAME.welcome ? frame : undefined);
  let [, admitted] = await next(welcome);
  if (!admitted) {
    const second = next(welcome);
    await admit(enrolmentCode(sha256, encounter, nonce));
    [, admitted] = await second;
  }
  if (!admitted) throw new Error("the server does not admit this station");
  return event;
}

function newKey(): StationKey {
  const pair = generateKeyPairSync("ed25519");
  const key = createPrivateKey(pair.privateKey.export({ format: "pem", type: "pkcs8" }));
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    publicKey: new Uint8Array(Buffer.from(x, "base64url")),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}
