import { randomBytes } from "node:crypto";
import { connect as connectTcp } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { CLOSE, closeWords, type CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, encodeFrame } from "../../shared/link/frames.ts";
import { enrolmentCode } from "../../shared/link/handshake.ts";
import { HANDSHAKE_MS, MAX_FRAME_BYTES, MAX_WAITING_STATIONS } from "../../shared/link/limits.ts";
import { sha256 } from "../ledger/sha256.ts";
import { EVENT_KEY, isServersWord, openLinkBed, servesOthers, type LinkBed } from "./link-bed.testing.ts";
import {
  T0,
  challenged,
  connect,
  createTestStation,
  greet,
  logFrame,
  proofFrame,
  type TestLink,
  type TestStation,
} from "./test-station.testing.ts";

let bed: LinkBed;
beforeAll(async () => {
  bed = await openLinkBed();
});
afterEach(async () => {
  bed.plant(null);
  bed.hangUp();
  await vi.waitUntil(() => bed.links.waiting().length + bed.links.connected().length === 0, { timeout: 10_000 });
});
afterAll(() => bed.stop());

async function expectClose(link: TestLink, why: CloseName): Promise<void> {
  expect(await link.closed).toEqual({ code: CLOSE[why], reason: closeWords(why) });
}

/** Another station is served as if nothing had been. */
async function expectOthersServed(): Promise<void> {
  expect(await servesOthers(bed)).toBe(true);
}

describe("a station that nobody admitted", () => {
  test("waits with the same code on both sides, is told when it is, and then gets the key and the polls", async () => {
    const station = createTestStation();
    const link = await greet(bed.port, station);
    expect(link.welcome).toEqual([FRAME.welcome, false, null, "Fair", bed.epoch]);
    expect(bed.links.waiting()).toMatchObject([{ station: station.id, key: station.key, code: link.code }]);
    expect(bed.links.connected()).toEqual([]);
    await bed.ledger.append(station.admitted);
    expect(await link.next("welcome")).toEqual([FRAME.welcome, true, EVENT_KEY, "Fair", bed.epoch]);
    expect(await link.next("roll")).toEqual([FRAME.roll, []]);
    const told = await link.next("poll");
    expect(told.slice(0, 3)).toEqual([FRAME.poll, 3, [1, 1, [[T0, null]], null, null]]);
    expect(isServersWord(bed, told)).toBe(true);
    expect(await link.next("tally")).toEqual([FRAME.tally, bed.poll.short, expect.any(Number), [0, 0, 0]]);
    expect(bed.links.connected()).toMatchObject([{ station: station.id, software: "test" }]);
    expect(bed.links.waiting()).toEqual([]);
  });

  test("may not send ballots yet", async () => {
    const station = createTestStation();
    const link = await greet(bed.port, station);
    link.send(logFrame(station.newLog(1)));
    await expectClose(link, "notAdmitted");
  });

  test("is told to come back when too many wait", async () => {
    const waiting = await Promise.all(
      Array.from({ length: MAX_WAITING_STATIONS }, () => greet(bed.port, createTestStation())),
    );
    const link = await connect(bed.port);
    const station = createTestStation();
    const nonce = new Uint8Array(randomBytes(32));
    const encounter = await challenged(link, station, nonce);
    link.send(proofFrame(station, encounter, nonce));
    await expectClose(link, "tooManyWaiting");
    expect(bed.links.waiting()).toHaveLength(waiting.length);
    await expectOthersServed();
  });

  test("sees another code than the server when somebody sits in between, however faithfully he passes things on", async () => {
    const victim = createTestStation();
    const thief = createTestStation();
    const nonce = new Uint8Array(randomBytes(32));
    const link = await connect(bed.port);
    // The victim's promise, the server's nonce and event, the victim's nonce: all passed on, only the keys are his.
    const atServer = await challenged(link, thief, nonce);
    const atVictim = { ...atServer, stationKey: victim.key, serverKey: thief.key };
    link.send(proofFrame(thief, atServer, nonce));
    await link.next("welcome");
    const [shown] = bed.links.waiting();
    expect(shown?.code).toBe(enrolmentCode(sha256, atServer, nonce));
    expect(shown?.code).not.toBe(enrolmentCode(sha256, atVictim, nonce));
  });
});

