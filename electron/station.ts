/**
 * The station: composition root. Read from top to bottom it is the way of a vote, from a reader's bytes to the screen.
 * The hosts (Electron, headless) start it and show its page.
 */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { fromHex, toHex } from "../shared/bytes.ts";
import { NONCE_BYTES } from "../shared/link/frames.ts";
import { createBallotBox } from "./ballot/ballot-box.ts";
import { createDrain } from "./ballot/drain.ts";
import { createOutcomes } from "./ballot/outcomes.ts";
import type { Clock } from "./clock.ts";
import { signatureFits } from "./identity/ed25519.ts";
import { openIdentity, type Identity } from "./identity/identity.ts";
import type { Seal } from "./identity/seal.ts";
import { createClockKeeper } from "./link/clock-keeper.ts";
import { connectWebSocket } from "./link/connect.ts";
import { createForgetting } from "./link/forgetting.ts";
import { createLink } from "./link/link.ts";
import { createOutbox } from "./link/outbox.ts";
import { createLogClock } from "./log/log-clock.ts";
import { createOwnLogs } from "./log/own-logs.ts";
import { openStationLog, type StationLog } from "./log/station-log.ts";
import { createPollBoard } from "./picture/poll-board.ts";
import type { ReaderSpec } from "./readers/spec.ts";
import { createStationReaders } from "./readers/station-readers.ts";
import { createRoll } from "./roll/roll.ts";
import { createDiskWatch } from "./screen/disk-watch.ts";
import { createHttp, listenLocally } from "./screen/http.ts";
import { codeOf, createLinkSign } from "./screen/link-sign.ts";
import { createScreen } from "./screen/screen.ts";
import { linkView, pollView } from "./screen/views.ts";
import { tagKeyOf } from "./tap/tag-key.ts";

export interface StationOptions {
  /** The server's address, `http://…` or `https://…`. */
  server: string;
  directory: string;
  /** 0 picks a free one. */
  port: number;
  readers: readonly ReaderSpec[];
  /** Virtual readers on the page, for trying without hardware. */
  demo: boolean;
  /** The thread that owns the log: `log/log-worker.ts`, or the file it was bundled into. */
  workerUrl: URL;
  /** Folder of the built pages. */
  pages: string;
  software: string;
  clock: Clock;
  /** How the event key is kept on disk; null: plain, in a file that only its owner may read. */
  seal: Seal | null;
  /** Random, base64url: only a page opened as `/?token=…` may ask the local server. Without it any on this computer. */
  token?: string;
}

