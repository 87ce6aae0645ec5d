/**
 * Finds devices of one kind that may be readers, as they come and go. Looking is all it does by itself: a device is
 * opened only while `listen` is asked for, and written to only where the operator allowed it (`mayAsk`).
 */
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { SeenTag } from "../tap/seen-tag.ts";
import type { ReaderSpec } from "./spec.ts";

export interface FoundDevice {
  /** The id that its reader will have: where it is plugged plus what it says of itself. */
  readonly id: string;
  readonly kind: ReaderSpec["kind"];
  /** What it says of itself, for people. */
  readonly name: string;
  /** Where it is plugged, for people; null where that cannot be told. */
  readonly port: string | null;
  /** What keeps us from using it, and the exact remedy; null when nothing does. */
  readonly trouble: Sentence | null;
  /** The text that opens it as a reader, where that is known without listening; null: a tag has to be heard there first. */
  readonly spec: string | null;
}

/** What listening on a device that is not in use brought. */
export type Heard =
  /** What is being done there now. */
  | { kind: "listening" }
  | { kind: "asking" }
  /** A tag was seen (`tag`), or the device answered who it is (`tag` null). `spec` is the text that opens it as a reader. */
  | { kind: "heard"; spec: string; title: string; tag: SeenTag | null }
  /** Everything was tried, and nothing understood came. */
  | { kind: "silent" }
  | { kind: "trouble"; reason: Sentence };

export interface FinderEvents {
  /** The whole list, at each change; no two with the same id. */
  onDevices(devices: readonly FoundDevice[]): void;
  /** Why devices of this kind cannot be found at all, and the remedy; null when they can again. */
  onTrouble(reason: Sentence | null): void;
}

export interface Finder {
  readonly kind: ReaderSpec["kind"];
  /**
   * Listen on a device found, until the function given back is called. Ends by itself when the device goes.
   * Where it has to be found out what the device is (`spec` null), it also ends with `heard`, `silent` or `trouble`.
   * @param mayAsk the operator allowed to write to it, to find out what it is
   */
  listen(device: FoundDevice, mayAsk: boolean, onHeard: (heard: Heard) => void): () => Promise<void>;
  stop(): Promise<void>;
}

/** Begins at once; never throws. */
export type OpenFinder = (events: FinderEvents) => Finder;
