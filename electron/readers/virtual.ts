/** Readers without hardware, for demo mode only: no SPEC can ask for one. */
import { MAX_OPTIONS } from "../../shared/domain/poll.ts";
import type { After, Reader, ReaderEvents } from "./driver.ts";
import { askedReader, type KeptReader } from "./kept-mapping.ts";
import { adopt } from "./mapping-edits.ts";
import type { OwnMapping } from "./mapping-keeper.ts";

/** As an RDM6300 repeats while the tag lies there. */
const REPEAT_EVERY_MS = 65;
/** A brisk tap rests on the reader for about a quarter of a second. */
const SIGHTINGS_PER_TAP = 4;

/** A tag that is unseen for so long has left: as for the RDM6300 it imitates, in milliseconds. */
export const VIRTUAL_SAME_TAP_MS = 400;

export interface VirtualSpec {
  readonly kind: "virtual";
  readonly id: string;
  readonly name: string;
  readonly sameTapMs: number;
  readonly slot: number | undefined;
}

/** As many stand on the table before anybody tapped: enough to try everything, few enough for a check to tap each. */
const ON_THE_TABLE = 5;

const specAt = (slot: number): VirtualSpec => ({
  kind: "virtual",
  id: `virtual:${slot}`,
  name: `Virtual reader ${slot}`,
  sameTapMs: VIRTUAL_SAME_TAP_MS,
  slot,
});

/** The one at which any answer is chosen: its target is no slot. */
const CHOOSING: VirtualSpec = {
  kind: "virtual",
  id: "virtual:choose",
  name: "Virtual reader",
  sameTapMs: VIRTUAL_SAME_TAP_MS,
  slot: undefined,
};

export const VIRTUAL_AT_START: readonly VirtualSpec[] = Array.from({ length: ON_THE_TABLE }, (_, i) => specAt(i + 1));

/** What opens a virtual reader of this id; null for any other. */
export function virtualSpecOf(id: string): VirtualSpec | null {
  if (id === CHOOSING.id) return CHOOSING;
  return Array.from({ length: MAX_OPTIONS }, (_, i) => specAt(i + 1)).find((spec) => spec.id === id) ?? null;
}

export interface VirtualReaders {
  open(spec: VirtualSpec, events: ReaderEvents): Reader;
  /** The reader of this number sees the tag; null: the one at which any answer is chosen. One not seen before is plugged in. */
  tap(slot: number | null, uid: Uint8Array): void;
}

export function createVirtualReaders(mapping: Pick<OwnMapping, "edit">, after: After): VirtualReaders {
  const open = new Map<string, VirtualReader>();
  return {
    open(spec, events) {
      const made = createVirtualReader(spec.id, spec.name, events, after);
      open.set(spec.id, made);
      return made.reader;
    },
    tap(slot, uid) {
      const spec = slot === null ? CHOOSING : specAt(slot);
      // Opened at once by whoever follows the mapping; where it was refused, nobody sees the tag.
      if (!open.has(spec.id)) mapping.edit(adopt(pluggedIn(spec)));
      open.get(spec.id)?.tap(uid);
    },
  };
}

function pluggedIn(spec: VirtualSpec): KeptReader {
  const reader = askedReader(spec);
  return spec === CHOOSING ? { ...reader, target: { kind: "choose" } } : reader;
}

export interface VirtualReader {
  readonly reader: Reader;
  /** Somebody holds this tag to the reader for a moment: several sightings, as a real reader would give them. */
  readonly tap: (uid: Uint8Array) => void;
}

/** It is there as soon as its maker's turn is over, and after `stop` it is deaf. `id` tells several apart. */
export function createVirtualReader(id: string, name: string, events: ReaderEvents, after: After): VirtualReader {
  const timers = new Map<object, () => void>();
  let stopped = false;

  // Not at once: a real reader, too, reports only after its maker holds it in his hands.
  queueMicrotask(() => {
    if (!stopped) events.onState({ kind: "present" });
  });

  function see(uid: Uint8Array, left: number): void {
    events.onSighting({ kind: "present", tag: { form: "bytes", bytes: uid, technology: "unknown" } });
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
      id,
      name,
      signal: null,
      stop: () => {
        stopped = true;
        for (const cancel of timers.values()) cancel();
        timers.clear();
        return Promise.resolve();
      },
    },
    tap: (uid) => {
      // Its own copy: the caller may use his again.
      if (!stopped) see(Uint8Array.from(uid), SIGHTINGS_PER_TAP);
    },
  };
}
