/** The station's side of the handshake, and its check that this is the server it was enrolled at. */
import { sameBytes } from "../../shared/bytes.ts";
import type { Sha256 } from "../../shared/domain/record.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { challengeToSign, enrolmentCode, proofToSign, type Encounter } from "../../shared/link/handshake.ts";
import { LINK_VERSIONS } from "../../shared/link/limits.ts";
import type { StationKey } from "../identity/ed25519.ts";
import type { Enrolment } from "../identity/enrolment.ts";
import type { FeedPlace } from "../picture/poll-board.ts";

export interface GreetingSurroundings {
  key: StationKey;
  enrolment: Enrolment | undefined;
  software: string;
  sha256: Sha256;
  fits: (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
  /** Of the link, newest first; all there are, but in tests. */
  versions?: readonly number[];
}

/** The first frame, with the promise of a nonce. */
export function hello(around: GreetingSurroundings, nonce: Uint8Array): FrameOf<"hello"> {
  const { key, software, sha256, versions = LINK_VERSIONS } = around;
  return [FRAME.hello, [...versions], key.publicKey, sha256(nonce), software];
}

export type Answer =
  | { proof: FrameOf<"proof">; encounter: Encounter; code: string }
  | { close: Extract<CloseName, "unknownVersion" | "wrongServer"> };

/**
 * The answer to a challenge, or why there is none.
 * @param certificate SHA-256 of the certificate the TLS connection really has; empty without TLS.
 */
export function answer(
  around: GreetingSurroundings,
  nonce: Uint8Array,
  challenge: FrameOf<"challenge">,
  certificate: Uint8Array,
  { epoch, polls }: FeedPlace,
): Answer {
  const [, version, event, serverKey, serverNonce, signature] = challenge;
  const { versions = LINK_VERSIONS } = around;
  if (!versions.some((known) => known === version)) return { close: "unknownVersion" };
  const { key, enrolment, sha256, fits } = around;
  const stationKey = key.publicKey;
  const commitment = sha256(nonce);
  const encounter = { version, event, stationKey, serverKey, commitment, serverNonce, certificate };
  const expected =
    enrolment === undefined || (sameBytes(enrolment.serverKey, serverKey) && sameBytes(enrolment.event, event));
  if (!expected || !fits(serverKey, challengeToSign(encounter), signature)) return { close: "wrongServer" };
  return {
    proof: [FRAME.proof, nonce, key.sign(proofToSign(encounter, nonce)), epoch, polls],
    encounter,
    code: enrolmentCode(sha256, encounter, nonce),
  };
}
