/**
 * Which logs are shown to the server on a link, and when: those it may have heard of at once, the others one by one once all
 * before them are settled. If one of those has to move, what goes on from it is made anew (heirs.ts), which nobody may have
 * heard of by then.
 */
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_LOGS_PER_LINK } from "../../shared/link/limits.ts";
import { isDone, toOpen, type Sending } from "./sending.ts";

type Send = (frame: FrameOf<"log">) => void;

export interface OpeningsSurroundings {
  /** Oldest first. */
  logs: readonly Sending[];
  /** Note on disk that a server is going to hear of a log. */
  hear: (log: Uint8Array) => Promise<void>;
  /** Are records being moved on disk? */
  isMoving: () => boolean;
  /** The disk takes no note: what no server has heard of waits for it, and nothing else does. */
  onHeldBack: () => void;
}

export interface Openings {
  connected(send: Send): void;
  disconnected(): void;
  /** Show a log that the server may have heard of; again, if it ends elsewhere now. */
  open(log: Sending): void;
  /** A log that was not there before. */
  add(log: Sending): void;
  /** Show the next one, if it may be shown. */
  next(): void;
  /** The disk takes something again. */
  retry(): void;
  /** Is all there that this link can bring there, while there are logs that it had no room for? */
  needsAnotherLink(): boolean;
}

export function createOpenings({ logs, hear, isMoving, onHeldBack }: OpeningsSurroundings): Openings {
  let send: Send | null = null;
  let isFull = false;

  const open = (log: Sending) => {
    if (send === null) return;
    const { header, signature, head, hash } = log.stored;
    log.state = "opening";
    send([FRAME.log, header, signature, head, hash]);
  };
  const introduce = async (log: Sending) => {
    const link = send;
    log.state = "opening";
    const isNoted = await hear(log.stored.log).then(
      () => true,
      () => false,
    );
    log.stored.heard ||= isNoted;
    if (send !== link) return;
    if (isNoted) return open(log);
    for (const each of logs) if (!each.stored.heard) each.state = "unopened";
    onHeldBack();
  };
  const hold = (log: Sending) => {
    if (send === null) return;
    isFull ||= logs.filter(({ state }) => state !== "unopened").length >= MAX_LOGS_PER_LINK;
    if (!isFull) log.state = "held";
  };
  const next = () => {
    const held = logs.find(({ state }) => state === "held");
    const areSettled = logs.every(({ state }) => state !== "opening" && state !== "comparing");
    if (send !== null && held !== undefined && areSettled && !isMoving()) void introduce(held);
  };
  const openOrHold = (log: Sending) => (log.stored.heard ? open(log) : hold(log));

  return {
    connected(toServer) {
      send = toServer;
      const chosen = new Set(toOpen(logs));
      isFull = logs.some((log) => !log.stored.heard && !chosen.has(log));
      for (const log of logs) log.state = !log.stored.heard && chosen.has(log) ? "held" : "unopened";
      for (const log of chosen) if (log.stored.heard) open(log);
      next();
    },
    disconnected() {
      send = null;
      isFull = false;
    },
    open,
    add(log) {
      openOrHold(log);
      next();
    },
    next,
    retry() {
      for (const log of logs) if (!log.stored.heard && log.state === "unopened") hold(log);
      next();
    },
    needsAnotherLink: () => isFull && logs.every(isDone),
  };
}
