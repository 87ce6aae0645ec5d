import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CLOSE, CLOSE_SENTENCES, closeName, closeWords } from "./close-codes.ts";
import {
  challengeToSign,
  enrolmentCode,
  keepsPromise,
  proofToSign,
  readCode,
  stationId,
  type Encounter,
} from "./handshake.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const NONCE = new Uint8Array(32).fill(1);
const ENCOUNTER: Encounter = {
  version: 1,
  event: new Uint8Array(16).fill(2),
  stationKey: new Uint8Array(32).fill(3),
  serverKey: new Uint8Array(32).fill(4),
  commitment: sha256(NONCE),
  serverNonce: new Uint8Array(32).fill(5),
  certificate: new Uint8Array(),
};
/** The same encounter with one thing another. */
const OTHERS: Encounter[] = [
  { ...ENCOUNTER, version: 2 },
  { ...ENCOUNTER, event: new Uint8Array(16).fill(9) },
  { ...ENCOUNTER, stationKey: new Uint8Array(32).fill(9) },
  { ...ENCOUNTER, serverKey: new Uint8Array(32).fill(9) },
  { ...ENCOUNTER, commitment: new Uint8Array(32).fill(9) },
  { ...ENCOUNTER, serverNonce: new Uint8Array(32).fill(9) },
  { ...ENCOUNTER, certificate: new Uint8Array(32).fill(9) },
];

test("the enrolment code is the same on both sides, and eight letters that nobody mixes up", () => {
  const code = enrolmentCode(sha256, ENCOUNTER, NONCE);
  expect(code).toBe(enrolmentCode(sha256, { ...ENCOUNTER }, NONCE));
  expect(code).toBe("RWCK-7TXD");
  expect(code).toMatch(/^[3479CDFGHJKLMNPQRTVWX]{4}-[3479CDFGHJKLMNPQRTVWX]{4}$/);
});

test("whoever has another key, event, nonce or certificate gets another code, and signs other bytes", () => {
  const codes = OTHERS.map((other) => enrolmentCode(sha256, other, NONCE));
  codes.push(enrolmentCode(sha256, ENCOUNTER, NONCE), enrolmentCode(sha256, ENCOUNTER, new Uint8Array(32)));
  expect(new Set(codes).size).toBe(codes.length);
  for (const other of OTHERS) {
    expect(challengeToSign(other)).not.toEqual(challengeToSign(ENCOUNTER));
    expect(proofToSign(other, NONCE)).not.toEqual(proofToSign(ENCOUNTER, NONCE));
  }
  expect(challengeToSign(ENCOUNTER)).not.toEqual(proofToSign(ENCOUNTER, new Uint8Array()));
});

test("a code is understood however a person types it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...Array.from("3479CDFGHJKLMNPQRTVWX")), { minLength: 8, maxLength: 8 }),
      fc.array(fc.constantFrom("", " ", "-", "–", ".", "\t"), { minLength: 9, maxLength: 9 }),
      fc.boolean(),
      (letters, between, small) => {
        const typed = between.map((gap, at) => gap + (letters[at] ?? "")).join("");
        const code = `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
        expect(readCode(small ? typed.toLowerCase() : typed)).toBe(code);
        expect(readCode(code)).toBe(code);
      },
    ),
  );
});

test("only the nonce that was promised keeps the promise", () => {
  expect(keepsPromise(sha256, ENCOUNTER, NONCE)).toBe(true);
  expect(keepsPromise(sha256, ENCOUNTER, new Uint8Array(32))).toBe(false);
});

test("a station is known by the first half of its key's hash", () => {
  expect(stationId(sha256, ENCOUNTER.stationKey)).toEqual(sha256(ENCOUNTER.stationKey).slice(0, 16));
});

test("every close has its own code, and words that fit a close frame", () => {
  const codes = Object.values(CLOSE);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Object.keys(CLOSE_SENTENCES)).toEqual(Object.keys(CLOSE));
  for (const code of codes) {
    const name = closeName(code);
    expect(name && CLOSE[name]).toBe(code);
    expect(name && closeWords(name)).toMatch(/^[\u0020-\u007e]{1,123}$/);
  }
  expect(closeName(1006)).toBeUndefined();
  expect(closeName(1009)).toBe("oversize");
});
