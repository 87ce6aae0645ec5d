/**
 * The station: composition root. Read from top to bottom it is the way of a vote, from a reader's bytes to the screen.
 * The hosts (Electron, headless) start it and show its page.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fromHex, toHex } from "../shared/bytes.ts";
import { NONCE_BYTES } from "../shared/link/frames.ts";
import { createBallotBox } from "./ballot/ballot-box.ts";
import { createDrain } from "./ballot/drain.ts";
import { createOutcomes } from "./ballot/outcomes.ts";
import { openWatch, type OpenWatch } from "./health/open-watch.ts";
import { signatureFits } from "./identity/ed25519.ts";
import { openIdentity, type Identity } from "./identity/identity.ts";
import { tellingScreen } from "./journal/tell-changes.ts";
import { createClockKeeper } from "./link/clock-keeper.ts";
import { connectWebSocket } from "./link/connect.ts";
import { createForgetting } from "./link/forgetting.ts";
import { createLink } from "./link/link.ts";
import { createOutbox } from "./link/outbox.ts";
import { asideOf } from "./log/aside.ts";
import { createJoining } from "./log/joining.ts";
import { createLogClock } from "./log/log-clock.ts";
import { createOwnLogs } from "./log/own-logs.ts";
import { sha256 } from "./log/sha256.ts";
import { openStationLog, type StationLog } from "./log/station-log.ts";
import { createPollBoard } from "./picture/poll-board.ts";
import { createStationReaders } from "./readers/station-readers.ts";
import { createRoll } from "./roll/roll.ts";
import { createAsideWatch } from "./screen/aside-watch.ts";
import { damageView } from "./screen/damage-view.ts";
import { createDiskWatch } from "./screen/disk-watch.ts";
import { createHttp, listenLocally } from "./screen/http.ts";
import { createLinkSign } from "./screen/link-sign.ts";
import { createScreen } from "./screen/screen.ts";
import { linkView, pollView } from "./screen/views.ts";
import type { StationOptions } from "./station-options.ts";
import { tagKeyOf } from "./tap/tag-key.ts";

export interface Station {
  /** Where the page is. */
  url: string;
  /** The window it is shown in said this of itself. */
  windowTrouble(line: string): void;
  stop(): Promise<void>;
}

const LOG_FILE = "log.sqlite";

/** Start everything; resolves when the page can be opened. Throws `StationUnusable`. */
export async function startStation(options: StationOptions): Promise<Station> {
  const identity = openIdentity(options.directory, options.seal);
  const watch = openWatch(options.directory, options.logLevel, options.clock);
  const { appendSeconds } = watch.counts;
  const log = await openStationLog(join(options.directory, LOG_FILE), options.workerUrl, appendSeconds.note);
  try {
    return await startOn(options, identity, log, watch);
  } catch (error) {
    // Its thread would keep the program alive that is about to say why it cannot start.
    await log.close();
    await watch.close();
    throw error;
  }
}

/** Everything around the station's identity and its log. */
async function startOn(
  options: StationOptions,
  identity: Identity,
  log: StationLog,
  watch: OpenWatch,
): Promise<Station> {
  const { clock } = options;
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
  const asides = createAsideWatch({
    list: () => asideOf(join(options.directory, LOG_FILE)),
    setTicker: clock.setTicker,
    onDamage: (damage) => screen.publish({ kind: "damage", damage }),
  });
  const shown = createScreen(toHex(randomBytes(6)), {
    title: board.title(),
    demo: options.demo,
    poll: pollView(board.current()),
    tally: board.tally(),
    link: linkView({ state: "connecting" }, 0),
    disk: { state: "good", reason: null },
    damage: asides.now(),
    branch: null,
    over: isOver(identity),
    readers: [],
  });
  const screen = tellingScreen(shown, watch);
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
    onLeft: (ballot, bytes) => outbox.coming(ballot, bytes),
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
  let clockMeasured = false;
  const clockKeeper = createClockKeeper((record) => box.note(record));
  const forgetting = createForgetting({
    identity,
    logMs,
    note: (record) => box.note(record),
    onOver: () => screen.publish({ kind: "over", over: true }),
  });
  const joining = createJoining({
    own,
    outbox,
    event: () => identity.enrolment()?.event,
    setTimer: clock.setTimer,
    onJoinedAgain() {
      disk.heard({ state: "good", reason: null });
      void drain.look();
    },
  });
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
      rememberRevoked(identity, watch);
    },
    onClosed: watch.onClosed,
    onAdmitted: () => identity.revoked.set(false),
    onRoll: roll.onFrame,
    onForget: forgetting.forget,
    onState: sign.show,
    onTitle: board.setTitle,
    onFeed(frame) {
      if (!board.onFeed(frame)) link.drop();
    },
    async onEnrolled(enrolment) {
      await joining.join(enrolment.event);
      identity.enrol(enrolment);
      watch.note("enrolment.admitted", { ofEvent: toHex(enrolment.event) });
      screen.publish({ kind: "over", over: isOver(identity) });
    },
    onClock(record) {
      clockMeasured = true;
      clockKeeper.measured(record);
    },
  });

  // The log's file was opened anew: what is there holds, and this is another opening of it.
  log.onReopened(() => {
    outbox.clear();
    own.reopened();
    clockKeeper.renew();
    link.drop();
    asides.look();
    joining.again();
  });

  const enrolled = identity.enrolment();
  if (enrolled !== undefined) await joining.join(enrolled.event);
  await forgetting.finish();
  void drain.look();
  if (identity.revoked.isSet()) sign.revoked();
  sign.count();

  const watched = watch.of({
    logFile: LOG_FILE,
    disk: disk.now,
    damage: () => damageView(asides.now(), log.rescued()),
    link: sign.state,
    isRevoked: sign.isRevoked,
    clockMeasured: () => clockMeasured,
    waiting: outbox.waiting,
    readers: readers.count,
    lookers: screen.lookers,
    sealed: options.seal !== null,
  });
  const http = await createHttp({
    screen,
    pages: options.pages,
    token: options.token,
    setTicker: clock.setTicker,
    watch: watched,
    demoTap: options.demo ? ({ slot, uid }) => readers.tapVirtual(slot, fromHex(uid) ?? new Uint8Array()) : null,
  });
  const url = await listenLocally(http, options.port);
  for (const spec of options.readers) readers.open(spec);
  link.start();
  const stopAsides = asides.start();
  const stopWatch = logClock.watch(() => {
    clockKeeper.renew();
    link.measureAgain();
    watch.note("clock.renewed");
  });
  const facts = { readers: options.readers.length, demo: options.demo, enrolled: enrolled !== undefined };
  watch.started({ ...facts, waiting: outbox.waiting() });

  return {
    url,
    windowTrouble: watch.onWindow,
    async stop() {
      watch.stopping();
      await readers.stop();
      await Promise.all([link.stop(), http.close()]);
      stopWatch();
      drain.stop();
      disk.stop();
      stopAsides();
      joining.stop();
      sign.stop();
      board.stop();
      await log.close();
      await watch.close();
    },
  };
}

/** A disk that does not take it is told again at the next attempt: the server goes on saying so. */
function rememberRevoked(identity: Identity, { onRevokedNotStored }: OpenWatch): void {
  try {
    identity.revoked.set(true);
  } catch (error) {
    onRevokedNotStored(error);
  }
}

/** Was the event key destroyed? Then nobody can vote here any more. */
function isOver(identity: Identity): boolean {
  return identity.enrolment()?.eventKey === null;
}
