/** All readers of a station: sightings become taps, each with the reader it came from; their states go to the screen. */
import type { ScreenReader } from "../../shared/events/stream.ts";
import { createField, type Tap } from "../tap/presence.ts";
import type { Reader, ReaderEvents } from "./driver.ts";
import { openReader } from "./drivers.ts";
import type { ReaderSpec } from "./spec.ts";
import { VIRTUAL_SAME_TAP_MS, createVirtualReader, type VirtualReader } from "./virtual.ts";

/** Where a tap happened. */
export interface TapPlace {
  reader: string;
  name: string;
  /** Undefined while nobody has said which slot the reader stands for. */
  slot: number | undefined;
}

export interface ReadersSurroundings {
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onTap: (tap: Tap, place: TapPlace) => void;
  /** Something was held to the reader, and it could not make out what. */
  onMisread: (place: TapPlace) => void;
  onReaders: (readers: ScreenReader[]) => void;
}

/** Readers repeat: a bad frame that a good one follows within this time was no trouble to anybody. */
const DOUBT_MS = 600;

export interface StationReaders {
  open(spec: ReaderSpec): void;
  /** Demo mode: the virtual reader of a slot sees this tag. */
  tapVirtual(slot: number, uid: Uint8Array): void;
  count(): { present: number; lost: number };
  stop(): Promise<void>;
}

export function createStationReaders(around: ReadersSurroundings): StationReaders {
  const readers: Reader[] = [];
  const virtual = new Map<number, VirtualReader>();
  const shown = new Map<string, ScreenReader>();

  const stops: (() => void)[] = [];

  const eventsOf = (place: TapPlace, sameTapMs: number, listed: boolean): ReaderEvents => {
    const field = createField(sameTapMs);
    let cancelDoubt: (() => void) | undefined;
    const dispelDoubt = () => {
      cancelDoubt?.();
      cancelDoubt = undefined;
    };
    stops.push(dispelDoubt);
    return {
      onSighting(sighting) {
        dispelDoubt();
        const { kind, uid } = sighting;
        const tap = field.take({ kind, uid, atMs: around.monotonicMs() });
        if (tap !== null) around.onTap(tap, place);
      },
      onBadFrame() {
        cancelDoubt ??= around.setTimer(() => {
          cancelDoubt = undefined;
          around.onMisread(place);
        }, DOUBT_MS);
      },
      onState(state) {
        if (!listed) return;
        const reason = state.kind === "lost" ? state.reason : null;
        const slot = place.slot ?? null;
        shown.set(place.reader, { id: place.reader, name: place.name, state: state.kind, slot, reason });
        around.onReaders([...shown.values()]);
      },
    };
  };

  return {
    open(spec) {
      const place = { reader: spec.id, name: spec.name, slot: spec.slot };
      readers.push(openReader(spec, eventsOf(place, spec.sameTapMs, true)));
    },
    tapVirtual(slot, uid) {
      let reader = virtual.get(slot);
      if (reader === undefined) {
        const place = { reader: `virtual:${slot}`, name: `Virtual reader ${slot}`, slot };
        reader = createVirtualReader(slot, eventsOf(place, VIRTUAL_SAME_TAP_MS, false), (delayMs, run) =>
          around.setTimer(run, delayMs),
        );
        virtual.set(slot, reader);
      }
      reader.tap(uid);
    },
    count() {
      const present = [...shown.values()].filter(({ state }) => state === "present").length;
      return { present, lost: shown.size - present };
    },
    async stop() {
      for (const stop of stops) stop();
      const all = [...readers, ...[...virtual.values()].map(({ reader }) => reader)];
      await Promise.all(all.map((reader) => reader.stop()));
    },
  };
}
