import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { encodeDefinition } from "../../shared/domain/poll.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { CLOSE, CLOSE_SENTENCES, closeName, closeWords, type CloseName } from "../../shared/link/close-codes.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame, type FrameName, type FrameOf } from "../../shared/link/frames.ts";
import { challengeToSign, enrolmentCode, type Encounter } from "../../shared/link/handshake.ts";
import { HANDSHAKE_MS, HEARTBEAT_MS, MAX_FRAME_BYTES, SILENCE_MS } from "../../shared/link/limits.ts";
import { createManualClock, type ManualClock } from "../clock.testing.ts";
import { newStationKeyPem, signatureFits, stationKey } from "../identity/ed25519.ts";
import type { Enrolment } from "../identity/enrolment.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import type { LinkSocketEvents } from "./connect.ts";
import { createLink, type Link, type LinkState } from "./link.ts";

const key = stationKey(newStationKeyPem());
const server = stationKey(newStationKeyPem());
const EVENT = new Uint8Array(16).fill(2);
const EVENT_KEY = new Uint8Array(32).fill(3);
const NO_BYTES = new Uint8Array();
const EPOCH = new Uint8Array(8).fill(4);
const WELCOME: FrameOf<"welcome"> = [FRAME.welcome, true, EVENT_KEY, "Fair", EPOCH];
const NOT_YET: FrameOf<"welcome"> = [FRAME.welcome, false, null, "Fair", EPOCH];
const KEPT: FrameOf<"poll"> = [FRAME.poll, 1, [1, 1, [], null, null], NO_BYTES, new Uint8Array(64)];

const TAGLESS: FrameOf<"poll"> = [
  FRAME.poll,
  1,
  [1, 1, [], null, null],
  encodeDefinition(testPoll(sha256, 1, { tagless: true }).definition),
  new Uint8Array(64),
];

/** One connection as the other side sees it. */
interface Peer {
  events: LinkSocketEvents;
  heard: Frame[];
  /** The close that the station asked for. */
  asked: CloseName | null;
  say(frame: Frame): void;
  /** The socket is gone. */
  gone(code?: number): void;
}

let clock: ManualClock;
let peers: Peer[];
let states: LinkState[];
let titles: string[];
let outbox: string[];
let enrolment: Enrolment | undefined;
let enrolling: PromiseWithResolvers<void>;
let acks: boolean | Error;
let clocks: number;
let revoked: boolean;
let others: unknown[];
let forgetting: Promise<void>;
let toServer: ((frame: Frame) => void) | null;
let settings: (FrameOf<"settings"> | null)[];
let link: Link;

beforeEach(() => {
  clock = createManualClock();
  peers = [];
  states = [];
  titles = [];
  outbox = [];
  enrolment = { event: EVENT, eventKey: EVENT_KEY, serverKey: server.publicKey };
  enrolling = Promise.withResolvers<void>();
  acks = true;
  clocks = 0;
  revoked = false;
  others = [];
  settings = [];
  toServer = null;
  forgetting = Promise.resolve();
  link = createLink({
    connect(events) {
      const peer = createPeer(events);
      peers.push(peer);
      return {
        send: (bytes) => {
          const read = decodeFrame(bytes);
          if (read.ok) peer.heard.push(read.frame);
        },
        close: (code, reason) => {
          const name = closeName(code);
          if (name === undefined || reason !== closeWords(name)) throw new Error(`closed with ${code} ${reason}`);
          peer.asked ??= name;
        },
      };
    },
    identity: { key, enrolment: () => enrolment },
    outbox: {
      waiting: () => 0,
      clear: () => {},
      add: () => {},
      coming: () => {},
      stored: () => {},
      connected: () => void outbox.push("connected"),
      disconnected: () => void outbox.push("disconnected"),
      onStanding: (frame) => void others.push(frame),
      onPlace: () => false,
      onAck: () => (acks instanceof Error ? Promise.reject(acks) : Promise.resolve(acks)),
    },
    software: "test",
    sha256,
    fits: signatureFits,
    nonce: () => new Uint8Array(randomBytes(32)),
    random: () => 0.999_999,
    logMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    setTicker: clock.setTicker,
    has: () => ({ epoch: null, polls: [] }),
    kept: (poll) => [KEPT, TAGLESS][(poll[0] ?? 0) - 1],
    onEpoch: (epoch) => void others.push(epoch),
    onAdmitted: () => (revoked = false),
    isRevoked: () => revoked,
    onRevoked: () => (revoked = true),
    onRoll: (frame, send) => {
      others.push(frame);
      send([FRAME.want, new Uint8Array(32)]);
    },
    onForget: () => forgetting,
    onSettings: (frame) => void settings.push(frame),
    readersAfar: {
      connected: (send) => (toServer = send),
      disconnected: () => (toServer = null),
      look: () => {},
      async onMapping([, change]) {
        toServer?.([FRAME.mapped, change, 1]);
      },
    },
    onState: (state) => void states.push(state),
    onTitle: (title) => void titles.push(title),
    onFeed: () => {},
    async onEnrolled(fresh) {
      await enrolling.promise;
      enrolment = fresh;
    },
    onClock: () => void (clocks += 1),
  });
  link.start();
});

