import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRecord, encodeRecord, type ClockRecord } from "../../shared/domain/record.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { challengeToSign, enrolmentCode, keepsPromise, proofToSign } from "../../shared/link/handshake.ts";
import { newStationKeyPem, signatureFits, stationKey } from "../identity/ed25519.ts";
import type { FeedPlace } from "../picture/poll-board.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import { backoffMs, revokedRetryMs } from "../../shared/link/backoff.ts";
import { createClockKeeper } from "./clock-keeper.ts";
import { measureClock, worthRecording } from "./clock-sync.ts";
import { answer, hello } from "./greeting.ts";

describe("back-off", () => {
  test("grows to eight seconds and no further, and never waits for nothing", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const waitMs = backoffMs(attempt, random);
          expect(waitMs).toBeGreaterThanOrEqual(25);
          expect(waitMs).toBeLessThanOrEqual(8_000);
          expect(backoffMs(attempt + 1, random)).toBeGreaterThanOrEqual(waitMs);
        },
      ),
    );
    expect([0, 1, 2, 5, 99].map((attempt) => backoffMs(attempt, 0.999_999))).toEqual([250, 500, 1_000, 8_000, 8_000]);
  });
});

test("a revoked station's attempts are half a minute to a minute apart", () => {
  expect([0, 0.5, 0.999_999].map(revokedRetryMs)).toEqual([30_000, 45_000, 60_000]);
});

describe("the server's clock", () => {
  test("is taken from the shortest round trip, and the truth lies within the uncertainty", () => {
    const trip = fc.record({
      sentMs: fc.nat({ max: 1_000_000 }),
      there: fc.nat({ max: 3_000 }),
      back: fc.nat({ max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(trip, { minLength: 1, maxLength: 6 }), fc.nat({ max: 2 ** 40 }), (trips, offsetMs) => {
        const clock = measureClock(
          trips.map(({ sentMs, there, back }) => ({
            sentMs,
            heardMs: sentMs + there + back,
            serverMs: sentMs + there + offsetMs,
          })),
        );
        if (clock === undefined) throw new Error("no measurement");
        expect(clock.uncertaintyMs).toBe(Math.ceil(Math.min(...trips.map(({ there, back }) => there + back)) / 2));
        expect(Math.abs(clock.serverMs - (clock.ms + offsetMs))).toBeLessThanOrEqual(clock.uncertaintyMs + 1);
        expect(decodeRecord(encodeRecord(clock))).toEqual(clock);
      }),
    );
  });

  test("is not taken from a round trip in which the computer slept, nor from none", () => {
    expect(measureClock([{ sentMs: 0, heardMs: 3 * 3_600_000, serverMs: 5 }])).toBeUndefined();
    expect(measureClock([])).toBeUndefined();
  });

  const clockOf = (ms: number, serverMs: number, uncertaintyMs = 0): ClockRecord => ({
    kind: "clock",
    ms,
    serverMs,
    uncertaintyMs,
  });

  test("is recorded first, and then only when it says something new", () => {
    expect(worthRecording(undefined, clockOf(0, 0))).toBe(true);
    expect(worthRecording(clockOf(0, 1_000), clockOf(500, 1_500))).toBe(false);
    expect(worthRecording(clockOf(0, 1_000), clockOf(500, 1_750))).toBe(false);
    expect(worthRecording(clockOf(0, 1_000), clockOf(500, 1_751))).toBe(true);
    expect(worthRecording(clockOf(0, 1_000, 100), clockOf(500, 1_850, 100))).toBe(false);
  });

  test("is recorded anew after a disturbance, whatever it says", () => {
    const noted: number[] = [];
    const keeper = createClockKeeper((record) => Promise.resolve(noted.push(record.ms) > 0));
    keeper.measured(clockOf(1, 1));
    keeper.measured(clockOf(2, 2));
    keeper.renew();
    keeper.measured(clockOf(3, 3));
    expect(noted).toEqual([1, 3]);
  });

  test("that could not be stored is recorded with the next measurement", async () => {
    const noted: number[] = [];
    let full = true;
    const keeper = createClockKeeper((record) => {
      noted.push(record.ms);
      return Promise.resolve(!full);
    });
    keeper.measured(clockOf(1, 1));
    await Promise.resolve();
    full = false;
    keeper.measured(clockOf(2, 2));
    await Promise.resolve();
    keeper.measured(clockOf(3, 3));
    expect(noted).toEqual([1, 2]);
  });
});

describe("the greeting", () => {
  const key = stationKey(newStationKeyPem());
  const server = stationKey(newStationKeyPem());
  const nonce = new Uint8Array(32).fill(1);
  const event = new Uint8Array(16).fill(2);
  const certificate = new Uint8Array(32).fill(3);
  const serverNonce = new Uint8Array(32).fill(4);
  const around = { key, enrolment: undefined, software: "test", sha256, fits: signatureFits };
  const encounter = {
    version: 1,
    event,
    stationKey: key.publicKey,
    serverKey: server.publicKey,
    commitment: sha256(nonce),
    serverNonce,
    certificate,
  };
  const challenge: FrameOf<"challenge"> = [
    FRAME.challenge,
    1,
    event,
    server.publicKey,
    serverNonce,
    server.sign(challengeToSign(encounter)),
  ];
  const NOTHING = { epoch: null, polls: [] };
  const enrolled = { event, eventKey: new Uint8Array(32), serverKey: server.publicKey };

  test("promises its nonce, shows it after the server's, and signs both", () => {
    expect(hello(around, nonce)).toEqual([FRAME.hello, [2, 1], key.publicKey, sha256(nonce), "test"]);
    const has = { epoch: new Uint8Array(8), polls: [[new Uint8Array(8), 1, 3, 7]] } satisfies FeedPlace;
    const answered = answer(around, nonce, challenge, certificate, has);
    if ("close" in answered) throw new Error(answered.close);
    const [, shown, signature, epoch, polls] = answered.proof;
    expect({ epoch, polls }).toEqual(has);
    expect(keepsPromise(sha256, encounter, shown)).toBe(true);
    expect(signatureFits(key.publicKey, proofToSign(encounter, nonce), signature)).toBe(true);
    expect(answered.code).toBe(enrolmentCode(sha256, encounter, nonce));
  });

  test("goes on with the server it was enrolled at", () => {
    expect(answer({ ...around, enrolment: enrolled }, nonce, challenge, certificate, NOTHING)).toHaveProperty("proof");
  });

  test.each([
    ["another server's key", { ...enrolled, serverKey: new Uint8Array(32) }, challenge, certificate, "wrongServer"],
    ["another event", { ...enrolled, event: new Uint8Array(16) }, challenge, certificate, "wrongServer"],
    ["another certificate than the server knows", undefined, challenge, new Uint8Array(32), "wrongServer"],
    ["no certificate where the server shows one", enrolled, challenge, new Uint8Array(), "wrongServer"],
    ["a version it does not speak", undefined, challenge.with(1, 3), certificate, "unknownVersion"],
    ["a signature that is none", undefined, challenge.with(5, new Uint8Array(64)), certificate, "wrongServer"],
    ["a key that is no key", undefined, challenge.with(3, new Uint8Array(32).fill(255)), certificate, "wrongServer"],
  ])("refuses %s", (_, enrolment, said, seen, close) => {
    expect(answer({ ...around, enrolment }, nonce, said as FrameOf<"challenge">, seen, NOTHING)).toEqual({ close });
  });
});
