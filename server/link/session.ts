/** One link, from its first frame to its last: handshake, waiting for approval, then what an admitted station may do. */
import type { StationRow } from "../../shared/domain/projection.ts";
import type { CloseName } from "../../shared/link/close-codes.ts";
import { FRAME, decodeFrame, encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { FRAMES_PER_SECOND, FRAME_BURST, HANDSHAKE_MS, SILENCE_MS } from "../../shared/link/limits.ts";
import { frameOnce, type TurnWriter } from "../push/turn-writer.ts";
import { beginAdmitted, type Admitted, type AdmittedSurroundings } from "./admitted.ts";
import { greet, type Arrival, type Handshake, type HandshakeSurroundings } from "./handshake.ts";
import { noteAdmitted, type LinkWatch } from "./link-watch.ts";
import type { Reaches } from "./reach.ts";
import { fullBucket, takeToken, type Bucket, type BucketRate, type StationBuckets } from "./token-bucket.ts";

export interface SessionSurroundings extends HandshakeSurroundings, AdmittedSurroundings {
  /** Undefined once it was destroyed. */
  eventKey: () => Uint8Array | undefined;
  title: () => string;
  /** Server time, milliseconds since 1970. */
  wallMs: () => number;
  /** A clock that never jumps, milliseconds. */
  monotonicMs: () => number;
  watch: LinkWatch;
}

type SessionState =
  | { step: "greeting" }
  | { step: "waiting"; station: string; arrival: Arrival; sinceMs: number }
  | { step: "admitted"; station: string; version: number; software: string; sinceMs: number; reaches: Reaches };

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

/** How fast a station may talk, and who is not known yet. */
export const RATE: BucketRate = { perSecond: FRAMES_PER_SECOND, burst: FRAME_BURST };

/** What all links of a server have in common. */
export interface Crowd {
  /** Is there room for one more station that waits for approval? */
  mayWait: () => boolean;
  buckets: StationBuckets;
}

/** The way to end a link. */
export interface LinkEnd {
  close(why: CloseName): void;
}

/** What is forgotten once the station has proved its key. */
interface Greeting {
  handshake: Handshake;
  bucket: Bucket;
  sinceMs: number;
}

const GREETING: SessionState = { step: "greeting" };

/**
 * A class with fields: closures of its own, or getters, would make each session ten times as large, and a server has
 * thousands that say nothing but heartbeats.
 */
export class LinkSession implements Session {
  state = GREETING;
  readonly #around: SessionSurroundings;
  readonly #writer: TurnWriter;
  readonly #end: LinkEnd;
  readonly #crowd: Crowd;
  #greeting: Greeting | null;
  #admitted: Admitted | null = null;
  #heardAtMs: number;

  constructor(around: SessionSurroundings, writer: TurnWriter, end: LinkEnd, crowd: Crowd) {
    this.#around = around;
    this.#writer = writer;
    this.#end = end;
    this.#crowd = crowd;
    const nowMs = around.monotonicMs();
    this.#greeting = { handshake: { step: "hello" }, bucket: fullBucket(RATE, nowMs), sinceMs: nowMs };
    this.#heardAtMs = nowMs;
  }

  onMessage(bytes: Uint8Array): void {
    this.#heardAtMs = this.#around.monotonicMs();
    if (!this.#mayTalk(this.#heardAtMs)) return this.close("tooFast");
    const read = decodeFrame(bytes, this.#version());
    return read.ok ? this.#take(read.frame) : this.close(read.why);
  }

  onStation(): void {
    if (this.state.step === "greeting") return undefined;
    const row = this.#around.known.station(this.state.station);
    if (row !== undefined && row.revoked !== null) return this.close("revoked");
    if (row !== undefined && this.state.step === "waiting") return this.#admit(this.state.arrival, row);
    return row === undefined ? undefined : this.#admitted?.onStation(row);
  }

  onTick(): void {
    const nowMs = this.#around.monotonicMs();
    const late = this.#greeting !== null && nowMs - this.#greeting.sinceMs > HANDSHAKE_MS;
    if (late || nowMs - this.#heardAtMs > SILENCE_MS) this.close("silence");
  }

  push(framed: Uint8Array): void {
    this.#writer.send(framed);
  }

  onClosed(): void {
    this.#admitted?.leave();
  }

  send(frame: Frame): void {
    this.push(frameOnce(encodeFrame(frame)));
  }

  close(why: CloseName): void {
    this.#end.close(why);
  }

  #take(frame: Frame): void {
    if (this.#greeting !== null) return this.#greetFurther(this.#greeting, frame);
    if (frame[0] === FRAME.ping) return this.send([FRAME.pong, frame[1], this.#around.wallMs()]);
    // Either side may ask whether the other lives; that it answered was noted when the frame came.
    if (frame[0] === FRAME.pong) return undefined;
    return this.#admitted === null ? this.close("notAdmitted") : this.#admitted.take(frame);
  }

  /** Of the link; the handshake is the same in all. */
  #version(): number {
    if (this.state.step === "greeting") return 1;
    return this.state.step === "waiting" ? this.state.arrival.version : this.state.version;
  }

  #mayTalk(nowMs: number): boolean {
    if (this.state.step !== "greeting") return this.#crowd.buckets.take(this.state.station, nowMs);
    if (this.#greeting === null) return false;
    const [after, allowed] = takeToken(RATE, this.#greeting.bucket, nowMs);
    this.#greeting.bucket = after;
    return allowed;
  }

  #greetFurther(greeting: Greeting, frame: Frame): void {
    const step = greet(this.#around, greeting.handshake, frame);
    if ("close" in step) return this.close(step.close);
    greeting.handshake = step.next;
    if (step.reply !== null) this.send(step.reply);
    if (step.next.step === "done") this.#welcome(step.next.arrival);
    return undefined;
  }

  #welcome(arrival: Arrival): void {
    const { known, watch, title, epoch, wallMs } = this.#around;
    const row = known.station(arrival.station);
    if (row !== undefined && row.revoked !== null) return this.close("revoked");
    if (row !== undefined) return this.#admit(arrival, row);
    if (!this.#crowd.mayWait()) return this.close("tooManyWaiting");
    this.#greeting = null;
    this.state = { step: "waiting", station: arrival.station, arrival, sinceMs: wallMs() };
    watch.onWaiting(arrival.station);
    return this.send([FRAME.welcome, false, null, title(), epoch]);
  }

  /** What is kept is the row's own name and key, which are there anyway, and nothing else of the arrival. */
  #admit(arrival: Arrival, row: StationRow): void {
    const { watch, title, epoch, wallMs, eventKey } = this.#around;
    this.send([FRAME.welcome, true, eventKey() ?? null, title(), epoch]);
    this.#greeting = null;
    this.#admitted = beginAdmitted(this.#around, { arrival, row }, this, this.#writer);
    const { station } = row;
    const { reaches } = this.#admitted;
    const { version, software } = arrival;
    this.state = { step: "admitted", station, version, software, sinceMs: wallMs(), reaches };
    noteAdmitted(watch, station);
  }
}