function createPeer(events: LinkSocketEvents): Peer {
  let open = true;
  return {
    events,
    heard: [],
    asked: null,
    say: (frame) => events.onMessage(encodeFrame(frame)),
    gone(code = 1006) {
      if (open) events.onClose(code, "");
      open = false;
    },
  };
}

function newest(): Peer {
  const peer = peers.at(-1);
  if (peer === undefined) throw new Error("no connection was made");
  return peer;
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const types = ({ heard }: Peer) => heard.map(([type]) => type);

function last<Name extends FrameName>(peer: Peer, name: Name): FrameOf<Name> {
  const frame = peer.heard.findLast((heard): heard is FrameOf<Name> => heard[0] === FRAME[name]);
  if (frame === undefined) throw new Error(`no ${name} was sent`);
  return frame;
}

function challenge(peer: Peer, signing = server, version = 1): Encounter {
  const [, , stationPublic, commitment] = last(peer, "hello");
  const serverNonce = new Uint8Array(32).fill(7);
  const encounter = {
    version,
    event: EVENT,
    stationKey: stationPublic,
    serverKey: signing.publicKey,
    commitment,
    serverNonce,
    certificate: NO_BYTES,
  };
  peer.say([FRAME.challenge, version, EVENT, signing.publicKey, serverNonce, signing.sign(challengeToSign(encounter))]);
  return encounter;
}

async function goOnline(version = 1): Promise<Peer> {
  const peer = newest();
  peer.events.onOpen(NO_BYTES);
  challenge(peer, server, version);
  peer.say(WELCOME);
  await turn();
  expect(states.at(-1)).toEqual({ state: "online" });
  return peer;
}

describe("the version of a link", () => {
  const MAPPING: FrameOf<"mapping"> = [FRAME.mapping, 7, 3, [["usb-1", "Bar", [1, 2]]]];
  const SETTINGS: FrameOf<"settings"> = [FRAME.settings, [[1, 24]]];

  test("is the newest the server knows of those that are offered", () => {
    newest().events.onOpen(NO_BYTES);
    expect(last(newest(), "hello")[1]).toEqual([2, 1]);
  });

  test("2 lets readers be told and changed, and the event's settings be heard", async () => {
    const peer = await goOnline(2);
    expect(toServer).not.toBeNull();
    peer.say(SETTINGS);
    peer.say(MAPPING);
    await turn();
    expect(settings).toEqual([SETTINGS]);
    expect(last(peer, "mapped")).toEqual([FRAME.mapped, 7, 1]);
    expect(peer.asked).toBeNull();
    peer.gone();
    expect(toServer).toBeNull();
  });

  test("1, which an older server chooses, has no settings, and nothing of readers", async () => {
    const peer = await goOnline(1);
    expect(settings).toEqual([null]);
    expect(toServer).toBeNull();
    peer.say(MAPPING);
    await turn();
    expect(peer.asked).toBe("badFrame");
  });

  test("1 never carries a poll without tags: the server could not read it", async () => {
    const old = await goOnline(1);
    old.say([FRAME.lacks, new Uint8Array(8).fill(2)]);
    await turn();
    expect(types(old)).not.toContain(FRAME.poll);
    old.gone(CLOSE.goingAway);
    clock.goOn(10_000);
    const peer = await goOnline(2);
    peer.say([FRAME.lacks, new Uint8Array(8).fill(2)]);
    await turn();
    expect(last(peer, "poll")).toEqual(TAGLESS);
  });

  test("that was not offered is none", () => {
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    challenge(peer, server, 3);
    expect(peer.asked).toBe("unknownVersion");
  });
});

describe("the way online", () => {
  test("is hello, proof and the outbox, and the clock is measured by four pings", async () => {
    const peer = await goOnline();
    expect(outbox).toEqual(["connected"]);
    expect(titles).toEqual(["Fair"]);
    for (let at = 0; at < 4; at++) peer.say([FRAME.pong, last(peer, "ping")[1], 1_000]);
    expect(types(peer)).toEqual([FRAME.hello, FRAME.proof, ...[1, 2, 3, 4].map(() => FRAME.ping)]);
    expect(clocks).toBe(1);
    clock.goOn(HEARTBEAT_MS);
    peer.say([FRAME.pong, last(peer, "ping")[1], 6_000]);
    expect(clocks).toBe(2);
  });

  test("of a station that is not enrolled shows the code, and waits as long as it takes", async () => {
    enrolment = undefined;
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    const encounter = challenge(peer);
    peer.say(NOT_YET);
    await turn();
    const code = enrolmentCode(sha256, encounter, last(peer, "proof")[1]);
    expect(states).toEqual([{ state: "enrolling", code }]);
    for (let at = 0; at < 20; at++) {
      clock.goOn(HEARTBEAT_MS);
      peer.say([FRAME.pong, last(peer, "ping")[1], 1_000]);
    }
    expect(peer.asked).toBeNull();
    peer.say(WELCOME);
    await turn();
    expect(outbox).toEqual([]);
    enrolling.resolve();
    await turn();
    expect(outbox).toEqual(["connected"]);
    expect(enrolment).toEqual({ event: EVENT, eventKey: EVENT_KEY, serverKey: server.publicKey });
    expect(states.at(-1)).toEqual({ state: "online" });
  });

  test("that breaks while the enrolment is written is not taken for online", async () => {
    enrolment = undefined;
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    challenge(peer);
    peer.say(WELCOME);
    peer.gone();
    clock.goOn(250);
    newest().events.onOpen(NO_BYTES);
    enrolling.resolve();
    await turn();
    expect(states.at(-1)).toEqual({ state: "offline" });
    expect(outbox).toEqual(["disconnected"]);
    expect(types(newest())).toEqual([FRAME.hello]);
    expect(newest().asked).toBeNull();
  });

  test("is given up when the enrolment cannot be stored", async () => {
    enrolment = undefined;
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    challenge(peer);
    peer.say(WELCOME);
    enrolling.reject(new Error("the disk is full"));
    await turn();
    expect(peer.asked).toBe("trouble");
  });

  test("ends at a server that is another, and says so on the screen", () => {
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    challenge(peer, stationKey(newStationKeyPem()));
    expect(peer.asked).toBe("wrongServer");
    peer.gone();
    expect(states).toEqual([{ state: "refused", reason: say("link-wrong-server") }]);
  });

  test("ends when the server does not answer in time", () => {
    newest().events.onOpen(NO_BYTES);
    clock.goOn(HANDSHAKE_MS);
    expect(newest().asked).toBe("silence");
  });
});

describe("online, the station", () => {
  test("is told the epoch before anything else, and that it is admitted", async () => {
    await goOnline();
    expect(others).toEqual([EPOCH]);
  });

  test("shows a server that lacks a poll what that server signed, and says nothing of one it does not keep", async () => {
    const peer = await goOnline();
    peer.say([FRAME.lacks, new Uint8Array(8).fill(9)]);
    expect(types(peer)).not.toContain(FRAME.poll);
    peer.say([FRAME.lacks, new Uint8Array(8).fill(1)]);
    expect(last(peer, "poll")).toEqual(KEPT);
  });

  test("hands on what is said of its logs and of the roll, which asks for more on the same link", async () => {
    const peer = await goOnline();
    const standing: Frame = [FRAME.standing, new Uint8Array(16), 2];
    const roll: Frame = [FRAME.roll, [new Uint8Array(32)]];
    const chunk: Frame = [FRAME.chunk, NO_BYTES];
    for (const frame of [standing, roll, chunk]) peer.say(frame);
    expect(others.slice(1)).toEqual([standing, roll, chunk]);
    expect(types(peer).filter((type) => type === FRAME.want)).toHaveLength(2);
  });

  test("that cannot destroy the key or say so gives up the link, to be told again", async () => {
    const peer = await goOnline();
    forgetting = Promise.reject(new Error("the disk is full"));
    peer.say([FRAME.forget]);
    await turn();
    expect(peer.asked).toBe("trouble");
  });

  test("that slept measures the server's clock at once, from nothing but what it asks from then on", async () => {
    const peer = await goOnline();
    for (let at = 0; at < 3; at++) peer.say([FRAME.pong, last(peer, "ping")[1], 1_000]);
    const before = last(peer, "ping")[1];
    link.measureAgain();
    expect(last(peer, "ping")[1]).not.toBe(before);
    peer.say([FRAME.pong, before, 1_000]);
    for (let at = 0; at < 3; at++) peer.say([FRAME.pong, last(peer, "ping")[1], 1_000]);
    expect(clocks).toBe(0);
    peer.say([FRAME.pong, last(peer, "ping")[1], 1_000]);
    expect(clocks).toBe(1);
  });

  test("admitted just now hears what follows only once its enrolment is on disk, in its order", async () => {
    enrolment = undefined;
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    challenge(peer);
    peer.say(WELCOME);
    const told: Frame[] = [
      [FRAME.standing, new Uint8Array(16), 2],
      [FRAME.roll, []],
    ];
    for (const frame of told) peer.say(frame);
    await turn();
    expect(others).toEqual([]);
    enrolling.resolve();
    await turn();
    expect(others).toEqual([EPOCH, ...told]);
  });

  test("of an event that is over is admitted without a key", async () => {
    enrolment = undefined;
    const peer = newest();
    peer.events.onOpen(NO_BYTES);
    challenge(peer);
    enrolling.resolve();
    peer.say([FRAME.welcome, true, null, "Fair", EPOCH]);
    await turn();
    expect(enrolment).toEqual({ event: EVENT, eventKey: null, serverKey: server.publicKey });
    expect(states.at(-1)).toEqual({ state: "online" });
  });
});

describe("a station that was revoked", () => {
  test("knows it, says so, and asks again slowly for ever, until a server takes it in", async () => {
    const peer = await goOnline();
    peer.gone(CLOSE.revoked);
    expect(revoked).toBe(true);
    expect(states.at(-1)).toEqual({ state: "refused", reason: say("link-revoked") });
    for (let attempt = 2; attempt < 6; attempt++) {
      clock.goOn(59_000);
      expect(peers).toHaveLength(attempt - 1);
      clock.goOn(1_000);
      expect(peers).toHaveLength(attempt);
      // Also when nobody is there.
      newest().gone();
    }
    clock.goOn(60_000);
    await goOnline();
    expect(revoked).toBe(false);
    newest().gone();
    clock.goOn(250);
    expect(peers).toHaveLength(7);
  });

  test("believes it only of the server it is enrolled at, once that has shown who it is", () => {
    newest().events.onOpen(NO_BYTES);
    newest().gone(CLOSE.revoked);
    expect(revoked).toBe(false);
    clock.goOn(8_000);
    enrolment = undefined;
    newest().events.onOpen(NO_BYTES);
    challenge(newest());
    newest().gone(CLOSE.revoked);
    expect(revoked).toBe(false);
    enrolment = { event: EVENT, eventKey: EVENT_KEY, serverKey: server.publicKey };
    clock.goOn(8_000);
    newest().events.onOpen(NO_BYTES);
    challenge(newest());
    newest().gone(CLOSE.revoked);
    expect(revoked).toBe(true);
  });
});

describe("a server that misbehaves", () => {
  test.each<[string, CloseName, (peer: Peer) => void]>([
    ["garbage", "badFrame", (peer) => peer.events.onMessage(Uint8Array.of(1, 2, 3))],
    ["a frame over size", "oversize", (peer) => peer.events.onMessage(new Uint8Array(MAX_FRAME_BYTES + 1))],
    ["a second challenge", "outOfOrder", (peer) => challenge(peer)],
    ["a second welcome", "outOfOrder", (peer) => peer.say(WELCOME)],
    ["a frame only a station sends", "outOfOrder", (peer) => peer.say([FRAME.batch, NO_BYTES])],
    ["an answer to no question", "outOfOrder", (peer) => peer.say([FRAME.place, new Uint8Array(16), 1, null])],
    ["nothing for too long", "silence", () => clock.goOn(SILENCE_MS + HEARTBEAT_MS)],
  ])("by %s is left as %s, once, and heard no more", async (_, why, misbehave) => {
    const peer = await goOnline();
    misbehave(peer);
    expect(peer.asked).toBe(why);
    const said = peer.heard.length;
    titles.length = 0;
    peer.say([FRAME.event, "later"]);
    peer.say([FRAME.ping, 1]);
    expect(titles).toEqual([]);
    expect(peer.heard).toHaveLength(said);
  });

  test.each<[string, Frame]>([
    ["a title", [FRAME.event, "x"]],
    ["a pong", [FRAME.pong, 1, 1]],
    ["a welcome", WELCOME],
    ["a tally", [FRAME.tally, new Uint8Array(8), 1, [0, 0]]],
  ])("by %s before it has shown who it is is left", (_, frame) => {
    newest().events.onOpen(NO_BYTES);
    newest().say(frame);
    expect(newest().asked).toBe("outOfOrder");
    expect(titles).toEqual([]);
  });

  test.each([
    ["another history", false, "gap"],
    ["an ack that the disk cannot compare", new Error("the disk failed"), "trouble"],
  ] as const)("by %s is left", async (_, answer, why) => {
    const peer = await goOnline();
    acks = answer;
    peer.say([FRAME.ack, new Uint8Array(16), 0, new Uint8Array(32), []]);
    await turn();
    expect(peer.asked).toBe(why);
  });
});

describe("a link that broke", () => {
  test("is tried again for ever, ever more slowly, and soon again once it was up", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      newest().gone();
      const before = peers.length;
      let waitedMs = 0;
      for (; peers.length === before; waitedMs += 10) clock.goOn(10);
      waits.push(waitedMs);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    const peer = await goOnline();
    peer.gone();
    expect(states.at(-1)).toEqual({ state: "offline" });
    clock.goOn(250);
    expect(peers).toHaveLength(10);
  });

  test("by the same fault each time is not hammered", async () => {
    for (let attempt = 0; attempt < 6; attempt++) {
      const peer = await goOnline();
      peer.gone(CLOSE.gap);
      clock.goOn(8_000);
    }
    newest().gone();
    const before = peers.length;
    clock.goOn(7_000);
    expect(peers).toHaveLength(before);
    clock.goOn(1_000);
    expect(peers).toHaveLength(before + 1);
  });

  test.each<[CloseName, boolean]>([
    ["notAdmitted", true],
    ["unknownVersion", true],
    ["tooManyWaiting", true],
    ["replaced", false],
    ["trouble", false],
  ])("because of %s tells the operator if a person can help (%s)", async (why, tells) => {
    const peer = await goOnline();
    peer.gone(CLOSE[why]);
    expect(states.at(-1)).toEqual(
      tells ? { state: "refused", reason: say(CLOSE_SENTENCES[why]) } : { state: "offline" },
    );
  });

  test("leaves no timer behind", async () => {
    const peer = await goOnline();
    peer.gone();
    expect(clock.set()).toBe(1);
  });
});

