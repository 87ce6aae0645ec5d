/**
 * The link to the server, kept up for ever: connect, talk, and begin again with back-off when it breaks. Sockets and
 * timers only; what is said is the session's and the outbox's.
 */
import { CLOSE, CLOSE_SENTENCES, closeName, closeWords, type CloseName } from "../../shared/link/close-codes.ts";
import { say, type Sentence } from "../../shared/sentences/sentence.ts";
import { encodeFrame } from "../../shared/link/frames.ts";
import { HANDSHAKE_MS, HEARTBEAT_MS } from "../../shared/link/limits.ts";
import { backoffMs, revokedRetryMs } from "../../shared/link/backoff.ts";
import type { LinkSocket, LinkSocketEvents } from "./connect.ts";
import { createStationSession, type SessionSurroundings, type StationSession } from "./station-session.ts";

export type LinkState =
  | { state: "connecting" }
  | { state: "enrolling"; code: string }
  | { state: "online" }
  | { state: "offline" }
  | { state: "refused"; reason: Sentence };

export interface LinkSurroundings extends Omit<SessionSurroundings, "onWaiting" | "onOnline"> {
  connect: (events: LinkSocketEvents) => LinkSocket;
  random: () => number;
  /** Run once after a delay, or again and again; both return the way to cancel. */
  setTimer: (run: () => void, delayMs: number) => () => void;
  setTicker: (run: () => void, everyMs: number) => () => void;
  onState: (state: LinkState) => void;
  /** It ended, for this reason; undefined when it just broke. Before `onState`. */
  onClosed?: (why: CloseName | undefined) => void;
  /** Was this station taken out of the event, as far as it knows? */
  isRevoked: () => boolean;
  /** The server it is enrolled at said so. */
  onRevoked: () => void;
}

export interface Link {
  start(): void;
  /** The station's own disk has trouble: drop this connection and try anew later. */
  drop(): void;
  /** The server is elsewhere from now on: call it there, at once. */
  redial(): void;
  /** The computer slept, or its clock was set: measure the server's clock anew. */
  measureAgain(): void;
  stop(): Promise<void>;
}

/** A server that does not say goodbye is not waited for. */
const GOODBYE_MS = 1_000;
/** A link that held this long was a good one: whatever ended it, the next attempt may come soon. */
const STEADY_MS = 10_000;

/** Ends that say nothing about the next attempt. Any other fault would likely repeat itself, so back-off goes on. */
const MERE_LOSSES: readonly (CloseName | undefined)[] = [undefined, "goingAway", "silence", "replaced"];

/** Closes that a person has to do something about; the link still tries on. */
const REFUSALS: readonly CloseName[] = [
  "badSignature",
  "notAdmitted",
  "revoked",
  "unknownVersion",
  "wrongServer",
  "tooManyWaiting",
];

/** One connection: nothing of it may reach the next, however late its promises come. */
interface Connection {
  socket: LinkSocket | null;
  session: StationSession | null;
  ownFault: CloseName | null;
  onlineAtMs: number | null;
}

export function createLink(around: LinkSurroundings): Link {
  let current: Connection | null = null;
  let stopped = false;
  let attempt = 0;
  let cancelRetry = () => {};
  let onGone = () => {};

  const end = (connection: Connection, why: CloseName) => {
    connection.ownFault ??= why;
    connection.socket?.close(CLOSE[why], closeWords(why));
  };
  const afterClose = ({ session, ownFault, onlineAtMs }: Connection, code: number) => {
    const why = ownFault ?? closeName(code);
    // Anybody in between can close a connection with any code; only after its proof is it the server's word.
    if (why === "revoked" && session?.isKnown() === true) around.onRevoked();
    const steady = onlineAtMs !== null && around.logMs() - onlineAtMs >= STEADY_MS;
    if (steady || (onlineAtMs !== null && MERE_LOSSES.includes(why))) attempt = 0;
    around.onClosed?.(why);
    around.onState(stateAfter(why));
    const waitMs = around.isRevoked() ? revokedRetryMs(around.random()) : backoffMs(attempt++, around.random());
    cancelRetry = around.setTimer(run, waitMs);
  };
  const run = () => {
    const connection: Connection = { socket: null, session: null, ownFault: null, onlineAtMs: null };
    current = connection;
    const session = createStationSession(
      {
        ...around,
        onWaiting: (code) => around.onState({ state: "enrolling", code }),
        onOnline() {
          connection.onlineAtMs = around.logMs();
          around.onState({ state: "online" });
        },
      },
      (why) => end(connection, why),
    );
    connection.session = session;
    const cancelLate = around.setTimer(() => session.onLate(), HANDSHAKE_MS);
    let cancelBeat = () => {};
    connection.socket = around.connect({
      onOpen(certificate) {
        cancelBeat = around.setTicker(() => session.onHeartbeat(), HEARTBEAT_MS);
        session.onOpen(certificate, (frame) => connection.socket?.send(encodeFrame(frame)));
      },
      onMessage: (bytes) => session.onMessage(bytes),
      onClose(code) {
        cancelLate();
        cancelBeat();
        session.onClosed();
        connection.socket = null;
        current = null;
        around.outbox.disconnected();
        around.readersAfar.disconnected();
        onGone();
        if (!stopped) afterClose(connection, code);
      },
    });
  };

  return {
    start: run,
    drop() {
      if (current !== null) end(current, "trouble");
    },
    redial() {
      attempt = 0;
      if (current !== null) return end(current, "goingAway");
      if (stopped) return;
      cancelRetry();
      run();
    },
    measureAgain: () => current?.session?.measureAgain(),
    async stop() {
      stopped = true;
      cancelRetry();
      if (current === null) return;
      let cancelLate = () => {};
      const gone = new Promise<void>((resolve) => (onGone = resolve));
      const late = new Promise<void>((resolve) => (cancelLate = around.setTimer(resolve, GOODBYE_MS)));
      end(current, "goingAway");
      await Promise.race([gone, late]);
      cancelLate();
    },
  };
}

function stateAfter(why: CloseName | undefined): LinkState {
  return why !== undefined && REFUSALS.includes(why)
    ? { state: "refused", reason: say(CLOSE_SENTENCES[why]) }
    : { state: "offline" };
}
