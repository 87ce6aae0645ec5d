/**
 * What every kind of reader looks like to the station.
 *
 * A driver is a pure decoder (bytes in, sightings out) in a thin shell (port, timer). It never throws out of its
 * shell: trouble is told by `onState`, with words that name the cause and the remedy, and the driver keeps
 * trying with back-off until `stop`.
 */

/** A moment in which a reader saw a tag well enough to know its UID. */
type Sighting =
  | { kind: "present"; uid: Uint8Array }
  /** Only from devices that say so; others just stop repeating. */
  | { kind: "removed"; uid: Uint8Array };

export type ReaderState = { kind: "present" } | { kind: "lost"; reason: string };

export interface ReaderEvents {
  /** Called on every decoded frame, repeats included; collapsing them into taps is not the driver's work. */
  onSighting(sighting: Sighting): void;
  /** A frame began but could not be trusted (bad checksum, cut short). */
  onBadFrame(): void;
  onState(state: ReaderState): void;
}

export interface Reader {
  /** Where it is plugged plus what it says of itself; stable over restarts. Never a list index. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  stop(): Promise<void>;
}
