/**
 * All PC/SC readers of this machine: one service, tried for ever, and its readers at the places they are plugged into.
 * Whoever attends is told the whole view at each change; with nobody attending, nothing is open.
 */
import { backoffMs } from "../../../shared/link/backoff.ts";
import type { Sentence } from "../../../shared/sentences/sentence.ts";
import type { Clock } from "../../clock.ts";
import { isSamSlot } from "./identity.ts";
import { createPlacing, type PlacedReader } from "./placing.ts";
import type { CardOpening, OpenLink, PcscLink } from "./service.ts";
import type { UsbDevice } from "./sysfs.ts";
import { explainService, type ServiceTrouble } from "./trouble.ts";

export interface BayDeps {
  openLink: OpenLink;
  readUsb: () => Promise<readonly UsbDevice[]>;
  clock: Pick<Clock, "monotonicMs" | "wallMs" | "setTimer" | "setTicker">;
  /** In [0, 1). */
  random: () => number;
}

export interface BayReader extends PlacedReader {
  open(): Promise<CardOpening>;
}

export type BayView =
  /** Nothing is known yet. */
  | { kind: "starting" }
  | { kind: "down"; reason: Sentence }
  /** `held`: devices that a driver of the kernel keeps from us. */
  | { kind: "up"; readers: readonly BayReader[]; held: readonly UsbDevice[] };

export interface Bay {
  /** Told soon, and at each change, until the function given back is called. */
  attend(run: (view: BayView) => void): () => void;
}

/** Sees a computer that slept, and devices that the kernel took. */
const TICK_MS = 5_000;
/** The calendar went on for so much longer than a tick: the computer slept, or was set. */
const SLEPT_MS = 10_000;
/** Whoever plugs something in looks at the screen. */
const MOST_RETRY_MS = 2_000;
/** A service that held so long is no service that dies at once. */
const HELD_MS = 10_000;

export function createBay(deps: BayDeps): Bay {
  const attending = new Set<(view: BayView) => void>();
  let view: BayView = { kind: "starting" };
  let end: (() => void) | null = null;

  const publish = (next: BayView) => {
    view = next;
    for (const run of attending) run(next);
  };
  return {
    attend(run) {
      // Its own, so that the same function may attend twice.
      const told = (next: BayView) => run(next);
      attending.add(told);
      end ??= keepBay(deps, publish);
      queueMicrotask(() => attending.has(told) && view.kind !== "starting" && told(view));
      return () => {
        attending.delete(told);
        if (attending.size > 0) return;
        end?.();
        end = null;
        view = { kind: "starting" };
      };
    },
  };
}

/** Opens the service, again and again. Ends with the function given back. */
function keepBay(deps: BayDeps, publish: (view: BayView) => void): () => void {
  let over = false;
  let stopWait: () => void = () => {};
  const tell = (view: BayView) => void (over || publish(view));

  async function keep(): Promise<void> {
    for (let failures = 0; ;) {
      const opening = await deps.openLink();
      const sinceMs = deps.clock.monotonicMs();
      const trouble = opening.ok ? await hold(opening.link) : opening.trouble;
      if (over) return;
      // It slept: what was opened before is not to be trusted, and nothing is wrong.
      if (trouble === null) continue;
      tell({ kind: "down", reason: explainService(trouble) });
      // Whoever was told may have been the last, and left.
      if (over) return;
      if (opening.ok && deps.clock.monotonicMs() - sinceMs >= HELD_MS) failures = 0;
      await wait(Math.min(MOST_RETRY_MS, backoffMs(failures++, deps.random())));
      if (over) return;
    }
  }
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = deps.clock.setTimer(resolve, ms);
      stopWait = () => {
        cancel();
        resolve();
      };
    });
  /** Until it is gone (why), or not to be trusted any more (null). */
  function hold(link: PcscLink): Promise<ServiceTrouble | null> {
    if (over) {
      link.close();
      return Promise.resolve(null);
    }
    const { promise, resolve } = Promise.withResolvers<ServiceTrouble | null>();
    const placing = createPlacing(link, deps, (placed, held) => {
      const readers = placed.map((reader) => ({ ...reader, open: () => link.openCard(reader.name) }));
      tell({ kind: "up", readers, held });
    });
    link.watch({
      onReaders: (readers) => placing.take(readers.filter(({ name }) => !isSamSlot(name))),
      onGone: resolve,
    });
    const stopTicks = watchSleep(deps.clock, placing.look, () => resolve(null));
    stopWait = () => resolve(null);
    return promise.finally(() => {
      stopTicks();
      placing.stop();
      link.close();
    });
  }
  void keep();
  return () => {
    over = true;
    stopWait();
  };
}

function watchSleep(clock: BayDeps["clock"], onTick: () => void, onSlept: () => void): () => void {
  let wallMs = clock.wallMs();
  return clock.setTicker(() => {
    const nowMs = clock.wallMs();
    const slept = Math.abs(nowMs - wallMs - TICK_MS) > SLEPT_MS;
    wallMs = nowMs;
    if (slept) onSlept();
    else onTick();
  }, TICK_MS);
}
