/** A station's connection with a server that says anything, in any order, fuzzed. For tests only. */
import { concatBytes, sameBytes, toHex } from "../../shared/bytes.ts";
import type { Mapping } from "../../shared/domain/mapping.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { encodeRecord, firstHash, nextHash, type Sha256 } from "../../shared/domain/record.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { cborSamples, mutateCbor, type CborSample } from "../../shared/fuzz/spell-cbor.testing.ts";
import { CLOSE, type CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { challengeToSign } from "../../shared/link/handshake.ts";
import type { Enrolment } from "../identity/enrolment.ts";
import { createOutbox } from "../link/outbox.ts";
import { createStationSession } from "../link/station-session.ts";
import { ballotAt, newLog, sha256 } from "../log/log-bed.testing.ts";
import { createReadersAfar } from "../link/readers-afar.ts";
import { createPollBoard } from "../picture/poll-board.ts";
import { createRoll } from "../roll/roll.ts";

const SERVER_KEY = new Uint8Array(32).fill(1);
const STATION_KEY = new Uint8Array(32).fill(2);
const EVENT = new Uint8Array(16).fill(3);
const ENROLMENT: Enrolment = { event: EVENT, eventKey: new Uint8Array(32).fill(4), serverKey: SERVER_KEY };
/** Messages of one connection, if nobody ends it before. */
const MESSAGES_PER_CONNECTION = 40;
/** Connections of one station before another begins anew. */
const CONNECTIONS_PER_STATION = 200;

/** Stands for Ed25519, which would take most of the time: any key, and the same bytes for the same words. */
function sealOf(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const hash = sha256(concatBytes(key, bytes));
  return concatBytes(hash, hash);
}

/** @param frames valid frames, to begin from */
export function stationSessionTarget(frames: readonly Uint8Array[]): Target {
  const samples = cborSamples(frames);
  let station = createStation(sha256);
  let connection = station.connect();
  return {
    name: "what a server says to a station",
    outcomes: ["answered", "heard", "badFrame", "outOfOrder", "wrongServer", "gap"],
    next(random) {
      if (station.connections > CONNECTIONS_PER_STATION) station = createStation(sha256);
      if (connection.closed() !== null || connection.heard > MESSAGES_PER_CONNECTION) {
        connection.gone();
        connection = station.connect();
      }
      const { say, said, closed } = connection;
      const message = nextMessage(random, connection, samples);
      return {
        shown: () => toHex(message),
        async attempt() {
          const before = said().length;
          connection.heard += 1;
          say(message);
          // Frames are taken in turn, and what the disk is asked for comes a few turns later.
          for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
          const why = closed();
          if (why !== null) must(Object.hasOwn(CLOSE, why), "it closes with a documented code");
          for (const frame of said().slice(before)) must(decodeFrame(encodeFrame(frame)).ok, "what it says are frames");
          return why ?? (said().length > before ? "answered" : "heard");
        },
      };
    },
  };
}

/** Half of what is said is what a server would say next; the rest is near something valid. */
function nextMessage(random: Random, { turn }: Connection, samples: readonly CborSample[]): Uint8Array {
  const due = random.oneIn(2) ? turn(random) : null;
  if (due === null) return mutateCbor(random, samples);
  const bytes = encodeFrame(due);
  return random.oneIn(4) ? mutateCbor(random, cborSamples([bytes])) : bytes;
}

type Connection = ReturnType<ReturnType<typeof createStation>["connect"]>;

function createStation(hash: Sha256) {
  const log = newLog();
  const records = [1, 2, 3].map((ms) => encodeRecord(ballotAt(ms)));
  const hashes = records.reduce(
    (all, record) => [...all, nextHash(hash, all.at(-1) ?? log.hash, record)],
    [firstHash(hash, log.header)],
  );
  const outbox = createOutbox({
    store: {
      read: (_, from, limit) =>
        hashes[from - 1] === undefined
          ? Promise.reject(new Error("no such place"))
          : Promise.resolve({
              hashBefore: hashes[from - 1] ?? log.hash,
              records: records.slice(from - 1, from - 1 + limit),
            }),
      acked: () => {},
      standing: () => {},
    },
    current: () => toHex(log.log),
    salvage: () => Promise.resolve(null),
    hear: () => Promise.resolve(),
    soon: (run) => void setImmediate(run),
    onSalvaged: () => {},
    onBranch: () => {},
    sign: (bytes) => sealOf(STATION_KEY, bytes),
    sha256: hash,
    onVerdict: () => {},
    onChange: () => {},
    onTrouble: () => {},
  });
  outbox.add({
    ...log,
    head: records.length,
    hash: hashes.at(-1) ?? log.hash,
    lastMs: 3,
    acked: 0,
    others: [],
    standing: "taken",
    wasCurrent: true,
    heard: false,
  });
  const setTimer = () => () => {};
  const board = createPollBoard({
    kept: undefined,
    keep: () => {},
    monotonicMs: () => 1,
    setTimer,
    sha256: hash,
    onPoll: () => {},
    onTally: () => {},
    onTitle: () => {},
    onClosed: () => {},
  });
  const roll = createRoll({ kept: new Map(), keep: () => {}, sha256: hash, lfBits: () => 32 });
  let mapping: Mapping = { revision: 0, readers: [{ id: "usb-1", name: "Bar", target: null }] };
  const readersAfar = createReadersAfar({
    mapping: {
      now: () => mapping,
      change(base, readers) {
        if (base !== mapping.revision) return Promise.resolve({ ok: false, why: "conflict" });
        mapping = { revision: base + 1, readers: [...readers] };
        return Promise.resolve({ ok: true });
      },
    },
    conditions: () => [],
    testing: () => false,
    setTimer,
  });
  let enrolment: Enrolment | undefined;
  return {
    connections: 0,
    connect() {
      this.connections += 1;
      const said: Frame[] = [];
      let why: CloseName | null = null;
      let logMs = 0;
      const session = createStationSession(
        {
          identity: {
            key: { publicKey: STATION_KEY, sign: (bytes) => sealOf(STATION_KEY, bytes) },
            enrolment: () => enrolment,
          },
          outbox,
          software: "fuzzed",
          sha256: hash,
          fits: (key, bytes, signature) => sameBytes(sealOf(key, bytes), signature),
          nonce: () => new Uint8Array(32).fill(5),
          logMs: () => ++logMs,
          has: board.has,
          kept: board.kept,
          onWaiting: () => {},
          onOnline: () => {},
          onEpoch: board.setEpoch,
          onTitle: board.setTitle,
          onFeed(frame) {
            if (!board.onFeed(frame)) why ??= "gap";
          },
          onEnrolled(fresh) {
            enrolment = fresh;
            return Promise.resolve();
          },
          onAdmitted: () => {},
          onClock: () => {},
          onRoll: roll.onFrame,
          onForget: () => Promise.resolve(),
          onSettings: () => {},
          readersAfar,
        },
        (closed) => (why ??= closed),
      );
      session.onOpen(new Uint8Array(), (frame) => void said.push(frame));
      return {
        heard: 0,
        say: session.onMessage,
        said: () => said,
        closed: () => why,
        gone() {
          session.onClosed();
          outbox.disconnected();
          readersAfar.disconnected();
        },
        turn: (random: Random) => serversTurn(random, said, { log: log.log, hashes }),
      };
    },
  };
}

/** What an honest server would say now, by what it heard last. */
function serversTurn(
  random: Random,
  said: readonly Frame[],
  { log, hashes }: { log: Uint8Array; hashes: readonly Uint8Array[] },
): Frame {
  const last = said.at(-1);
  if (last?.[0] === FRAME.hello) {
    const [, , stationKey, commitment] = last;
    const serverNonce = new Uint8Array(32).fill(6);
    const version = 1 + random.below(2);
    const encounter = { version, event: EVENT, stationKey, serverKey: SERVER_KEY, commitment, serverNonce };
    const words = challengeToSign({ ...encounter, certificate: new Uint8Array() });
    return [FRAME.challenge, version, EVENT, SERVER_KEY, serverNonce, sealOf(SERVER_KEY, words)];
  }
  if (last?.[0] === FRAME.proof)
    return [FRAME.welcome, !random.oneIn(4), ENROLMENT.eventKey, "Fair", new Uint8Array(8)];
  if (last?.[0] === FRAME.ping) return [FRAME.pong, last[1], 1_000 + random.below(1_000)];
  const told = said.findLast((frame) => frame[0] === FRAME.readers);
  if (told !== undefined && random.oneIn(3)) {
    if (random.oneIn(4)) return [FRAME.settings, [[1, random.oneIn(2) ? 24 : 32]]];
    return [
      FRAME.mapping,
      1 + random.below(9),
      random.oneIn(2) ? told[1] : 7,
      [["usb-1", "Bar", [1, 1 + random.below(9)]]],
    ];
  }
  const number = random.below(hashes.length);
  return [
    FRAME.ack,
    log,
    number,
    hashes[number] ?? log,
    random.oneIn(2) ? [] : [[1 + random.below(3), random.below(256)]],
  ];
}
