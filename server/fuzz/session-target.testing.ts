/** One station's link that says anything, in any order, beside others that behave, fuzzed. For tests only. */
import { concatBytes, sameBytes, toHex } from "../../shared/bytes.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { createTestLog, testId, testPoll, type TestLog } from "../../shared/domain/testing.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { cborSamples, mutateCbor, type CborSample } from "../../shared/fuzz/spell-cbor.testing.ts";
import { CLOSE, type CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { proofToSign, stationId } from "../../shared/link/handshake.ts";
import { newKeyPem, signingKey, verifyingKey } from "../identity/ed25519.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { sha256 } from "../ledger/sha256.ts";
import type { MappedReader } from "../../shared/domain/mapping.ts";
import { createKnown } from "../link/known.ts";
import { createRestorer } from "../link/restorer.ts";
import { LinkSession, RATE, type Session, type SessionSurroundings } from "../link/session.ts";
import { createStationBuckets } from "../link/token-bucket.ts";
import { unwatched } from "../link/unwatched.testing.ts";
import { createFeed } from "../push/feed.ts";
import { createTurnWriter } from "../push/turn-writer.ts";
import { createReaderDesk } from "../readers/reader-desk.ts";

const EVENT = new Uint8Array(16).fill(0xc);
const STATION_KEY = new Uint8Array(32).fill(2);
const STATION = stationId(sha256, STATION_KEY);
/** Of a station that nobody approved. */
const STRANGERS_KEY = new Uint8Array(32).fill(9);
/** One link of so many is the stranger's. */
const STRANGER_EVERY = 5;
const NONCE = new Uint8Array(32).fill(5);
const NO_BYTES = new Uint8Array();
/** Messages of one link, if nobody ends it before. */
const MESSAGES_PER_LINK = 40;
/** How often it is looked whether others are served still. */
const OTHERS_EVERY = 500;
const TURNS_AT_MOST = 200;

/** What an organiser wants of the station's readers. */
const WISHED: readonly MappedReader[] = [{ id: "usb-1", name: "Bar", target: { kind: "slot", slot: 1 } }];

/** Stands for Ed25519, which would take most of the time: any key, and the same bytes for the same words. */
function sealOf(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const hash = sha256(concatBytes(key, bytes));
  return concatBytes(hash, hash);
}

/** @param ledger a new one. @param frames valid frames, to begin from */
export async function serverSessionTarget(ledger: Ledger, frames: readonly Uint8Array[]): Promise<Target> {
  const samples = cborSamples(frames);
  const poll = testPoll(sha256, 1);
  await ledger.append({ kind: "event-created", event: toHex(EVENT) });
  await ledger.append({ kind: "station-admitted", station: toHex(STATION), key: STATION_KEY });
  for (const change of [poll.defined, poll.opened]) await ledger.append(change);
  await ledger.append({ kind: "mapping-wished", station: toHex(STATION), base: 1, hash: "ab".repeat(32) });
  const around = await surroundings(ledger);
  let logs = 0;
  const newStation = () => {
    logs += 1;
    const key = logs % STRANGER_EVERY === 0 ? STRANGERS_KEY : STATION_KEY;
    return createPeer(around, ledger, { key, log: storyOf(logs, poll.short) });
  };
  let peer = newStation();
  const bystander = createPeer(around, ledger, { key: STATION_KEY, log: storyOf(0, poll.short) });
  let tried = 0;
  return {
    name: "what a station says to the server",
    outcomes: ["answered", "heard", "badFrame", "outOfOrder", "notAdmitted", "badSignature"],
    next(random) {
      if (peer.closed() !== null || peer.messages > MESSAGES_PER_LINK) {
        peer.gone();
        peer = newStation();
      }
      const [current, message] = [peer, nextMessage(random, peer, samples)];
      return {
        shown: () => toHex(message),
        async attempt() {
          const before = current.said().length;
          current.say(message);
          await current.settled();
          const why = current.closed();
          if (why !== null) must(Object.hasOwn(CLOSE, why), "it closes with a documented code");
          if (why === "trouble") throw new Error("the server had trouble with what a station said");
          if (++tried % OTHERS_EVERY === 0) await mustServe(random, bystander);
          return why ?? (current.said().length > before ? "answered" : "heard");
        },
      };
    },
  };
}

async function mustServe(random: Random, bystander: Peer): Promise<void> {
  while (bystander.isGreeting()) {
    bystander.say(encodeFrame(bystander.turn(random)));
    await bystander.settled();
  }
  const before = bystander.said().length;
  bystander.say(encodeFrame([FRAME.ping, 7]));
  await bystander.settled();
  must(bystander.closed() === null, `others are served still, and not told ${bystander.closed()}`);
  must(bystander.said().length > before, "others are answered still");
}

/** Half of what is said is what a station would say next; the rest is near something valid. */
function nextMessage(random: Random, { turn }: Peer, samples: readonly CborSample[]): Uint8Array {
  if (random.oneIn(2)) return mutateCbor(random, samples);
  const bytes = encodeFrame(turn(random));
  return random.oneIn(4) ? mutateCbor(random, cborSamples([bytes])) : bytes;
}

/** A log of the station with some ballots. */
function storyOf(number: number, poll: Uint8Array): TestLog {
  const log = createTestLog(sha256, {
    log: testId(0xa_000 + number),
    station: toHex(STATION),
    event: toHex(EVENT),
    openedAtMs: 1,
    sign: (bytes) => sealOf(STATION_KEY, bytes),
  });
  for (const option of [1, 2, 3])
    log.add({ kind: "ballot", poll, option, tagKey: new Uint8Array(16).fill(option), ms: option, reader: 1 });
  return log;
}

async function surroundings(ledger: Ledger): Promise<SessionSurroundings> {
  const known = createKnown(await ledger.standing());
  const key = verifyingKey(signingKey(newKeyPem()).publicKey);
  if (key === undefined) throw new Error("no key");
  const signing = { publicKey: new Uint8Array(32).fill(1), sign: (bytes: Uint8Array) => sealOf(STATION_KEY, bytes) };
  const check = (_: unknown, bytes: Uint8Array, signature: Uint8Array) =>
    Promise.resolve(sameBytes(sealOf(STATION_KEY, bytes), signature));
  const feed = createFeed({
    polls: known.polls,
    definition: () => undefined,
    signWord: () => new Uint8Array(64),
    setTimer: () => () => {},
  });
  ledger.onCommit((committed) => {
    known.onCommit(committed);
    feed.onCommit(committed);
  });
  const restorer = createRestorer({ ledger, known, event: EVENT, ownKey: key, sha256, check, putDefinition: () => {} });
  return {
    ledger,
    known,
    feed,
    restorer,
    event: EVENT,
    epoch: new Uint8Array(8),
    eventKey: () => new Uint8Array(32),
    signing,
    certificate: NO_BYTES,
    nonce: () => new Uint8Array(32).fill(6),
    sha256,
    fits: (stationKey, bytes, signature) => sameBytes(sealOf(stationKey, bytes), signature),
    check,
    verifyingKey: () => key,
    watch: unwatched(),
    title: () => "Fair",
    wallMs: () => 1_000_000,
    monotonicMs: createClock(),
    desk: createReaderDesk(() => 1_000_000),
    readerList: () => WISHED,
  };
}

/** Fast enough that nobody is too fast. */
function createClock(): () => number {
  let ms = 0;
  return () => (ms += 10);
}

type Peer = ReturnType<typeof createPeer>;

/** Whose link it is, and the log it has to tell of. */
interface Speaker {
  key: Uint8Array;
  log: TestLog;
}

function createPeer(around: SessionSurroundings, ledger: Ledger, speaker: Speaker) {
  const said: Frame[] = [];
  let why: CloseName | null = null;
  const wire = {
    writableLength: 0,
    destroyed: false,
    write(bytes: Uint8Array) {
      for (const message of messagesIn(bytes)) {
        const read = decodeFrame(message);
        must(read.ok, `what the server says are frames, not ${toHex(message)}`);
        if (read.ok) said.push(read.frame);
      }
      return true;
    },
    once: () => {},
  };
  const close = (closed: CloseName) => void (why ??= closed);
  const writer = createTurnWriter(wire, () => close("tooFast"));
  const session = new LinkSession(
    around,
    writer,
    { close },
    {
      mayWait: () => true,
      buckets: createStationBuckets(RATE),
    },
  );
  return {
    messages: 0,
    say(message: Uint8Array) {
      this.messages += 1;
      session.onMessage(message);
    },
    said: () => said,
    isGreeting: () => session.state.step === "greeting" && why === null,
    closed: () => why,
    gone: () => session.onClosed(),
    /** What it said is judged, stored and answered. */
    async settled() {
      // The ledger answers in order, so what was asked before is answered by then.
      for (let turns = 0, calm = 0; calm < 2 && turns < TURNS_AT_MOST; turns++) {
        const before = said.length;
        await new Promise(setImmediate);
        calm = said.length === before ? calm + 1 : 0;
      }
      if (session.state.step === "admitted" && this.messages % 4 === 0) await ledger.rollSize();
    },
    turn: (random: Random) => stationsTurn(random, session, said, speaker),
  };
}

/** What an honest station would say now. */
function stationsTurn(random: Random, { state }: Session, said: readonly Frame[], { key, log }: Speaker): Frame {
  const last = said.at(-1);
  if (state.step === "greeting" && last?.[0] !== FRAME.challenge)
    return [FRAME.hello, random.oneIn(3) ? [1] : [2, 1], key, sha256(NONCE), "fuzzed"];
  if (state.step === "greeting" && last?.[0] === FRAME.challenge) {
    const [, version, event, serverKey, serverNonce] = last;
    const encounter = { version, event, stationKey: key, serverKey, commitment: sha256(NONCE), serverNonce };
    const signature = sealOf(key, proofToSign({ ...encounter, certificate: NO_BYTES }, NONCE));
    return [FRAME.proof, NONCE, signature, null, []];
  }
  const { opened } = log;
  const frames: Frame[] = [
    [FRAME.ping, 1],
    [FRAME.batch, log.batch(1, 1 + random.below(3)).batch],
    [FRAME.batch, log.batch(2).batch],
    [FRAME.where, log.batch().batch.slice(2, 18), random.below(5)],
    [FRAME.want, new Uint8Array(32)],
  ];
  const mapping = said.find((frame) => frame[0] === FRAME.mapping);
  if (mapping !== undefined) {
    frames.push([FRAME.readers, 1, false, 0, 1, [["usb-1", "Bar", null, 1, null, null, 0, 0]]]);
    frames.push([FRAME.mapped, mapping[1], 1 + random.below(5)]);
  }
  if (opened.kind === "log-opened") frames.unshift([FRAME.log, opened.header, opened.signature, 3, log.hashAt(3)]);
  return said.some((frame) => frame[0] === FRAME.ack)
    ? (random.pick(frames) ?? [FRAME.ping, 2])
    : (frames[0] ?? [FRAME.ping, 3]);
}

/** The messages in what a server wrote (RFC 6455 §5.2: final, binary, unmasked). */
function* messagesIn(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1] ?? 0;
    const length = short < 126 ? short : ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const from = at + (short < 126 ? 2 : 4);
    yield bytes.slice(from, from + length);
    at = from + length;
  }
}
