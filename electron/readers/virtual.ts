import type { Reader, ReaderEvents } from "./driver.ts";
import type { After } from "./serial/port.ts";
import { normalUid } from "./uid.ts";

/** As an RDM6300 repeats while the tag lies there. */
const REPEAT_EVERY_MS = 65;
/** A brisk tap rests on the reader for about a quarter of a second. */
const SIGHTINGS_PER_TAP = 4;

/** A tag that is unseen for so long has left: as for the RDM6300 it imitates, in milliseconds. */
export const VIRTUAL_SAME_TAP_MS = 400;

export interface VirtualReader {
  readonly reader: Reader;
  /** Somebody holds this tag to the reader for a moment: several sightings, as a real reader would give them. */
  readonly tap: (uid: Uint8Array) => void;
}

/**
 * A reader without hardware, for demo mode only: the composition root makes it, no SPEC can ask for it.
 *
 * It is there as soon as its maker's turn is over, and after `stop` it is deaf. `place` tells several apart.
 */
export function createVirtualReader(place: number, events: ReaderEvents, after: After): VirtualReader {
  const timers = new Map<object, () => void>();
  let stopped = false;

  // Not at once: a real reader, too, reports only after its maker holds it in his hands.
  queueMicrotask(() => {
    if (!stopped) events.onState({ kind: "present" });
  });

  function see(uid: Uint8Array, left: number): void {
    events.onSighting({ kind: "present", uid: normalUid(uid) });
    if (left <= 1 || stopped) return;
    const timer = {};
    timers.set(
      timer,
      after(REPEAT_EVERY_MS, () => {
        timers.delete(timer);
        see(uid, left - 1);
      }),
    );
  }

  return {
    reader: {
      id: `virtual:${place}`,
      name: `Virtual reader ${place}`,
      stop: () => {
        stopped = true;
        for (const cancel of timers.values()) cancel();
        timers.clear();
        return Promise.resolve();
      },
    },
    tap: (uid) => {
      if (!stopped) see(normalUid(uid), SIGHTINGS_PER_TAP);
    },
  };
}
