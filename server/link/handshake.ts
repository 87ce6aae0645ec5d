/** The server's side of the handshake: one frame in, one frame out, and in the end who is there. */
import { toHex } from "../../shared/bytes.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import {
  challengeToSign,
  enrolmentCode,
  keepsPromise,
  proofToSign,
  stationId,
  type Encounter,
} from "../../shared/link/handshake.ts";
import { LINK_VERSIONS } from "../../shared/link/limits.ts";
import type { SigningKey } from "../identity/ed25519.ts";

export interface HandshakeSurroundings {
  signing: SigningKey;
  event: Uint8Array;
  /** SHA-256 of the TLS certificate shown to stations; empty on plain loopback. */
  certificate: Uint8Array;
  nonce: () => Uint8Array;
  sha256: Sha256;
  /** Versions of the link it speaks, newest first; all there are, but in tests. */
  versions?: readonly number[];
  /** Check an Ed25519 signature; a false key is a false signature. */
  fits: (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
}

export type Handshake =
  { step: "hello" } | { step: "proof"; encounter: Encounter; software: string } | { step: "done"; arrival: Arrival };

/** A station that proved its key. */
export interface Arrival {
  station: string;
  key: Uint8Array;
  /** Of the protocol, as both speak it. */
  version: number;
  code: string;
  software: string;
  /** The epoch of the server it was last told in; null when it was never told anything. */
  epoch: FrameOf<"proof">[3];
  /** What it has of the feed. */
  has: FrameOf<"proof">[4];
}

export type HandshakeStep = { next: Handshake; reply: Frame | null } | { close: CloseName };

/** One frame further. */
export function greet(around: HandshakeSurroundings, state: Handshake, frame: Frame): HandshakeStep {
  if (state.step === "hello" && frame[0] === FRAME.hello) return challenge(around, frame);
  if (state.step === "proof" && frame[0] === FRAME.proof) return check(around, state, frame);
  return { close: "outOfOrder" };
}

function challenge(around: HandshakeSurroundings, frame: FrameOf<"hello">): HandshakeStep {
  const [, versions, stationKey, commitment, software] = frame;
  const { versions: spoken = LINK_VERSIONS } = around;
  const version = spoken.find((known) => versions.includes(known));
  if (version === undefined) return { close: "unknownVersion" };
  const { event, signing, certificate } = around;
  const serverNonce = around.nonce();
  const serverKey = signing.publicKey;
  const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate };
  const signature = signing.sign(challengeToSign(encounter));
  return {
    next: { step: "proof", encounter, software },
    reply: [FRAME.challenge, version, event, serverKey, serverNonce, signature],
  };
}

function check(
  around: HandshakeSurroundings,
  { encounter, software }: Extract<Handshake, { step: "proof" }>,
  frame: FrameOf<"proof">,
): HandshakeStep {
  const [, stationNonce, signature, epoch, has] = frame;
  const { sha256, fits } = around;
  const honest =
    keepsPromise(sha256, encounter, stationNonce) &&
    fits(encounter.stationKey, proofToSign(encounter, stationNonce), signature);
  if (!honest) return { close: "badSignature" };
  const arrival = {
    station: toHex(stationId(sha256, encounter.stationKey)),
    key: encounter.stationKey,
    version: encounter.version,
    code: enrolmentCode(sha256, encounter, stationNonce),
    software,
    epoch,
    has,
  };
  return { next: { step: "done", arrival }, reply: null };
}
