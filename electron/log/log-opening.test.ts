import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { decodeHeader, firstHash, headerToSign } from "../../shared/domain/record.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { newStationKeyPem, signatureFits, stationKey } from "../identity/ed25519.ts";
import { sha256 } from "./log-bed.testing.ts";
import type { StoredLog } from "./log-messages.ts";
import { createLogOpening } from "./log-opening.ts";

const key = stationKey(newStationKeyPem());
const EVENT = new Uint8Array(16).fill(1);

function openingOn(found: StoredLog[], fails: () => boolean = () => false) {
  const begun: Uint8Array[] = [];
  const store = {
    found,
    async begin(log: Uint8Array) {
      await Promise.resolve();
      if (fails()) throw new Error("the disk is full");
      begun.push(log);
    },
  };
  const opening = createLogOpening({
    store,
    key,
    openedAtMs: 42,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    sha256,
  });
  return { opening, begun };
}

const FOUND: StoredLog = {
  log: new Uint8Array(16).fill(9),
  header: new Uint8Array(),
  signature: new Uint8Array(64),
  head: 17,
  hash: new Uint8Array(32).fill(8),
  acked: 0,
  others: [],
};

test("a log's header is signed, and names the log it continues", async () => {
  const { opening } = openingOn([FOUND]);
  const { log, header, signature, hash, head } = await opening.begin(EVENT);
  expect(decodeHeader(header)).toEqual({
    log,
    station: stationId(sha256, key.publicKey),
    event: EVENT,
    openedAtMs: 42,
    parent: { log: FOUND.log, number: 17, hash: FOUND.hash },
  });
  expect(signatureFits(key.publicKey, headerToSign(header), signature)).toBe(true);
  expect({ head, hash }).toEqual({ head: 0, hash: firstHash(sha256, header) });
});

test("asked twice, even at once, it begins one log", async () => {
  const { opening, begun } = openingOn([]);
  const [one, two] = await Promise.all([opening.begin(EVENT), opening.begin(EVENT)]);
  const three = await opening.begin(EVENT);
  expect(begun).toEqual([one.log]);
  expect([two, three]).toEqual([one, one]);
});

test("for another event it begins another log", async () => {
  const { opening, begun } = openingOn([]);
  await opening.begin(EVENT);
  await opening.begin(new Uint8Array(16).fill(2));
  expect(begun).toHaveLength(2);
});

test("after a disk that did not take it, it is asked anew", async () => {
  let full = true;
  const { opening, begun } = openingOn([], () => full);
  await expect(opening.begin(EVENT)).rejects.toThrow("full");
  expect(opening.log()).toBeUndefined();
  full = false;
  await opening.begin(EVENT);
  expect(begun).toHaveLength(1);
});