describe("a greeting", () => {
  test.each<[string, CloseName, (link: TestLink, station: TestStation) => void | Promise<void>]>([
    ["in an unknown version", "unknownVersion", (link, { key }) => link.send([FRAME.hello, [9], key, key, ""])],
    ["that is garbage", "badFrame", (link) => link.sendRaw(randomBytes(50))],
    [
      "cut short",
      "badFrame",
      (link, { key }) => link.sendRaw(encodeFrame([FRAME.hello, [1], key, key, ""]).slice(0, 40)),
    ],
    ["that is text", "badFrame", (link) => link.sendRaw("hello")],
    ["that is empty", "badFrame", (link) => link.sendRaw(new Uint8Array())],
    ["over size", "oversize", (link) => link.sendRaw(new Uint8Array(MAX_FRAME_BYTES + 1))],
    ["that begins with a ping", "outOfOrder", (link) => link.send([FRAME.ping, 1])],
    [
      "said twice",
      "outOfOrder",
      async (link, station) => {
        await challenged(link, station, new Uint8Array(32));
        link.send([FRAME.hello, [1], station.key, new Uint8Array(32), ""]);
      },
    ],
    [
      "with a wrong signature",
      "badSignature",
      async (link, station) => {
        const nonce = new Uint8Array(32);
        const encounter = await challenged(link, station, nonce);
        const other = createTestStation();
        link.send(proofFrame(other, encounter, nonce));
      },
    ],
    [
      "with another nonce than it promised",
      "badSignature",
      async (link, station) => {
        const encounter = await challenged(link, station, new Uint8Array(32));
        const nonce = new Uint8Array(32).fill(1);
        link.send(proofFrame(station, encounter, nonce));
      },
    ],
    [
      "with a key that is no point of the curve",
      "badSignature",
      async (link) => {
        const station = { ...createTestStation(), key: new Uint8Array(32).fill(255) };
        const nonce = new Uint8Array(32);
        await challenged(link, station, nonce);
        link.send([FRAME.proof, nonce, new Uint8Array(64), null, []]);
      },
    ],
  ])("%s is closed as %s, and others are served", async (_, why, misbehave) => {
    const link = await connect(bed.port);
    await misbehave(link, createTestStation());
    await expectClose(link, why);
    await expectOthersServed();
  });

  test("far over size is refused unread, in WebSocket's own words", async () => {
    const link = await connect(bed.port);
    link.sendRaw(new Uint8Array(10 * MAX_FRAME_BYTES));
    expect(await link.closed).toMatchObject({ code: 1009 });
    await expectOthersServed();
  });

  test("that never ends is given up", async () => {
    const link = await connect(bed.port);
    bed.goOn(HANDSHAKE_MS + 1);
    await expectClose(link, "silence");
  });
});

describe("an upgrade", () => {
  /** What the server answers to raw bytes; ends when the server closes. */
  const answerTo = (request: string) =>
    new Promise<string>((resolve) => {
      const socket = connectTcp(bed.port, "127.0.0.1", () => socket.write(request));
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString()));
      socket.on("error", () => {});
      socket.on("close", () => resolve(text));
    });
  const upgrade = (target: string, more = "") =>
    `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;

  test.each([
    ["to another path", "/other", "", "404"],
    ["to a target that is no path", "//", "", "404"],
    ["from a browser's page", "/link", "Origin: http://evil\r\n", "403"],
    ["of another protocol", "/link", "Sec-WebSocket-Protocol: chat\r\n", "400"],
    ["of no protocol", "/link", "", "400"],
  ])("%s is refused, and the server lives on", async (_, target, more, status) => {
    expect(await answerTo(upgrade(target, more))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await expectOthersServed();
  });

  test("that is refused and reset at once does no harm", async () => {
    const resets = Array.from(
      { length: 20 },
      () =>
        new Promise<void>((resolve) => {
          const socket = connectTcp(bed.port, "127.0.0.1", () => {
            socket.write(upgrade("/other"));
            socket.resetAndDestroy();
          });
          socket.on("error", () => {});
          socket.on("close", () => resolve());
        }),
    );
    await Promise.all(resets);
    await expectOthersServed();
  });
});
