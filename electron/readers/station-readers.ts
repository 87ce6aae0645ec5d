/** All readers of a station: they follow the mapping; sightings become taps, each with the reader it came from. */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { sameFormat, type Target } from "../../shared/domain/mapping.ts";
import type { ScreenReader } from "../../shared/events/stream.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { StationEvents } from "../../shared/journal/station-events.ts";
import { say } from "../../shared/sentences/sentence.ts";
import type { Tap } from "../tap/presence.ts";
import type { SeenTag } from "../tap/seen-tag.ts";
import { createCollisions } from "./collisions.ts";
import type { Reader, ReaderEvents, Signal } from "./driver.ts";
import type { KeptReader } from "./kept-mapping.ts";
import { createLiveReader, type LiveReader, type LiveSurroundings, type ReaderFacts } from "./live-reader.ts";
import type { OwnMapping } from "./mapping-keeper.ts";
import { createPace } from "./pace.ts";
import { readerReport, type ReaderReport, screenReader } from "./reader-views.ts";
import type { ReaderSpec } from "./spec.ts";

/** Where a tap happened. */
export interface TapPlace {
  reader: string;
  name: string;
  /** What a tap there means; null while nobody has said. */
  target: Target | null;
}

/** A hub that goes takes fifty readers with it: so many lists a second a screen can draw, and nobody sees more. */
const SCREEN_EVERY_MS = 100;
/** The server's list is looked at by people. */
const REPORT_EVERY_MS = 1_000;

export interface ReadersSurroundings {
  mapping: Pick<OwnMapping, "readers" | "onChange">;
  /** What opens a reader; null when this version cannot. */
  specOf: (reader: KeptReader) => ReaderSpec | null;
  openReader: (spec: ReaderSpec, events: ReaderEvents) => Reader;
  monotonicMs: () => number;
  wallMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  lfBits: () => LfBits;
  /** Votes are stored now, or will be when the vote goes on: a tag that gets another number may be counted again. */
  isVoting: () => boolean;
  /** Random, 32 bits, of this start. */
  secret: number;
  note: Journal<StationEvents>["note"];
  onTap: (tap: Tap, place: TapPlace) => void;
  /** A tap that the operator's work with the readers took: it is no vote. */
  onClaimed: (place: TapPlace) => void;
  /** Something was held to the reader, and it could not make out what. */
  onMisread: (place: TapPlace) => void;
  onReaders: (readers: ScreenReader[]) => void;
}

/** A reader that was opened. */
export interface OpenReader {
  readonly kept: KeptReader;
  readonly spec: ReaderSpec | null;
  readonly facts: Readonly<ReaderFacts>;
  readonly canSignal: boolean;
}

export interface StationReaders {
  /** Open the readers of the mapping, and follow it from now on. */
  start(): void;
  /** Work its lamp or buzzer. False: it has none, or there is no such reader. */
  signal(reader: string, signal: Signal): boolean;
  /**
   * From now on taps go to `take` and are no votes, until the function given back is called.
   * @param only these, and the others are votes; without it all
   */
  claimTaps(take: TakeTap, only?: (tap: Tap, place: TapPlace) => boolean): () => void;
  /** Every sighting from now on, before anything is made of it, until the function given back is called. */
  watchTags(take: (reader: string, tag: SeenTag) => void): () => void;
  list(): readonly OpenReader[];
  /** Is the device ours, or not yet let go? */
  holds(id: string): boolean;
  /** Called after readers came, went, were changed, or told of themselves. */
  onChange(run: () => void): () => void;
  /** Called after each tap and each bad frame. */
  onCounted(run: () => void): () => void;
  report(): ReaderReport[];
  /** Called after each change of the report, at most once a second. */
  onReport(run: () => void): () => void;
  count(): { present: number; lost: number };
  /** Taps of two different tags that are one to us, since the start. */
  collisions(): number;
  stop(): Promise<void>;
}

type TakeTap = (tap: Tap, place: TapPlace) => void;

interface Entry {
  /** For the journal, which names no device: counted from 1 in the order of coming into use since the start. */
  number: number;
  kept: KeptReader;
  place: TapPlace;
  spec: ReaderSpec | null;
  live: LiveReader;
  device: Reader | null;
}

