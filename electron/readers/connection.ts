import { sameSentence, type Sentence } from "../../shared/sentences/sentence.ts";
import type { ReaderState } from "./driver.ts";
import { explainTrouble, type Trouble } from "./serial/trouble.ts";

/*
 * The life of a reader's connection to its port, as a machine: what to do next, never how.
 *
 * Every opening has a number, and everything that is heard of it carries that number. So a `close` that fires twice,
 * an open that finishes after `stop`, or a check that was under way while the port went are told apart from what
 * concerns the present opening, and are harmless.
 */

/** An operator looks at the screen at once after plugging in: the first tries come fast. */
export const FIRST_RETRY_MS = 250;
/** A missing path costs one `stat` a try, so waiting longer would save nothing and only look broken. */
export const MAX_RETRY_MS = 2000;

interface Tries {
  /** The number of the present, or else the latest, opening. */
  opening: number;
  /** Losses since the port last held for a while. */
  failures: number;
  /** The reason told last, so that it is not told again with every try; null when all is well. */
  toldReason: Sentence | null;
}

export type Connection =
  | ({ kind: "opening" } & Tries)
  /**
   * `mark`: which device the path led to when it was opened; `undefined` where that cannot be told. `isThere`: told as
   * present, which a device that has to be asked is once it answered.
   */
  | ({ kind: "open"; mark: string | undefined; isThere: boolean } & Tries)
  | ({ kind: "waiting" } & Tries)
  | { kind: "stopped" };

/** What a look at the path found: the device it leads to, nothing, or no answer. */
export type PathLook = { kind: "device"; mark: string } | { kind: "missing" } | { kind: "unknown" };

export type ConnectionEvent =
  /** `mustAnswer`: an open port alone does not make its reader present. */
  | { kind: "opened"; opening: number; mark: string | undefined; mustAnswer: boolean }
  | { kind: "answered"; opening: number }
  | { kind: "notOpened"; opening: number; trouble: Trouble }
  /** The open has been under way for too long. It stays under way: a second one would only queue behind it. */
  | { kind: "openIsSlow"; opening: number }
  | { kind: "gone"; opening: number; trouble: Trouble }
  | { kind: "looked"; opening: number; look: PathLook }
  | { kind: "retryDue"; opening: number }
  | { kind: "stop" };

export type ConnectionEffect =
  | { kind: "open"; opening: number }
  | { kind: "close"; opening: number }
  | { kind: "retryAfter"; opening: number; backOffMs: number }
  /** Look at the path again and again until this opening is over. */
  | { kind: "watch"; opening: number }
  | { kind: "tell"; state: ReaderState };

type Step = [Connection, ...ConnectionEffect[]];

/** The beginning: the first opening is under way. */
export function startConnection(): Step {
  return [
    { kind: "opening", opening: 1, failures: 0, toldReason: null },
    { kind: "open", opening: 1 },
  ];
}

/** What an event makes of the connection. `path` is for the words only. */
export function stepConnection(now: Connection, event: ConnectionEvent, path: string): Step {
  if (event.kind === "stop") return stop(now);
  if (now.kind === "stopped" || event.opening !== now.opening) return [now, ...closeLatecomer(event)];

  switch (event.kind) {
    case "opened":
      if (now.kind !== "opening") return [now];
      return open({ ...now, kind: "open", mark: event.mark, isThere: false }, event.mustAnswer);
    case "answered":
      return now.kind === "open" ? tellPresent(now) : [now];
    case "notOpened":
      return now.kind === "opening" ? lose(now, path, event.trouble) : [now];
    case "openIsSlow":
      return now.kind === "opening" ? tellLost(now, explainTrouble(path, { kind: "slowToOpen" })) : [now];
    case "gone":
      return now.kind === "open" ? lose(now, path, event.trouble, { kind: "close", opening: now.opening }) : [now];
    case "looked":
      return now.kind === "open" ? judgeLook(now, event.look, path) : [now];
    case "retryDue": {
      if (now.kind !== "waiting") return [now];
      const opening = now.opening + 1;
      return [
        { ...now, kind: "opening", opening },
        { kind: "open", opening },
      ];
    }
  }
}

/**
 * The wait before the next try, with jitter, in milliseconds: half to whole of the back-off, so that fifty readers
 * lost together (a hub) do not come back in step. `random01` from 0 up to 1.
 */
export function jitter(backOffMs: number, random01: number): number {
  return Math.round(backOffMs * (0.5 + random01 / 2));
}

function stop(now: Connection): Step {
  const stopped: Connection = { kind: "stopped" };
  // An open under way is closed when it reports (closeLatecomer); a waiting reader has nothing open.
  return now.kind === "open" ? [stopped, { kind: "close", opening: now.opening }] : [stopped];
}

function open(now: Connection & { kind: "open" }, mustAnswer: boolean): Step {
  const [next, ...told] = mustAnswer ? ([now] as const) : tellPresent(now);
  return [next, { kind: "watch", opening: now.opening }, ...told];
}

function tellPresent(now: Connection & { kind: "open" }): Step {
  if (now.isThere) return [now];
  return [
    { ...now, isThere: true, toldReason: null },
    { kind: "tell", state: { kind: "present" } },
  ];
}

function closeLatecomer(event: { kind: string; opening: number }): ConnectionEffect[] {
  return event.kind === "opened" ? [{ kind: "close", opening: event.opening }] : [];
}

function judgeLook(now: Connection & { kind: "open" }, look: PathLook, path: string): Step {
  const close: ConnectionEffect = { kind: "close", opening: now.opening };
  if (look.kind === "unknown") return [now];
  if (look.kind === "missing") return lose(now, path, { kind: "unplugged" }, close);
  if (now.mark !== undefined && look.mark !== now.mark) return lose(now, path, { kind: "replaced" }, close);
  // It held until a look found it well, so it is no port that opens and dies at once: the next loss retries fast.
  return [now.isThere ? { ...now, failures: 0 } : now];
}

function lose(now: Tries, path: string, trouble: Trouble, ...first: ConnectionEffect[]): Step {
  const { opening, failures } = now;
  const backOffMs = Math.min(FIRST_RETRY_MS * 2 ** failures, MAX_RETRY_MS);
  const waiting: Connection & Tries = { kind: "waiting", opening, failures: failures + 1, toldReason: now.toldReason };
  const [next, ...told] = tellLost(waiting, explainTrouble(path, trouble));
  // Telling comes last: whoever is told may stop the reader in the same breath, and then nothing may be left to do.
  return [next, ...first, { kind: "retryAfter", opening, backOffMs }, ...told];
}

function tellLost(now: Exclude<Connection, { kind: "stopped" }>, reason: Sentence): Step {
  if (sameSentence(now.toldReason, reason)) return [now];
  return [
    { ...now, toldReason: reason },
    { kind: "tell", state: { kind: "lost", reason } },
  ];
}
