/** The door to the panel: who knows the PIN comes in, and whoever comes first chooses it. */
import type { PanelAccess, PanelRefusal } from "../../shared/events/operator.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { beginTries, stepTries, triesLeft, waitLeft, type TriesEvent } from "./pin.ts";
import type { StoredPin } from "./pin-hash.ts";
import { notStored, refused } from "./refusal.ts";
import type { SettingsStore } from "./settings.ts";
import { isWeakPin } from "../../shared/domain/weak-pin.ts";

export interface PinDoorSurroundings {
  settings: Pick<SettingsStore, "now" | "keep" | "count">;
  hash: (pin: string) => Promise<StoredPin>;
  verify: (stored: StoredPin, pin: string) => Promise<boolean>;
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onPin: (what: PinTold) => void;
}

export type PinTold =
  | { kind: "chosen"; first: boolean }
  /** `waitMs`: until the next try; 0 while there are free ones. */
  | { kind: "wrong"; waitMs: number };

export type Entered =
  | { kind: "in" }
  | { kind: "out"; access: Exclude<PanelAccess, { state: "in" }> }
  | { kind: "refused"; refusal: PanelRefusal }
  /** Another try is being looked at. */
  | { kind: "busy" };

export interface PinDoor {
  /** For whoever has no session. */
  access(): Exclude<PanelAccess, { state: "in" }>;
  isChosen(): boolean;
  /** @param pin 4 to 12 digits: the first chooses it, afterwards it is tried */
  enter(pin: string): Promise<Entered>;
  /** For whoever is in. Null when it is on disk. */
  change(pin: string): Promise<PanelRefusal | null>;
  stop(): void;
}

const WEAK = refused(say("weak-pin"));
const BUSY = refused(say("pin-busy"));

export function createPinDoor(around: PinDoorSurroundings): PinDoor {
  const { settings, monotonicMs } = around;
  let tries = beginTries(settings.now().tries, monotonicMs());
  /** One at a time: each takes a thread and 32 MiB for a quarter of a second, and the disk's thread is of the same four. */
  let busy = false;
  let cancelClock = () => {};

  /** True when the try is to be looked at. */
  const take = (event: TriesEvent): boolean => {
    const [next, ...effects] = stepTries(tries, event);
    tries = next;
    cancelClock();
    const leftMs = waitLeft(tries, monotonicMs());
    if (leftMs > 0) cancelClock = around.setTimer(() => take({ kind: "clock", nowMs: monotonicMs() }), leftMs);
    let check = false;
    for (const effect of effects) {
      // A disk that takes nothing must not keep the operator out who comes to see to it: counted it is all the same.
      if (effect.kind === "keep") settings.count(effect.tries);
      else if (effect.kind === "check") check = true;
    }
    return check;
  };
  const access = (): Exclude<PanelAccess, { state: "in" }> => {
    if (settings.now().pin === null) return { state: "choose" };
    const waitMs = waitLeft(tries, monotonicMs());
    return waitMs > 0 ? { state: "locked", waitMs } : { state: "ask", triesLeft: triesLeft(tries) };
  };
  const choose = async (pin: string): Promise<PanelRefusal | null> => {
    if (isWeakPin(pin)) return WEAK;
    const first = settings.now().pin === null;
    const kept = settings.keep({ pin: await around.hash(pin) });
    if (!kept.ok) return notStored(kept.error);
    around.onPin({ kind: "chosen", first });
    return null;
  };
  const tryPin = async (stored: StoredPin, pin: string): Promise<Entered> => {
    if (!take({ kind: "try", nowMs: monotonicMs() })) return { kind: "out", access: access() };
    if (await around.verify(stored, pin)) {
      take({ kind: "right" });
      return { kind: "in" };
    }
    around.onPin({ kind: "wrong", waitMs: waitLeft(tries, monotonicMs()) });
    return { kind: "out", access: access() };
  };
  const alone = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    busy = true;
    try {
      return await run();
    } finally {
      busy = false;
    }
  };

  // A wait that a restart cut short goes on.
  take({ kind: "clock", nowMs: monotonicMs() });
  return {
    access,
    isChosen: () => settings.now().pin !== null,
    async enter(pin) {
      if (busy) return { kind: "busy" };
      return alone(async () => {
        const { pin: stored } = settings.now();
        if (stored !== null) return tryPin(stored, pin);
        const refusal = await choose(pin);
        return refusal === null ? { kind: "in" } : { kind: "refused", refusal };
      });
    },
    change: async (pin) => (busy ? BUSY : alone(() => choose(pin))),
    stop: () => cancelClock(),
  };
}
