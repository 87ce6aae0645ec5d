/** "Tap here to assign" at work: readers in use and devices found are heard, and taps are no votes meanwhile. */
import type { Target } from "../../shared/domain/mapping.ts";
import type { Ears } from "./ears.ts";
import { type HeardReader, type Listening, type ListeningEvent, stepListening } from "./listening.ts";
import type { StationReaders } from "./station-readers.ts";

export interface ListeningSurroundings {
  readers: Pick<StationReaders, "claimTaps">;
  ears: Pick<Ears, "open" | "close">;
  /** Let it stand for this; false when that was refused. */
  assign: (id: string, target: Target) => Promise<boolean>;
  wallMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onChange: () => void;
}

export interface ListeningRun {
  now(): Listening | null;
  /** The operator presses "listen", or touches an answer. */
  listen(ask: boolean, target: Target | null): void;
  heard(reader: Omit<HeardReader, "atMs">): void;
  /** Somebody assigned it. */
  assigned(id: string): void;
  stop(): void;
}

export function createListeningRun(around: ListeningSurroundings): ListeningRun {
  const { wallMs } = around;
  let listening: Listening | null = null;
  let unclaim: (() => void) | null = null;
  let cancelLook = () => {};

  const happened = (event: ListeningEvent) => {
    const before = listening;
    const [next, ...effects] = stepListening(before, event);
    listening = next;
    if (next !== before) look(before, next);
    if (event.kind === "listen") around.ears.open(event.ask);
    for (const { id, target } of effects) void assign(id, target);
  };
  const look = (before: Listening | null, next: Listening | null) => {
    if (next?.untilMs !== before?.untilMs) {
      cancelLook();
      if (next !== null) cancelLook = around.setTimer(lookAtTime, Math.max(0, next.untilMs - wallMs()));
    }
    if (next === null) {
      unclaim?.();
      unclaim = null;
      around.ears.close();
    } else {
      unclaim ??= around.readers.claimTaps((_, { reader, name }) => heard({ id: reader, name, inUse: true }));
    }
    around.onChange();
  };
  const lookAtTime = () => happened({ kind: "look", atMs: wallMs() });
  const heard: ListeningRun["heard"] = (reader) => happened({ kind: "heard", reader: { ...reader, atMs: wallMs() } });
  const assign = async (id: string, target: Target) => {
    if (!(await around.assign(id, target))) happened({ kind: "refused", target });
  };

  return {
    now: () => listening,
    listen: (ask, target) => happened({ kind: "listen", ask, target, atMs: wallMs() }),
    heard,
    assigned: (id) => happened({ kind: "assigned", id, atMs: wallMs() }),
    stop: () => happened({ kind: "stop" }),
  };
}
