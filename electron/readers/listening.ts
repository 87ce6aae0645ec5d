/** "Tap here to assign": what the operator touched and what was tapped, until both make an assignment. Pure. */
import type { Target } from "../../shared/domain/mapping.ts";

/** An operator who was called away must not keep the voters from voting for long. */
export const LISTEN_MS = 60_000;
/**
 * The tag that assigned a reader may still lie there when it is opened. Within this time its reader takes no other target
 * by itself: the operator has touched the next answer, and is on his way to the next reader.
 */
export const SETTLE_MS = 3_000;

export interface HeardReader {
  id: string;
  name: string;
  atMs: number;
  /** A reader under our control already. */
  inUse: boolean;
}

export interface Listening {
  /** By the station's calendar; ends by itself then. */
  untilMs: number;
  /** The operator allowed to write to devices found. */
  ask: boolean;
  /** What the next reader that sees a tag stands for; null: the operator touches it afterwards. */
  target: Target | null;
  /** The reader or device that saw a tag last. */
  heard: HeardReader | null;
  /** What was assigned last. */
  assigned: { id: string; atMs: number } | null;
}

export type ListeningEvent =
  | { kind: "listen"; ask: boolean; target: Target | null; atMs: number }
  | { kind: "stop" }
  /** Its time may be over. */
  | { kind: "look"; atMs: number }
  | { kind: "heard"; reader: HeardReader }
  /** Somebody assigned a reader, by what effect or touch ever. */
  | { kind: "assigned"; id: string; atMs: number }
  /** The assignment of a tap was refused: the target waits again. */
  | { kind: "refused"; target: Target };

export type ListeningEffect = { kind: "assign"; id: string; target: Target };

/** @param now null: it does not listen */
export function stepListening(now: Listening | null, event: ListeningEvent): [Listening | null, ...ListeningEffect[]] {
  if (event.kind === "listen") return [listen(now, event)];
  if (now === null || event.kind === "stop") return [null];
  switch (event.kind) {
    case "look":
      return [event.atMs < now.untilMs ? now : null];
    case "heard":
      return hear(now, event.reader);
    case "assigned": {
      const { id, atMs } = event;
      return [{ ...now, untilMs: atMs + LISTEN_MS, assigned: { id, atMs } }];
    }
    case "refused":
      // Unless he has touched another meanwhile.
      return [{ ...now, target: now.target ?? event.target }];
  }
}

/** A touch of another answer goes on with what was heard: only the time begins anew. */
function listen(now: Listening | null, { ask, target, atMs }: Extract<ListeningEvent, { kind: "listen" }>): Listening {
  return { untilMs: atMs + LISTEN_MS, ask, target, heard: now?.heard ?? null, assigned: now?.assigned ?? null };
}

function hear(now: Listening, reader: HeardReader): [Listening, ...ListeningEffect[]] {
  const heard = { ...now, heard: reader };
  const { target, assigned } = now;
  const settles = assigned?.id === reader.id && reader.atMs - assigned.atMs < SETTLE_MS;
  if (target === null || settles) return [heard];
  return [
    { ...heard, target: null },
    { kind: "assign", id: reader.id, target },
  ];
}
