/**
 * How station and server know each other: what each signs, and the code a person compares.
 *
 * The station commits to its nonce before it sees the server's, and shows it after. So whoever sits in between can
 * try one pair of keys per connection and no more, and a short code is enough.
 */
import { ascii, concatBytes, sameBytes } from "../bytes.ts";
import { encodeCbor } from "../cbor.ts";
import { ID_BYTES } from "../schemas.ts";
import type { Sha256 } from "../domain/record.ts";

/** Everything both sides have seen once the challenge is there. */
export interface Encounter {
  version: number;
  event: Uint8Array;
  stationKey: Uint8Array;
  serverKey: Uint8Array;
  /** SHA-256 of the station's nonce. */
  commitment: Uint8Array;
  serverNonce: Uint8Array;
  /** SHA-256 of the server's TLS certificate as the speaker knows it; empty on a plain loopback link. */
  certificate: Uint8Array;
}

function encounterBytes(encounter: Encounter): Uint8Array {
  return encodeCbor([
    encounter.version,
    encounter.event,
    encounter.stationKey,
    encounter.serverKey,
    encounter.commitment,
    encounter.serverNonce,
    encounter.certificate,
  ]);
}

/** What the server signs in `challenge`. */
export function challengeToSign(encounter: Encounter): Uint8Array {
  return concatBytes(ascii("polling-station/1 challenge\n"), encounterBytes(encounter));
}

/** What the station signs in `proof`. */
export function proofToSign(encounter: Encounter, stationNonce: Uint8Array): Uint8Array {
  return concatBytes(ascii("polling-station/1 proof\n"), encounterBytes(encounter), stationNonce);
}

/** Was this the nonce that was promised? */
export function keepsPromise(sha256: Sha256, encounter: Encounter, stationNonce: Uint8Array): boolean {
  return sameBytes(sha256(stationNonce), encounter.commitment);
}

/** A station is known by its key: the first 16 bytes of its SHA-256. */
export function stationId(sha256: Sha256, stationKey: Uint8Array): Uint8Array {
  return sha256(stationKey).slice(0, ID_BYTES);
}

/**
 * No vowels, and of what looks alike (2 Z, 5 S, 6 G, 8 B, 0 O, 1 I) one or none: no words, no mix-ups. Somebody in
 * between gets one try in 38 thousand million.
 */
const CODE_LETTERS = "3479CDFGHJKLMNPQRTVWX";
const CODE_LENGTH = 8;

/** The code on the kiosk's screen, `XXXX-XXXX`, that an organiser types to admit the station. */
export function enrolmentCode(sha256: Sha256, encounter: Encounter, stationNonce: Uint8Array): string {
  const digest = sha256(concatBytes(ascii("polling-station/1 code\n"), encounterBytes(encounter), stationNonce));
  const letters = Array.from(digest.slice(0, CODE_LENGTH), (byte) => CODE_LETTERS[byte % CODE_LETTERS.length]);
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/** What a person typed, as the code is written: case, spaces and the dash do not matter. */
export function readCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
