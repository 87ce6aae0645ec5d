/** From the disk to the server, and back: the outbox, the link, and what the server says of this station and its event. */
import { randomBytes } from "node:crypto";
import { toHex } from "../../shared/bytes.ts";
import type { ClockRecord } from "../../shared/domain/record.ts";
import { NONCE_BYTES } from "../../shared/link/frames.ts";
import type { OpenWatch } from "../health/open-watch.ts";
import { signatureFits } from "../identity/ed25519.ts";
import { isOver } from "../identity/event-standing.ts";
import type { Identity } from "../identity/identity.ts";
import { createClockKeeper, type ClockKeeper } from "../link/clock-keeper.ts";
import { connectWebSocket } from "../link/connect.ts";
import { createForgetting, type Forgetting } from "../link/forgetting.ts";
import { createLink, type Link } from "../link/link.ts";
import { createOutbox, type Outbox } from "../link/outbox.ts";
import { createReadersAfar, type ReadersAfar } from "../link/readers-afar.ts";
import { createJoining, type Joining } from "../log/joining.ts";
import { sha256 } from "../log/sha256.ts";
import { createLinkSign, type LinkSign } from "../screen/link-sign.ts";
import type { AtReaders } from "./at-readers.ts";
import type { Ground } from "./ground.ts";
import type { Shown } from "./shown.ts";
import type { ToDisk } from "./to-disk.ts";

export interface ToServer {
  sign: LinkSign;
  outbox: Outbox;
  readersAfar: ReadersAfar;
  clockKeeper: ClockKeeper;
  /** The last measurement of the server's clock; null: none since the start. */
  measured: () => ClockRecord | null;
  forgetting: Forgetting;
  joining: Joining;
  link: Link;
}

export interface ToServerSurroundings {
  serverAddress: () => string;
  /** The station was admitted to an event. */
  onEnrolled: () => void;
}

export function createToServer(
  ground: Ground,
  shown: Shown,
  { mapping, readers }: Pick<AtReaders, "mapping" | "readers">,
  toDisk: ToDisk,
  around: ToServerSurroundings,
): ToServer {
  const { identity, log, logClock, watch, options } = ground;
  const { setTimer, setTicker } = options.clock;
  const { board, screen, outcomes, disk } = shown;
  const { own, box, drain, roll } = toDisk;
  const sign = createLinkSign({
    safeHere: () => outbox.waiting(),
    setTimer,
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
  const readersAfar = createReadersAfar({ mapping, conditions: readers.report, testing: ground.testing, setTimer });
  readers.onReport(readersAfar.look);
  mapping.onChange(readersAfar.look);
  let measured: ClockRecord | null = null;
  const clockKeeper = createClockKeeper((record) => box.note(record));
  const forgetting = createForgetting({
    identity,
    logMs: logClock.nowMs,
    note: (record) => box.note(record),
    onOver: () => screen.publish({ kind: "over", over: true }),
  });
  const joining = createJoining({
    own,
    outbox,
    event: () => identity.enrolment()?.event,
    setTimer,
    onJoinedAgain() {
      disk.heard({ state: "good", reason: null });
      void drain.look();
    },
  });
  const link = createLink({
    connect: (events) => connectWebSocket(around.serverAddress(), events),
    identity,
    outbox,
    software: options.software,
    sha256,
    fits: signatureFits,
    nonce: () => new Uint8Array(randomBytes(NONCE_BYTES)),
    random: Math.random,
    logMs: logClock.nowMs,
    setTimer,
    setTicker,
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
    onSettings: ground.eventSettings.take,
    readersAfar,
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
      around.onEnrolled();
    },
    onClock(record) {
      measured = record;
      clockKeeper.measured(record);
    },
  });
  return { sign, outbox, readersAfar, clockKeeper, measured: () => measured, forgetting, joining, link };
}

/** A disk that does not take it is told again at the next attempt: the server goes on saying so. */
function rememberRevoked(identity: Identity, { onRevokedNotStored }: OpenWatch): void {
  try {
    identity.revoked.set(true);
  } catch (error) {
    onRevokedNotStored(error);
  }
}
