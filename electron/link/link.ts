/**
 * The link to the server, kept up for ever: connect, talk, and begin again with back-off when it breaks. Sockets and
 * timers only; what is said is the session's and the outbox's.
 */
import { CLOSE, CLOSE_WORDS, closeName, type CloseName } from "../../shared/link/close-codes.ts";
import { encodeFrame } from "../../shared/link/frames.ts";
import { HANDSHAKE_MS, HEARTBEAT_MS } from "../../shared/link/limits.ts";
import { backoffMs } from "./backoff.ts";
import type { LinkSocket, LinkSocketEvents } from "./connect.ts";
import { createStationSession, type SessionSurroundings } from "./station-session.ts";

export type LinkState =
  | { state: "connecting" }
  | { state: "enrolling"; code: string }
  | { state: "online" }
  | { state: "offline" }
  | { state: "refused"; reason: string };

export interface LinkSurroundings extends Omit<SessionSurroundings, "onWaiting" | "onOnline"> {
  connect: (events: LinkSocketEvents) => LinkSocket;
  random: () => number;
  /** Run once after a delay, or again and again; both return the way to cancel. */
  setTimer: (run: () => void, delayMs: number) => () => void;
  setTicker: (run: () => void, everyMs: number) => () => void;
  onState: (state: LinkState) => void;
}

export interface Link {
  start(): void;
  /** The station's own disk has trouble: drop this connection and try anew later. */
  drop(): void;
  stop(): Promise<void>;
}

/** A server that does not say goodbye is not waited for. */
const GOODBYE_MS = 1_000;

/** Closes that a person has to do something about; the link still tries on. */
const REFUSALS: readonly CloseName[] = [
  "badSignature",
  "notAdmitted",
  "unknownVersion",
  "wrongServer",
  "tooManyWaiting",
];

export function createLink(around: LinkSurroundings): Link {
  let socket: LinkSocket | null = null;
  let stopped = false;
  let attempt = 0;
  let cancelRetry = () => {};
  let onGone = () => {};

  const run = () => {
    const session = createStationSession(
      {
        ...around,
        onWaiting: (code) => around.onState({ state: "enrolling", code }),
        onOnline() {
          attempt = 0;
          around.onState({ state: "online" });
        },
      },
      (why) => socket?.close(CLOSE[why], CLOSE_WORDS[why]),
    );
    const cancelLate = around.setTimer(() => session.onLate(), HANDSHAKE_MS);
    let cancelBeat = () => {};
    socket = around.connect({
      onOpen(certificate) {
        session.onOpen(certificate, (frame) => socket?.send(encodeFrame(frame)));
        cancelBeat = around.setTicker(() => session.onHeartbeat(), HEARTBEAT_MS);
      },
      onMessage: (bytes) => session.onMessage(bytes),
      onClose(code) {
        cancelLate();
        cancelBeat();
        socket = null;
        around.outbox.disconnected();
        onGone();
        if (stopped) return;
        around.onState(stateAfter(session.ownRefusal ?? closeName(code)));
        cancelRetry = around.setTimer(run, backoffMs(attempt++, around.random()));
      },
    });
  };

  return {
    start: run,
    drop: () => socket?.close(CLOSE.trouble, CLOSE_WORDS.trouble),
    async stop() {
      stopped = true;
      cancelRetry();
      if (socket === null) return;
      const gone = new Promise<void>((resolve) => (onGone = resolve));
      const late = new Promise<void>((resolve) => void around.setTimer(resolve, GOODBYE_MS));
      socket.close(CLOSE.goingAway, CLOSE_WORDS.goingAway);
      await Promise.race([gone, late]);
    },
  };
}

function stateAfter(why: CloseName | undefined): LinkState {
  return why !== undefined && REFUSALS.includes(why)
    ? { state: "refused", reason: CLOSE_WORDS[why] }
    : { state: "offline" };
}