export function createStationReaders(around: ReadersSurroundings): StationReaders {
  const { mapping, note } = around;
  const entries = new Map<string, Entry>();
  const closing = new Map<string, Promise<void>>();
  const claims = new Set<(tap: Tap, place: TapPlace) => TakeTap | null>();
  const watchers = new Set<(reader: string, tag: SeenTag) => void>();
  const changeListeners = new Set<() => void>();
  const countListeners = new Set<() => void>();
  const reportListeners = new Set<() => void>();
  const collisions = createCollisions(around.secret);
  let opened = 0;
  let unfollow = () => {};

  const listed = () => [...entries.values()];
  const toScreen = createPace(() => around.onReaders(listed().flatMap(screenReader)), SCREEN_EVERY_MS, around.setTimer);
  const toReport = createPace(() => runAll(reportListeners), REPORT_EVERY_MS, around.setTimer);
  const changed = () => {
    runAll(changeListeners);
    toReport.touch();
  };
  const counted = () => {
    runAll(countListeners);
    toReport.touch();
  };
  const onTap = (tap: Tap, place: TapPlace) => {
    const takers = [...claims].flatMap((claim) => claim(tap, place) ?? []);
    if (takers.length === 0) return around.onTap(tap, place);
    for (const take of takers) take(tap, place);
    return around.onClaimed(place);
  };

  /** @param place now: it may be given another name and target while the reader is at work */
  const surroundings = (place: () => TapPlace): Omit<LiveSurroundings, "onState" | "onFacts"> => ({
    monotonicMs: around.monotonicMs,
    wallMs: around.wallMs,
    setTimer: around.setTimer,
    lfBits: around.lfBits,
    collisions,
    onSeen(tag) {
      for (const take of watchers) take(place().reader, tag);
    },
    onTap: (tap) => onTap(tap, place()),
    onMisread: () => around.onMisread(place()),
  });

  const open = (kept: KeptReader): Entry => {
    const live = createLiveReader(kept, {
      ...surroundings(() => entry.place),
      onFacts: counted,
      onState(now, before) {
        // Also its last word after it was let go.
        if (entries.get(kept.id) !== entry) return;
        if (now.kind !== before?.kind)
          note(now.kind === "lost" ? "reader.lost" : "reader.back", { reader: entry.number });
        toScreen.touch();
        changed();
      },
    });
    const spec = around.specOf(kept);
    const entry: Entry = { number: ++opened, kept, place: placeOf(kept), spec, live, device: null };
    entries.set(kept.id, entry);
    if (spec === null) live.events.onState({ kind: "lost", reason: say("reader-unusable") });
    else entry.device = around.openReader(spec, live.events);
    entry.device?.setGap?.(kept.gapMs);
    return entry;
  };
  const close = (entry: Entry) => {
    const { id } = entry.kept;
    entries.delete(id);
    entry.live.stop();
    if (entry.device === null) return;
    const closed = entry.device.stop().finally(() => {
      if (closing.get(id) === closed) closing.delete(id);
      changed();
    });
    closing.set(id, closed);
  };
  /** Open what is new, let go what is gone, and take over what else was changed. */
  const follow = () => {
    const kept = new Map(mapping.readers().map((reader) => [reader.id, reader]));
    for (const entry of listed()) {
      const now = kept.get(entry.kept.id);
      kept.delete(entry.kept.id);
      if (now === undefined) {
        close(entry);
        note("reader.removed", { reader: entry.number });
      } else if (now !== entry.kept) {
        if (!sameTarget(now.target, entry.kept.target)) noteTarget(entry.number, now.target);
        if (!sameFormat(now.format, entry.kept.format) && around.isVoting())
          note("reader.format-in-vote", { reader: entry.number });
        entry.kept = now;
        entry.place = placeOf(now);
        entry.live.settings(now.format, now.gapMs);
        entry.device?.setGap?.(now.gapMs);
      }
    }
    for (const reader of kept.values()) {
      const entry = open(reader);
      if (entry.spec !== null) note("reader.adopted", { reader: entry.number, of: entry.spec.kind });
      if (reader.target !== null) noteTarget(entry.number, reader.target);
    }
    toScreen.touch();
    changed();
  };
  const noteTarget = (reader: number, target: Target | null) =>
    note("reader.assigned", { reader, to: target?.kind ?? "nothing" });

  return {
    start() {
      for (const reader of mapping.readers()) open(reader);
      unfollow = mapping.onChange(follow);
    },
    signal(reader, signal) {
      const work = entries.get(reader)?.device?.signal ?? null;
      work?.(signal);
      return work !== null;
    },
    claimTaps(take, only = () => true) {
      const claim = (tap: Tap, place: TapPlace) => (only(tap, place) ? take : null);
      claims.add(claim);
      return () => void claims.delete(claim);
    },
    watchTags: (take) => addTo(watchers, take),
    list: () =>
      listed().map(({ kept, spec, live, device }) => ({
        kept,
        spec,
        facts: live.facts,
        canSignal: device !== null && device.signal !== null,
      })),
    holds: (id) => entries.has(id) || closing.has(id),
    onChange: (run) => addTo(changeListeners, run),
    onCounted: (run) => addTo(countListeners, run),
    report: () => listed().map(readerReport),
    onReport: (run) => addTo(reportListeners, run),
    count() {
      const states = listed().flatMap(({ live }) => live.facts.state ?? []);
      const present = states.filter(({ kind }) => kind === "present").length;
      return { present, lost: states.length - present };
    },
    collisions: collisions.count,
    async stop() {
      unfollow();
      toScreen.stop();
      toReport.stop();
      for (const { live } of listed()) live.stop();
      const devices = listed().flatMap(({ device }) => device ?? []);
      await Promise.all([...closing.values(), ...devices.map((device) => device.stop())]);
    },
  };
}

function placeOf({ id, name, target }: KeptReader): TapPlace {
  return { reader: id, name, target };
}

function sameTarget(a: Target | null, b: Target | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function runAll(listeners: ReadonlySet<() => void>): void {
  for (const run of listeners) run();
}

/** Added once per call, so that two who pass the same function are two. */
function addTo<Args extends unknown[]>(set: Set<(...args: Args) => void>, run: (...args: Args) => void): () => void {
  const own = (...args: Args) => run(...args);
  set.add(own);
  return () => void set.delete(own);
}
