/** A simulated station with its socket: connected, heard, and connected again with back-off, as electron/link/link.ts does. */
import { backoffMs } from "../../shared/link/backoff.ts";
import { CLOSE } from "../../shared/link/close-codes.ts";
import { encodeFrame, type Frame } from "../../shared/link/frames.ts";
import { HANDSHAKE_MS, SILENCE_MS } from "../../shared/link/limits.ts";
import { CLOSED_ABNORMALLY, connectSocket, type LinkSocket } from "./link-socket.ts";
import type { Measures } from "./measures.ts";
import type { Station } from "./station.ts";

/** As in electron/link/link.ts: a link that held this long was a good one. */
const STEADY_MS = 10_000;
/** Ends that are no fault of the station's: it comes back soon. */
const MERE_LOSSES: readonly number[] = [CLOSED_ABNORMALLY, CLOSE.goingAway, CLOSE.silence, CLOSE.replaced];
/** What a flood keeps back when the server takes nothing, so that this process stays small. */
const MOST_BACKLOG_BYTES = 1_000_000;

/** What it does when its link has ended. */
type Return = "back-off" | "at-once" | "never";

export interface Seat {
  readonly station: Station;
  isOpen(): boolean;
  open(): void;
  /** Heartbeat, and the end of a silent link. */
  beat(): void;
  /** Say this, unless the network is behind. */
  say(frame: Frame): void;
  /** As when a cable is pulled. */
  cut(): void;
  /** Hear nothing from now on; the link is not taken up again. */
  deafen(): void;
  returns(how: Return): void;
  leave(): void;
}

export interface SeatSurroundings {
  url: URL;
  measures: Measures;
  nowMs: () => number;
  random: () => number;
  decode: (payload: Buffer) => Frame;
}

export function createSeat({ url, measures, nowMs, random, decode }: SeatSurroundings, station: Station): Seat {
  let socket: LinkSocket | null = null;
  let attempt = 0;
  let connectedMs = 0;
  let heardMs = 0;
  let onlineMs: number | null = null;
  let back: Return = "back-off";
  let deaf = false;
  let retry: NodeJS.Timeout | undefined;

  const send = (frame: Frame) => {
    measures.said();
    socket?.send(encodeFrame(frame));
  };
  const onMessage = (payload: Buffer) => {
    heardMs = nowMs();
    measures.heard();
    try {
      const wrong = station.onFrame(decode(payload));
      if (wrong !== undefined) throw new Error(wrong);
    } catch (error) {
      measures.fault(String(error));
      socket?.cut();
    }
    if (station.step() === "online") onlineMs ??= heardMs;
  };
  const onClose = (code: number) => {
    if (station.step() === "away") measures.refused();
    else measures.closed(code);
    const steady = onlineMs !== null && nowMs() - onlineMs >= STEADY_MS;
    if (steady || (onlineMs !== null && MERE_LOSSES.includes(code))) attempt = 0;
    station.onGone();
    [socket, onlineMs] = [null, null];
    if (back === "back-off") retry = setTimeout(open, backoffMs(attempt++, random()));
    if (back === "at-once") open();
  };
  const onOpen = () => {
    measures.opened();
    station.onOpen(send);
  };
  const open = () => {
    connectedMs = heardMs = nowMs();
    socket = connectSocket(url, { onOpen, onMessage, onClose });
  };

  return {
    station,
    isOpen: () => socket !== null,
    open,
    beat() {
      if (socket === null) return;
      const late = station.step() !== "online" && nowMs() - connectedMs > HANDSHAKE_MS;
      const silent = nowMs() - heardMs > SILENCE_MS && !deaf;
      if (late || silent) socket.cut();
      else station.onHeartbeat();
    },
    say(frame) {
      if (socket !== null && socket.backlog() < MOST_BACKLOG_BYTES) send(frame);
    },
    cut: () => socket?.cut(),
    deafen() {
      [deaf, back] = [true, "never"];
      socket?.deafen();
    },
    returns: (how) => void (back = how),
    leave() {
      back = "never";
      clearTimeout(retry);
      socket?.cut();
    },
  };
}