export interface Station {
  /** Where the page is. */
  url: string;
  stop(): Promise<void>;
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Start everything; resolves when the page can be opened. Throws `StationUnusable`. */
export async function startStation(options: StationOptions): Promise<Station> {
  const identity = openIdentity(options.directory, options.seal);
  const log = await openStationLog(join(options.directory, "log.sqlite"), options.workerUrl);
  try {
    return await startOn(options, identity, log);
  } catch (error) {
    // Its thread would keep the program alive that is about to say why it cannot start.
    await log.close();
    throw error;
  }
}

/** Everything around the station's identity and its log. */
async function startOn(options: StationOptions, identity: Identity, log: StationLog): Promise<Station> {
  const { clock } = options;
  const startedMs = clock.monotonicMs();
  const logClock = createLogClock(clock);
  const logMs = logClock.nowMs;

  // What is shown.
  const board = createPollBoard({
    kept: log.kept.get("picture"),
    keep: (bytes, soon) => log.keep("picture", bytes, soon),
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    sha256,
    onPoll: (poll, tally) => screen.publish({ kind: "poll", poll, tally }),
    onTally: (tally) => screen.publish({ kind: "tally", tally }),
    onTitle: (title) => screen.publish({ kind: "title", title }),
    onClosed: () => void drain.look(),
  });
  const roll = createRoll({ kept: log.kept, keep: log.keep, sha256 });
  const screen = createScreen(toHex(randomBytes(6)), {
    title: board.title(),
    demo: options.demo,
    poll: pollView(board.current()),
    tally: board.tally(),
    link: linkView({ state: "connecting" }, 0),
    disk: { state: "good", reason: null },
    branch: null,
    over: isOver(identity),
    readers: [],
  });
  const outcomes = createOutcomes({
    nowMs: clock.monotonicMs,
    show: (outcome) => screen.publish({ kind: "outcome", outcome }),
  });
  const disk = createDiskWatch({
    probe: log.probe,
    setTimer: clock.setTimer,
    onDisk: (state) => screen.publish({ kind: "disk", disk: state }),
  });

  // From a reader to the disk.
  const own = createOwnLogs({
    store: log,
    key: identity.key,
    openedAtMs: logClock.openedAtMs,
    logMs,
    randomBytes,
    sha256,
  });
  const box = createBallotBox({
    append: log.append,
    readerNumber: log.readerNumber,
    tagKey(uid) {
      const eventKey = identity.enrolment()?.eventKey;
      return eventKey ? tagKeyOf(eventKey, uid) : undefined;
    },
    roll,
    logMs,
    situation: () => ({
      branch: screen.snapshot().branch,
      ended: isOver(identity) ? "event-over" : sign.isRevoked() ? "revoked" : null,
      poll: board.current(),
      online: sign.state().state === "online",
      shownForMs: board.shownForMs(),
    }),
    outcomes,
    log: own.current,
    onStored(place, record) {
      outbox.stored(place, record);
      if (record.kind === "ballot") board.voted();
    },
    onDisk: disk.heard,
  });
  const drain = createDrain({
    settled: box.settled,
    closed: board.closed,
    currentLog: own.current,
    leafLogs: () => own.leaves().map((leaf) => leaf.log),
    // A log of an older opening has its own time, which stands still.
    note: (record, into) =>
      box.note({ ...record, ms: own.leaves().find((leaf) => leaf.log === into)?.ms ?? record.ms }, into),
    logMs,
    setTimer: clock.setTimer,
    kept: log.kept.get("drained"),
    keep: (bytes) => log.keep("drained", bytes),
  });
  const readers = createStationReaders({
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    onTap: (tap, place) => void box.cast(tap, place),
    onMisread: (place) => outcomes.refused("read-again", place.slot ?? null, place.name),
    onReaders: (states) => screen.publish({ kind: "readers", readers: states }),
  });

  // From the disk to the server, and back.
  const sign = createLinkSign({
    safeHere: () => outbox.waiting(),
    setTimer: clock.setTimer,
    onLink: (state) => screen.publish({ kind: "link", link: state }),
  });
  const outbox = createOutbox({
    store: log,
    sign: (bytes) => identity.key.sign(bytes),
    sha256,
    current: own.current,
    salvage: own.salvage,
    hear: own.hear,
    soon: (run) => void setImmediate(run),
    onVerdict: outcomes.onVerdict,
    onChange: sign.count,
    onSalvaged: () => void drain.look(),
    onBranch: (branch) => screen.publish({ kind: "branch", branch }),
    onTrouble: () => link.drop(),
  });
  const clockKeeper = createClockKeeper((record) => box.note(record));
  const forgetting = createForgetting({
    identity,
    logMs,
    note: (record) => box.note(record),
    onOver: () => screen.publish({ kind: "over", over: true }),
  });
  const joinEvent = async (event: Uint8Array) => {
    for (const stored of own.foundOf(event)) outbox.add(stored);
    outbox.add(await own.begin(event));
  };
  const link = createLink({
    connect: (events) => connectWebSocket(options.server, events),
    identity,
    outbox,
    software: options.software,
    sha256,
    fits: signatureFits,
    nonce: () => new Uint8Array(randomBytes(NONCE_BYTES)),
    random: Math.random,
    logMs,
    setTimer: clock.setTimer,
    setTicker: clock.setTicker,
    has: board.has,
    kept: board.kept,
    onEpoch: board.setEpoch,
    isRevoked: sign.isRevoked,
    onRevoked() {
      sign.revoked();
      rememberRevoked(identity);
    },
    onAdmitted: () => identity.revoked.set(false),
    onRoll: roll.onFrame,
    onForget: forgetting.forget,
    onState: sign.show,
    onTitle: board.setTitle,
    onFeed(frame) {
      if (!board.onFeed(frame)) link.drop();
    },
    async onEnrolled(enrolment) {
      await joinEvent(enrolment.event);
      identity.enrol(enrolment);
      screen.publish({ kind: "over", over: isOver(identity) });
    },
    onClock: clockKeeper.measured,
  });

  const enrolled = identity.enrolment();
  if (enrolled !== undefined) await joinEvent(enrolled.event);
  await forgetting.finish();
  void drain.look();
  if (identity.revoked.isSet()) sign.revoked();
  sign.count();

  const http = await createHttp({
    screen,
    pages: options.pages,
    token: options.token,
    setTicker: clock.setTicker,
    health: () => ({
      status: disk.failing() ? "failing" : "ok",
      link: sign.state().state,
      code: codeOf(sign.state()),
      safeHere: outbox.waiting(),
      readers: readers.count(),
      uptimeS: Math.round((clock.monotonicMs() - startedMs) / 1000),
    }),
    demoTap: options.demo ? ({ slot, uid }) => readers.tapVirtual(slot, fromHex(uid) ?? new Uint8Array()) : null,
  });
  const url = await listenLocally(http, options.port);
  for (const spec of options.readers) readers.open(spec);
  link.start();
  const stopWatch = logClock.watch(() => {
    clockKeeper.renew();
    link.measureAgain();
  });

  return {
    url,
    async stop() {
      await readers.stop();
      await Promise.all([link.stop(), http.close()]);
      stopWatch();
      drain.stop();
      disk.stop();
      sign.stop();
      board.stop();
      await log.close();
    },
  };
}

/** A disk that does not take it is told again at the next attempt: the server goes on saying so. */
function rememberRevoked(identity: Identity): void {
  try {
    identity.revoked.set(true);
  } catch (error) {
    console.error("That this station was revoked could not be stored:", error);
  }
}

/** Was the event key destroyed? Then nobody can vote here any more. */
function isOver(identity: Identity): boolean {
  return identity.enrolment()?.eventKey === null;
}
