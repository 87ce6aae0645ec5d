/** Keeps a connection to a device that comes and goes: the machine of connection.ts, with its timers and what is open. */
import type { After, ReaderState } from "./driver.ts";
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  jitter,
  type PathLook,
  startConnection,
  stepConnection,
} from "./connection.ts";
import type { Trouble } from "./serial/trouble.ts";

/** About 1 unplug in 90 is reported by nothing (READERS.md); a second later a look at the path finds it. */
const LOOK_EVERY_MS = 1000;
/** A healthy device opens within milliseconds; so much later the operator should know that something is wrong. */
const SLOW_OPEN_MS = 3000;
/** `stop` waits so long for the device to be let go, also if its opening is still under way. */
const STOP_WITHIN_MS = 1000;
/** A look that comes so late did not wait for a busy machine, but slept with it. */
const SLEPT_MS = 10_000;

/** What is open. */
interface Held {
  /** The connection is open now. Not called for a device that opened too late, after `stop`: to it nothing is said. */
  begin(): void;
  /** Resolves when it is let go. Never rejects. */
  close(): Promise<void>;
}

type Opening<Of extends Held> = { ok: true; held: Of } | { ok: false; trouble: Trouble };

/** One opening, as what is opened sees it. */
interface OpeningEvents {
  isOpen(): boolean;
  /** A device that has to be asked did answer. */
  answered(): void;
  /** It gives nothing more. May be called more than once, also before it is known to be open, and after it was closed. */
  gone(trouble: Trouble): void;
}

export interface Device<Of extends Held> {
  /** For the words only. */
  shownPath: string;
  /** It has to be asked, so an open port alone does not make it present, and sleep makes it forget us. */
  mustAnswer: boolean;
  /** Which device is there now, and the path to open it by. Never rejects. */
  locate(): Promise<{ look: PathLook; path: string }>;
  /** Never rejects. */
  open(path: string, events: OpeningEvents): Promise<Opening<Of>>;
  onState(state: ReaderState): void;
}

export interface ConnectedDeps {
  after: After;
  /** By the wall clock, so that the time asleep is in it. */
  nowMs: () => number;
  /** 0 up to 1. */
  random: () => number;
}

export interface Connected<Of extends Held> {
  /** What is open now. */
  held(): Of | undefined;
  /** As `after`, and over with the connection's `stop`. */
  later: After;
  stop(): Promise<void>;
}

/** Tries for ever, with back-off, until `stop`, and never throws. */
export function keepConnected<Of extends Held>(device: Device<Of>, deps: ConnectedDeps): Connected<Of> {
  const open = new Map<number, Of>();
  const timers = new Set<() => void>();
  const closings = new Set<Promise<void>>();
  let openUnderWay: Promise<void> = Promise.resolve();
  let connection: Connection;

  function happened(event: ConnectionEvent): void {
    const [next, ...effects] = stepConnection(connection, event, device.shownPath);
    connection = next;
    effects.forEach(act);
  }

  function act(effect: ConnectionEffect): void {
    const { kind } = effect;
    switch (kind) {
      case "open":
        openUnderWay = tryToOpen(effect.opening);
        return;
      case "close":
        close(effect.opening);
        return;
      case "retryAfter":
        later(jitter(effect.backOffMs, deps.random()), () => happened({ kind: "retryDue", opening: effect.opening }));
        return;
      case "watch":
        watch(effect.opening);
        return;
      case "tell":
        device.onState(effect.state);
    }
  }

  async function tryToOpen(opening: number): Promise<void> {
    const slow = later(SLOW_OPEN_MS, () => happened({ kind: "openIsSlow", opening }));
    // Looked at before opening: if the device is swapped in between, the next look sees another one and reconnects.
    const { look, path } = await device.locate();
    // A device may go before we are told that it opened; then that is told after it.
    let early: Trouble | undefined;
    const result: Opening<Of> =
      look.kind === "missing"
        ? { ok: false, trouble: { kind: "missing" } }
        : await device.open(path, {
            isOpen: () => isOpen(opening),
            answered: () => happened({ kind: "answered", opening }),
            gone(trouble) {
              early = trouble;
              happened({ kind: "gone", opening, trouble });
            },
          });
    slow();
    if (!result.ok) return happened({ kind: "notOpened", opening, trouble: result.trouble });
    const mark = look.kind === "device" ? look.mark : undefined;
    open.set(opening, result.held);
    happened({ kind: "opened", opening, mark, mustAnswer: device.mustAnswer });
    if (isOpen(opening)) result.held.begin();
    if (early !== undefined) happened({ kind: "gone", opening, trouble: early });
  }

  function isOpen(opening: number): boolean {
    return connection.kind === "open" && connection.opening === opening;
  }

  function watch(opening: number): void {
    const sinceMs = deps.nowMs();
    const look = async (): Promise<void> => {
      const slept = device.mustAnswer && deps.nowMs() - sinceMs > SLEPT_MS;
      if (slept) return happened({ kind: "gone", opening, trouble: { kind: "slept" } });
      const found = await device.locate();
      happened({ kind: "looked", opening, look: found.look });
      if (isOpen(opening)) watch(opening);
    };
    if (isOpen(opening)) later(LOOK_EVERY_MS, () => void look());
  }

  function close(opening: number): void {
    const held = open.get(opening);
    if (held === undefined) return;
    open.delete(opening);
    const closing = held.close().finally(() => closings.delete(closing));
    closings.add(closing);
  }

  function later(delayMs: number, run: () => void): () => void {
    const cancelTimer = deps.after(delayMs, () => {
      timers.delete(cancel);
      run();
    });
    const cancel = (): void => {
      timers.delete(cancel);
      cancelTimer();
    };
    timers.add(cancel);
    return cancel;
  }

  async function stop(): Promise<void> {
    happened({ kind: "stop" });
    for (const cancel of timers) cancel();
    // First the open, because only when it is over is there something to close.
    const closed = openUnderWay.then(() => Promise.all(closings));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancelTimer = deps.after(STOP_WITHIN_MS, resolve);
    await Promise.race([closed, late]);
    cancelTimer();
  }

  const [first, ...effects] = startConnection();
  connection = first;
  effects.forEach(act);
  return { held: () => (connection.kind === "open" ? open.get(connection.opening) : undefined), later, stop };
}
