/** For tests only: a station's readers on devices that do as they are told, and a clock that stands until it goes on. */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { Tap } from "../tap/presence.ts";
import type { SeenTag } from "../tap/seen-tag.ts";
import { createManualClock } from "../clock.testing.ts";
import type { ReaderEvents, Signal } from "./driver.ts";
import { type KeptMapping, NOTHING_KEPT } from "./kept-mapping.ts";
import { createMappingKeeper, type MappingTrouble } from "./mapping-keeper.ts";
import { formatMapping, parseMapping } from "./mapping-store.ts";
import { specOf } from "./open-mapping.ts";
import { parseReaderSpec, type ReaderSpec } from "./spec.ts";
import { createStationReaders, type TapPlace } from "./station-readers.ts";
import type { ScreenReader } from "../../shared/events/stream.ts";

export const tagOf = (...bytes: number[]): SeenTag => ({
  form: "bytes",
  bytes: Uint8Array.from(bytes),
  technology: "unknown",
});

/** A disk for the mapping, as text; `fails` makes it refuse. */
export function memoryStore(kept: KeptMapping = NOTHING_KEPT) {
  const disk = { text: formatMapping(kept), fails: false, writes: 0 };
  return {
    disk,
    read: () => ({ kind: "kept" as const, mapping: parseMapping(disk.text) ?? NOTHING_KEPT }),
    write(mapping: KeptMapping) {
      if (disk.fails) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      disk.text = formatMapping(mapping);
      disk.writes++;
    },
  };
}

export function specsOf(...texts: string[]): ReaderSpec[] {
  return texts.map((text) => {
    const parsed = parseReaderSpec(text);
    if (!parsed.ok) throw new Error(parsed.why);
    return parsed.spec;
  });
}

/** A device that is in use. */
export interface BedDevice {
  events: ReaderEvents;
  signals: Signal[];
  open: boolean;
  /** Somebody holds a tag there for a moment. */
  tap(tag: SeenTag): void;
}

export function readersBed({ asked = [], kept }: { asked?: string[]; kept?: KeptMapping } = {}) {
  const clock = createManualClock();
  const store = memoryStore(kept);
  const specs = specsOf(...asked);
  const troubles: MappingTrouble[] = [];
  const devices = new Map<string, BedDevice>();
  const taps: [Tap, TapPlace][] = [];
  const claimed: TapPlace[] = [];
  const misreads: TapPlace[] = [];
  const screens: ScreenReader[][] = [];
  const notes: [string, object | undefined][] = [];
  const settings = { lfBits: 32 as LfBits, isVoting: false };
  let conflicts = 0;
  const mapping = createMappingKeeper({
    store,
    asked: specs,
    wallMs: clock.wallMs,
    onTrouble: (trouble) => troubles.push(trouble),
    onConflict: () => conflicts++,
  });
  const readers = createStationReaders({
    mapping,
    specOf: specOf(specs),
    openReader(spec, events) {
      const signals: Signal[] = [];
      const device: BedDevice = {
        events,
        signals,
        open: true,
        tap: (tag) => events.onSighting({ kind: "present", tag }),
      };
      devices.set(spec.id, device);
      const stop = () => {
        device.open = false;
        return Promise.resolve();
      };
      return { id: spec.id, name: spec.name, signal: (signal) => void signals.push(signal), stop };
    },
    monotonicMs: clock.monotonicMs,
    wallMs: clock.wallMs,
    setTimer: clock.setTimer,
    lfBits: () => settings.lfBits,
    isVoting: () => settings.isVoting,
    secret: 0x1234_5678,
    note: (event, ...[fields]) => void notes.push([event, fields]),
    onTap: (tap, place) => taps.push([tap, place]),
    onClaimed: (place) => claimed.push(place),
    onMisread: (place) => misreads.push(place),
    onReaders: (list) => screens.push(list),
  });
  return {
    clock,
    store,
    settings,
    troubles,
    conflicts: () => conflicts,
    mapping,
    readers,
    taps,
    claimed,
    misreads,
    screens,
    notes,
    device(id: string): BedDevice {
      const device = devices.get(id);
      if (device === undefined) throw new Error(`${id} was never opened`);
      return device;
    },
  };
}