describe("stopping", () => {
  test("says goodbye, and ends when the socket is gone", async () => {
    const peer = await goOnline();
    const stopped = link.stop();
    expect(peer.asked).toBe("goingAway");
    peer.gone(CLOSE.goingAway);
    await stopped;
    clock.goOn(60_000);
    expect(peers).toHaveLength(1);
    expect(clock.set()).toBe(0);
  });

  test("does not wait for a server that does not answer", async () => {
    await goOnline();
    const stopped = link.stop();
    clock.goOn(1_000);
    await stopped;
    expect(peers).toHaveLength(1);
  });

  test("while it connects, while it waits to try again, and twice, is the same", async () => {
    const connecting = link.stop();
    newest().gone();
    await connecting;
    await link.stop();
    expect(clock.set()).toBe(0);

    link.start();
    newest().gone();
    await link.stop();
    clock.goOn(60_000);
    expect(clock.set()).toBe(0);
  });

  test("a server that is elsewhere from now on is called there soon, also while a long wait was on", async () => {
    const peer = await goOnline();
    link.redial();
    expect(peer.asked).toBe("goingAway");
    peer.gone(CLOSE.goingAway);
    clock.goOn(250);
    for (let at = 0; at < 8; at++) {
      newest().gone();
      clock.goOn(8_000);
    }
    newest().gone();
    const before = peers.length;
    link.redial();
    expect(peers).toHaveLength(before + 1);
    clock.goOn(60_000);
    expect(peers.slice(before).filter(({ heard }) => heard.length === 0)).toHaveLength(1);
    const stopping = link.stop();
    newest().gone();
    await stopping;
    link.redial();
    expect(peers).toHaveLength(before + 1);
  });

  test("dropping a link tries anew", async () => {
    const peer = await goOnline();
    link.drop();
    expect(peer.asked).toBe("trouble");
    peer.gone(CLOSE.trouble);
    clock.goOn(8_000);
    expect(peers).toHaveLength(2);
  });
});
