import { toHex } from "../../shared/bytes.ts";
import type { UidFlag } from "../../shared/domain/mapping.ts";

/**
 * From sightings to taps, for one reader.
 *
 * A reader repeats a UID for as long as the tag lies there, some say when it leaves, many lose it for a moment while
 * the hand wavers. One presentation is one tap: the first sighting makes it, the others only prolong it. Each tag has
 * its own presentation, so two tags lying together, seen in turns, are two taps and not a flood.
 */

/**
 * A hand cannot take a tag away and present it again in a fifth of a second, but a card edging into the field of a
 * reader that reports removals comes and goes several times in it.
 */
export const REMOVED_BOUNCE_MS = 200;

/**
 * How many tags one reader's field may hold. Serial readers see a tag in 20 ms at best, so within the default times
 * at most 125 different ones; beyond the limit the tag unseen for longest is forgotten, at worst tapping once more.
 */
export const MAX_TAGS_IN_FIELD = 256;

/** `atMs`: monotonic milliseconds, any origin. */
export interface FieldEvent {
  kind: "present" | "removed";
  /** In normal form: nobody writes into it any more. */
  uid: Uint8Array;
  atMs: number;
}

/** One presentation of a tag. `atMs` is when it was first seen. */
interface Presentation {
  uid: Uint8Array;
  atMs: number;
}

/** A presentation that becomes a vote, with what its number gives cause to say. */
export interface Tap extends Presentation {
  kind: "tap";
  flags: readonly UidFlag[];
}

/** What lies on one reader. */
export interface Field {
  /** What was seen now; the presentation that begins with it, if one does. */
  take(event: FieldEvent): Presentation | null;
  /** Does this tag lie there, as far as was seen? */
  holds(uid: Uint8Array, atMs: number): boolean;
  /** From the next sighting on, a tag unseen for longer than this has left. */
  setGap(sameTapMs: number): void;
  /** Tags that it holds, those that left since the last event included. */
  size(): number;
}

/**
 * A reader with nothing on it. It keeps its state instead of giving a new one at each sighting: with a crowd at one reader
 * the copies were a fifth of all that a tap costs.
 * @param sameTapMs a tag unseen for longer than this has left; the next sighting is a second presentation
 * @param bounceMs a tag that the reader reported as removed, and that is back within this time, never left
 */
export function createField(sameTapMs: number, bounceMs = REMOVED_BOUNCE_MS): Field {
  let gapMs = sameTapMs;
  /** From when on a presentation is over if nothing is seen before, by UID; the one seen most recently last. */
  const overAfterMs = new Map<string, number>();
  /** The latest time any event told; time never runs backwards in here. */
  let nowMs = Number.NEGATIVE_INFINITY;

  /** Those unseen for longest stand first. One that was removed may stand behind others: it is over when it is looked at. */
  const forgetOver = () => {
    for (const [key, overMs] of overAfterMs) {
      if (nowMs <= overMs) return;
      overAfterMs.delete(key);
    }
  };
  const forgetOldest = () => {
    for (const key of overAfterMs.keys()) {
      overAfterMs.delete(key);
      return;
    }
  };

  return {
    size: () => overAfterMs.size,
    holds: (uid, atMs) => Math.max(nowMs, atMs) <= (overAfterMs.get(toHex(uid)) ?? Number.NEGATIVE_INFINITY),
    take({ kind, uid, atMs }) {
      nowMs = Math.max(nowMs, atMs);
      forgetOver();
      const key = toHex(uid);
      const overMs = overAfterMs.get(key);
      const isThere = overMs !== undefined && nowMs <= overMs;
      if (kind === "removed") {
        // Removal can only shorten what is left, and of a tag that is not there it says nothing.
        if (isThere) overAfterMs.set(key, Math.min(overMs, nowMs + bounceMs));
        return null;
      }
      // Deleted first, so that it stands last from now on.
      overAfterMs.delete(key);
      if (overAfterMs.size === MAX_TAGS_IN_FIELD) forgetOldest();
      overAfterMs.set(key, nowMs + gapMs);
      return isThere ? null : { uid, atMs: nowMs };
    },
    setGap(newMs) {
      gapMs = newMs;
    },
  };
}
