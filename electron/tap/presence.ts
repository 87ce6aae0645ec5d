import { sameBytes } from "../../shared/bytes.ts";

/**
 * From sightings to taps, for one reader.
 *
 * A reader repeats a UID for as long as the tag lies there, some say when it leaves, many lose it for a moment while
 * the hand wavers. One presentation is one tap: the first sighting makes it, the others only prolong it. Each tag has
 * its own presentation, so two tags lying together, seen in turns, are two taps and not a flood.
 */

interface PresenceSettings {
  /** A tag unseen for longer than this has left; the next sighting is a second presentation. */
  readonly sameTapMs: number;
  /** A tag that the reader reported as removed, and that is back within this time, never left. */
  readonly bounceMs: number;
}

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

interface Presentation {
  readonly uid: Uint8Array;
  /** From this time on (milliseconds, monotonic) it is over, if nothing is seen before. */
  readonly overAfterMs: number;
}

export interface FieldState {
  readonly settings: PresenceSettings;
  /** The latest time any event told; time never runs backwards in here. */
  readonly nowMs: number;
  /** The one seen most recently last. One or two, as a rule: a list is copied at each sighting for next to nothing. */
  readonly tags: readonly Presentation[];
}

/** `atMs`: monotonic milliseconds, any origin. */
export type FieldEvent =
  { kind: "present"; uid: Uint8Array; atMs: number } | { kind: "removed"; uid: Uint8Array; atMs: number };

/** One presentation of a tag: what becomes a vote. `atMs` is when it was first seen. */
export interface Tap {
  kind: "tap";
  uid: Uint8Array;
  atMs: number;
}

/** A reader with nothing on it. */
export function emptyField(sameTapMs: number, bounceMs = REMOVED_BOUNCE_MS): FieldState {
  return { settings: { sameTapMs, bounceMs }, nowMs: Number.NEGATIVE_INFINITY, tags: [] };
}

/** What a sighting changes, and the tap it is, if it is one. */
export function stepField(field: FieldState, event: FieldEvent): [FieldState, ...Tap[]] {
  const nowMs = Math.max(field.nowMs, event.atMs);
  const tags = field.tags.filter(({ overAfterMs }) => nowMs <= overAfterMs);
  const at = tags.findLastIndex(({ uid }) => sameBytes(uid, event.uid));
  const known = tags[at];

  if (event.kind === "removed") {
    // Removal can only shorten what is left, and of a tag that is not there it says nothing.
    if (known !== undefined) {
      tags[at] = { uid: known.uid, overAfterMs: Math.min(known.overAfterMs, nowMs + field.settings.bounceMs) };
    }
    return [{ ...field, nowMs, tags }];
  }

  const uid = known?.uid ?? Uint8Array.from(event.uid);
  if (known !== undefined) tags.splice(at, 1);
  // The one unseen for longest goes first.
  else if (tags.length === MAX_TAGS_IN_FIELD) tags.shift();
  tags.push({ uid, overAfterMs: nowMs + field.settings.sameTapMs });
  const next = { ...field, nowMs, tags };
  return known === undefined ? [next, { kind: "tap", uid, atMs: nowMs }] : [next];
}
