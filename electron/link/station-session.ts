/** One connection as the station sees it, from hello to its end. Knows no socket and no timer. */
import { decodeDefinition } from "../../shared/domain/poll.ts";
import type { ClockRecord, Sha256 } from "../../shared/domain/record.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, decodeFrame, type Frame, type FrameOf } from "../../shared/link/frames.ts";
import type { Encounter } from "../../shared/link/handshake.ts";
import { SILENCE_MS } from "../../shared/link/limits.ts";
import type { Enrolment } from "../identity/enrolment.ts";
import type { Identity } from "../identity/identity.ts";
import { CLOCK_SAMPLES, measureClock, type RoundTrip } from "./clock-sync.ts";
import type { FeedFrame } from "../picture/picture.ts";
import type { FeedPlace } from "../picture/poll-board.ts";
import { answer, hello } from "./greeting.ts";
import type { Outbox } from "./outbox.ts";
import type { ReadersAfar } from "./readers-afar.ts";

export interface SessionSurroundings {
  identity: Pick<Identity, "key" | "enrolment">;
  outbox: Outbox;
  software: string;
  sha256: Sha256;
  fits: (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
  nonce: () => Uint8Array;
  /** Of the link, newest first; all there are, but in tests. */
  versions?: readonly number[];
  /** Milliseconds since the log's opening; the same clock as in records. */
  logMs: () => number;
  has: () => FeedPlace;
  /** The last frame of a poll as the server sent it, for a server that lost it. */
  kept: (poll: Uint8Array) => FrameOf<"poll"> | undefined;
  onWaiting: (code: string) => void;
  onOnline: () => void;
  /** Before anything of the feed is heard. */
  onEpoch: (epoch: Uint8Array) => void;
  onTitle: (title: string) => void;
  onFeed: (frame: FeedFrame) => void;
  /** Admitted for the first time: keep it, and begin a log. Resolves when both are on disk. */
  onEnrolled: (enrolment: Enrolment) => Promise<void>;
  /** The server has admitted this station, now or long ago. */
  onAdmitted: () => void;
  onClock: (clock: ClockRecord) => void;
  onRoll: (frame: FrameOf<"roll"> | FrameOf<"chunk">, send: (frame: FrameOf<"want">) => void) => void;
  /** The server wants the event key destroyed. Resolves when it is, and the log says so. */
  onForget: () => Promise<void>;
  /** The event's settings, before anything of the feed; null: the link is of version 1, which has none. */
  onSettings: (frame: FrameOf<"settings"> | null) => void;
  readersAfar: ReadersAfar;
}

export interface StationSession {
  onOpen(certificate: Uint8Array, send: (frame: Frame) => void): void;
  onMessage(bytes: Uint8Array): void;
  /** Say something, and notice silence. */
  onHeartbeat(): void;
  /** The handshake has had its time. */
  onLate(): void;
  /** The computer slept, or its clock was set: what was measured so far is worth nothing. */
  measureAgain(): void;
  /** Has this connection's server shown that it is the one we know? */
  isKnown(): boolean;
  /** The socket is gone. */
  onClosed(): void;
}

type Step = "opening" | "challenge" | "welcome" | "waiting" | "online";

export function createStationSession(around: SessionSurroundings, close: (why: CloseName) => void): StationSession {
  const { identity, outbox } = around;
  const nonce = around.nonce();
  let step: Step = "opening";
  let certificate = new Uint8Array();
  let send: (frame: Frame) => void = () => {};
  /** This side found fault, or the socket is gone: nothing more is heard or said. */
  let over = false;
  let met: { encounter: Encounter; code: string } | null = null;
  let heardMs = around.logMs();
  let lastPing = 0;
  const pings = new Map<number, number>();
  let trips: RoundTrip[] = [];

  const refuse = (why: CloseName) => {
    if (over) return;
    over = true;
    close(why);
  };
  const isOver = () => over;
  const version = () => met?.encounter.version ?? 1;
  /** What came while the enrolment is written waits for it, in its order. */
  let joining: Promise<unknown> | null = null;
  const ping = () => {
    lastPing = (lastPing + 1) % 2 ** 32;
    pings.clear();
    pings.set(lastPing, around.logMs());
    send([FRAME.ping, lastPing]);
  };
  const onChallenge = (frame: FrameOf<"challenge">) => {
    const answered = answer(
      { ...around, key: identity.key, enrolment: identity.enrolment() },
      nonce,
      frame,
      certificate,
      around.has(),
    );
    if ("close" in answered) return refuse(answered.close);
    met = answered;
    step = "welcome";
    return send(answered.proof);
  };
  const onWelcome = async ([, admitted, eventKey, title, epoch]: FrameOf<"welcome">) => {
    if (met === null) return refuse("outOfOrder");
    around.onTitle(title);
    if (!admitted) {
      step = "waiting";
      return around.onWaiting(met.code);
    }
    step = "online";
    if (identity.enrolment() === undefined) {
      await around.onEnrolled({ event: met.encounter.event, serverKey: met.encounter.serverKey, eventKey });
    }
    // The link may have broken while the disk wrote; the next one is another session's.
    if (isOver()) return undefined;
    around.onAdmitted();
    around.onEpoch(epoch);
    if (version() < 2) around.onSettings(null);
    around.onOnline();
    outbox.connected(send);
    if (version() >= 2) around.readersAfar.connected(send);
    return ping();
  };
  const onPong = ([, number, serverMs]: FrameOf<"pong">) => {
    const sentMs = pings.get(number);
    if (sentMs === undefined || step !== "online") return undefined;
    pings.delete(number);
    trips = [...trips, { sentMs, heardMs: around.logMs(), serverMs }].slice(-CLOCK_SAMPLES);
    if (trips.length < CLOCK_SAMPLES) return ping();
    // Each heartbeat measures on: in eight hours two clocks drift apart by seconds.
    const clock = measureClock(trips);
    if (clock !== undefined) around.onClock(clock);
    return undefined;
  };
  const onAck = async (frame: FrameOf<"ack">) => {
    if (!(await outbox.onAck(frame))) refuse("gap");
  };
  const take = (frame: Frame): void | Promise<void> => {
    if (step === "challenge" && frame[0] === FRAME.challenge) return onChallenge(frame);
    if ((step === "welcome" || step === "waiting") && frame[0] === FRAME.welcome) return onWelcome(frame);
    // Before the server has shown who it is, nothing else it says is heard.
    if (step !== "waiting" && step !== "online") return refuse("outOfOrder");
    if (frame[0] === FRAME.pong) return onPong(frame);
    if (frame[0] === FRAME.event) return around.onTitle(frame[1]);
    // The server needs no clock of ours; 0 says so.
    if (frame[0] === FRAME.ping) return send([FRAME.pong, frame[1], 0]);
    return step === "online" ? takeOnline(frame) : refuse("outOfOrder");
  };
  const takeOnline = (frame: Frame): void | Promise<void> => {
    if (frame[0] === FRAME.ack) return onAck(frame);
    if (frame[0] === FRAME.place) return outbox.onPlace(frame) ? undefined : refuse("outOfOrder");
    if (frame[0] === FRAME.standing) return outbox.onStanding(frame);
    if (frame[0] === FRAME.poll || frame[0] === FRAME.tally || frame[0] === FRAME.delta) return around.onFeed(frame);
    if (frame[0] === FRAME.roll || frame[0] === FRAME.chunk) return around.onRoll(frame, send);
    if (frame[0] === FRAME.lacks) return onLacks(frame);
    // Both are of version 2, and not read on a link of version 1.
    if (frame[0] === FRAME.settings) return around.onSettings(frame);
    if (frame[0] === FRAME.mapping) return around.readersAfar.onMapping(frame);
    return frame[0] === FRAME.forget ? around.onForget() : refuse("outOfOrder");
  };
  const onLacks = ([, poll]: FrameOf<"lacks">) => {
    const kept = around.kept(poll);
    // A server of version 1 could not read the definition of a poll without tags.
    const isReadable = version() >= 2 || (kept && decodeDefinition(kept[3])?.tagless !== true);
    return kept && isReadable ? send(kept) : undefined;
  };
  /** Only the disk can fail in here; then this connection is given up and the next begins anew. */
  const takeInTurn = async (frame: Frame): Promise<void> => {
    try {
      if (joining !== null) await joining;
      if (!isOver()) await take(frame);
    } catch {
      refuse("trouble");
    }
  };

  return {
    onOpen(seen, toServer) {
      certificate = new Uint8Array(seen);
      send = toServer;
      step = "challenge";
      heardMs = around.logMs();
      send(hello({ ...around, key: identity.key, enrolment: identity.enrolment() }, nonce));
    },
    onMessage(bytes) {
      if (over) return undefined;
      heardMs = around.logMs();
      const read = decodeFrame(bytes, version());
      if (!read.ok) return refuse(read.why);
      const taken = takeInTurn(read.frame);
      if (read.frame[0] === FRAME.welcome) joining = taken.then(() => (joining = null));
      return undefined;
    },
    onHeartbeat() {
      if (over) return undefined;
      if (around.logMs() - heardMs > SILENCE_MS) return refuse("silence");
      // A slow handshake is `onLate`'s matter; a ping in the middle of it would be out of order.
      return step === "waiting" || step === "online" ? ping() : undefined;
    },
    onLate() {
      if (step !== "waiting" && step !== "online") refuse("silence");
    },
    measureAgain() {
      trips = [];
      if (step === "online" && !over) ping();
    },
    isKnown: () => met !== null && identity.enrolment() !== undefined,
    onClosed() {
      over = true;
    },
  };
}
