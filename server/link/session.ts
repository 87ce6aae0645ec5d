/** One link, from its first frame to its last: handshake, waiting for approval, then ballots in and the feed out. */
import type { KeyObject } from "node:crypto";
import { toHex } from "../../shared/bytes.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { FRAMES_PER_SECOND, FRAME_BURST, HANDSHAKE_MS, SILENCE_MS } from "../../shared/link/limits.ts";
import type { Feed, Has } from "../push/feed.ts";
import { frameOnce, type TurnWriter } from "../push/turn-writer.ts";
import { greet, type Arrival, type Handshake, type HandshakeSurroundings } from "./handshake.ts";
import { createIngest, type Ingest, type IngestSurroundings } from "./ingest.ts";
import { fullBucket, takeToken } from "./token-bucket.ts";

export interface SessionSurroundings extends HandshakeSurroundings, Pick<IngestSurroundings, "ledger" | "check"> {
  eventKey: Uint8Array;
  title: () => string;
  /** Server time, milliseconds since 1970. */
  wallMs: () => number;
  /** A clock that never jumps, milliseconds. */
  monotonicMs: () => number;
  verifyingKey: (publicKey: Uint8Array) => KeyObject | undefined;
  isAdmitted: (station: string) => boolean;
  /** Poll id by the short hash that records use; undefined when the server does not know it. */
  pollByHash: (hash: string) => string | undefined;
  feed: Feed;
}

type SessionState =
  | { step: "greeting" }
  | { step: "waiting"; arrival: Arrival; sinceMs: number }
  | { step: "admitted"; arrival: Arrival; sinceMs: number };

export interface Session {
  readonly state: SessionState;
  /** One WebSocket message. */
  onMessage(bytes: Uint8Array): void;
  /** Somebody was admitted: is it this station? */
  onAdmission(): void;
  /** The clock went on: give up on silence. */
  onTick(): void;
  onTitle(title: string): void;
  /** The socket is gone. */
  onClosed(): void;
}

const RATE = { perSecond: FRAMES_PER_SECOND, burst: FRAME_BURST };

export function createSession(
  around: SessionSurroundings,
  writer: TurnWriter,
  close: (why: CloseName) => void,
  mayWait: () => boolean,
): Session {
  let handshake: Handshake = { step: "hello" };
  let state: SessionState = { step: "greeting" };
  let ingest: Ingest | null = null;
  let leaveFeed: (() => void) | null = null;
  let bucket = fullBucket(RATE, around.monotonicMs());
  const connectedAtMs = around.monotonicMs();
  let heardAtMs = connectedAtMs;

  /** What must arrive and cannot, because the station takes nothing, ends the link; it begins anew from its cursors. */
  const sendFramed = (framed: Uint8Array) => {
    const taken = writer.send(framed);
    if (!taken) close("tooFast");
    return taken;
  };
  const send = (frame: Frame) => void sendFramed(frameOnce(encodeFrame(frame)));
  const welcome = (arrival: Arrival) => {
    if (around.isAdmitted(arrival.station)) return admit(arrival);
    if (!mayWait()) return close("tooManyWaiting");
    state = { step: "waiting", arrival, sinceMs: around.wallMs() };
    return send([FRAME.welcome, null, around.title()]);
  };
  const admit = (arrival: Arrival) => {
    const key = around.verifyingKey(arrival.key);
    if (key === undefined) return close("badSignature");
    state = { step: "admitted", arrival, sinceMs: around.wallMs() };
    ingest = createIngest({ ...around, send, close }, { station: arrival.station, key, event: around.event });
    send([FRAME.welcome, around.eventKey, around.title()]);
    leaveFeed = around.feed.join({ ...writer, send: sendFramed }, cursorsById(arrival));
    return undefined;
  };
  const cursorsById = ({ has }: Arrival): Map<string, Has> => {
    const known = has.flatMap(([hash, stateCursor, tallyCursor]): [string, Has][] => {
      const poll = around.pollByHash(toHex(hash));
      return poll === undefined ? [] : [[poll, { stateCursor, tallyCursor }]];
    });
    return new Map(known);
  };
  const greetFurther = (frame: Frame) => {
    const step = greet(around, handshake, frame);
    if ("close" in step) return close(step.close);
    handshake = step.next;
    if (step.reply !== null) send(step.reply);
    if (step.next.step === "done") welcome(step.next.arrival);
    return undefined;
  };
  const take = (frame: Frame): void => {
    if (state.step === "greeting") return greetFurther(frame);
    if (frame[0] === FRAME.ping) return send([FRAME.pong, frame[1], around.wallMs()]);
    if (ingest === null) return close("notAdmitted");
    if (frame[0] === FRAME.log) return ingest.log(frame);
    if (frame[0] === FRAME.batch) return ingest.batch(frame);
    return close("outOfOrder");
  };

  return {
    get state() {
      return state;
    },
    onMessage(bytes) {
      heardAtMs = around.monotonicMs();
      const [after, allowed] = takeToken(RATE, bucket, heardAtMs);
      bucket = after;
      if (!allowed) return close("tooFast");
      const read = decodeFrame(bytes);
      return read.ok ? take(read.frame) : close(read.why);
    },
    onAdmission() {
      if (state.step === "waiting" && around.isAdmitted(state.arrival.station)) admit(state.arrival);
    },
    onTick() {
      const nowMs = around.monotonicMs();
      const late = state.step === "greeting" && nowMs - connectedAtMs > HANDSHAKE_MS;
      if (late || nowMs - heardAtMs > SILENCE_MS) close("silence");
    },
    onTitle(title) {
      if (state.step !== "greeting") send([FRAME.event, title]);
    },
    onClosed: () => leaveFeed?.(),
  };
}
