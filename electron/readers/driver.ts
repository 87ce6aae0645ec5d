/**
 * What every kind of reader looks like to the station.
 *
 * A driver is a pure decoder (bytes in, sightings out) in a thin shell (port, timer). It never throws out of its
 * shell: trouble is told by `onState`, with a sentence that names the cause and the remedy, and the driver keeps
 * trying with back-off until `stop`.
 */
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { SeenTag } from "../tap/seen-tag.ts";

/** A moment in which a reader saw a tag well enough to know its number. */
export type Sighting =
  | { kind: "present"; tag: SeenTag }
  /** Only from devices that say so; others just stop repeating. */
  | { kind: "removed"; tag: SeenTag };

export type ReaderState = { kind: "present" } | { kind: "lost"; reason: Sentence };

export interface ReaderEvents {
  /** Called on every decoded frame, repeats included; collapsing them into taps is not the driver's work. */
  onSighting(sighting: Sighting): void;
  /** A frame began but could not be trusted (bad checksum, cut short). */
  onBadFrame(): void;
  onState(state: ReaderState): void;
}

/** What a device with a lamp, a buzzer or an output port tells the voter. `good`: the vote is on disk. */
export type Signal = "good" | "bad";

export interface Reader {
  /** Where it is plugged plus what it says of itself; stable over restarts. Never a list index. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /**
   * Work its lamp or buzzer; null where the device has none. Never throws, never queues: what cannot be shown now is
   * not shown later.
   */
  readonly signal: ((signal: Signal) => void) | null;
  /** Only of a driver that itself waits before it says that a tag is gone: for how long, in milliseconds. */
  setGap?(gapMs: number): void;
  stop(): Promise<void>;
}

/** Calls `run` once, after `delayMs`; the function given back cancels that. */
export type After = (delayMs: number, run: () => void) => () => void;
