/** One link, from its first frame to its last: handshake, waiting for approval, then what an admitted station may do. */
import type { KeyObject } from "node:crypto";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { FRAMES_PER_SECOND, FRAME_BURST, HANDSHAKE_MS, SILENCE_MS } from "../../shared/link/limits.ts";
import { frameOnce, type TurnWriter } from "../push/turn-writer.ts";
import { beginAdmitted, type Admitted, type AdmittedSurroundings } from "./admitted.ts";
import { greet, type Arrival, type Handshake, type HandshakeSurroundings } from "./handshake.ts";
import type { Reaches } from "./reach.ts";
import { fullBucket, takeToken } from "./token-bucket.ts";

export interface SessionSurroundings extends HandshakeSurroundings, AdmittedSurroundings {
  /** Undefined once it was destroyed. */
  eventKey: () => Uint8Array | undefined;
  title: () => string;
  /** Server time, milliseconds since 1970. */
  wallMs: () => number;
  /** A clock that never jumps, milliseconds. */
  monotonicMs: () => number;
  verifyingKey: (publicKey: Uint8Array) => KeyObject | undefined;
}

type SessionState =
  | { step: "greeting" }
  | { step: "waiting"; arrival: Arrival; sinceMs: number }
  | { step: "admitted"; arrival: Arrival; sinceMs: number; reaches: Reaches };

export interface Session {
  readonly state: SessionState;
  /** One WebSocket message. */
  onMessage(bytes: Uint8Array): void;
  /** Its station was admitted or revoked, or said something. */
  onStation(): void;
  /** The clock went on: give up on silence. */
  onTick(): void;
  /** Framed once for all; must arrive. */
  push(framed: Uint8Array): void;
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
  let admitted: Admitted | null = null;
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
    const row = around.known.station(arrival.station);
    if (row !== undefined && row.revoked !== null) return close("revoked");
    if (row !== undefined) return admit(arrival);
    if (!mayWait()) return close("tooManyWaiting");
    state = { step: "waiting", arrival, sinceMs: around.wallMs() };
    return send([FRAME.welcome, false, null, around.title(), around.epoch]);
  };
  const admit = (arrival: Arrival) => {
    const key = around.verifyingKey(arrival.key);
    if (key === undefined) return close("badSignature");
    send([FRAME.welcome, true, around.eventKey() ?? null, around.title(), around.epoch]);
    const feedWriter = { ...writer, send: sendFramed };
    admitted = beginAdmitted(around, { arrival, key }, { send, close, feedWriter });
    state = { step: "admitted", arrival, sinceMs: around.wallMs(), reaches: admitted.reaches };
    return undefined;
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
    // Either side may ask whether the other lives; that it answered was noted when the frame came.
    if (frame[0] === FRAME.pong) return undefined;
    return admitted === null ? close("notAdmitted") : admitted.take(frame);
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
    onStation() {
      if (state.step === "greeting") return undefined;
      const row = around.known.station(state.arrival.station);
      if (row !== undefined && row.revoked !== null) return close("revoked");
      if (row !== undefined && state.step === "waiting") return admit(state.arrival);
      return undefined;
    },
    onTick() {
      const nowMs = around.monotonicMs();
      const late = state.step === "greeting" && nowMs - connectedAtMs > HANDSHAKE_MS;
      if (late || nowMs - heardAtMs > SILENCE_MS) close("silence");
    },
    push: (framed) => void sendFramed(framed),
    onClosed: () => admitted?.leave(),
  };
}
