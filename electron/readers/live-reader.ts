/** One reader at work: sightings become taps, and what is known of it is kept for the panel, the screen and the server. */
import { GAP_LIMITS_MS, sameFormat, type UidFlag, type UidFormat } from "../../shared/domain/mapping.ts";
import { readDigits } from "../../shared/domain/tag-number.ts";
import { normalForm } from "../tap/normal-form.ts";
import { createField, type Tap } from "../tap/presence.ts";
import type { SeenTag } from "../tap/seen-tag.ts";
import { uidFlags } from "../tap/uid-flags.ts";
import type { Collisions } from "./collisions.ts";
import type { ReaderEvents, ReaderState } from "./driver.ts";

/** Readers repeat: a bad frame that a good one follows within this time was no trouble to anybody. */
const DOUBT_MS = 600;

/** What the operator and the organiser may know of a reader. Times are of the station's calendar, since 1970. */
export interface ReaderFacts {
  /** Null before its first word. */
  state: ReaderState | null;
  /** When it was last known to be there, while it is gone; null: never since the start. */
  lostAtMs: number | null;
  lastTapAtMs: number | null;
  taps: number;
  /** Frames that could not be trusted, and losses. */
  errors: number;
  /** Of the last tap. */
  flags: readonly UidFlag[];
}

export interface LiveSurroundings {
  monotonicMs: () => number;
  wallMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  lfBits: () => 24 | 32;
  collisions: Pick<Collisions, "note">;
  /** Each sighting, before anything is made of it. */
  onSeen: (tag: SeenTag) => void;
  onTap: (tap: Tap) => void;
  /** Something was held to the reader, and it could not make out what. */
  onMisread: () => void;
  onState: (now: ReaderState, before: ReaderState | null) => void;
  /** Counted something. */
  onFacts: () => void;
}

export interface LiveReader {
  readonly events: ReaderEvents;
  readonly facts: Readonly<ReaderFacts>;
  settings(format: UidFormat, gapMs: number): void;
  stop(): void;
}

export function createLiveReader(first: { format: UidFormat; gapMs: number }, around: LiveSurroundings): LiveReader {
  let { format } = first;
  /** Formats of a moment ago: what lies there by its number under one of them is no other tag now. */
  let formatsBefore: { format: UidFormat; untilMs: number }[] = [];
  const field = createField(first.gapMs);
  const facts: ReaderFacts = { state: null, lostAtMs: null, lastTapAtMs: null, taps: 0, errors: 0, flags: [] };
  let cancelDoubt: (() => void) | undefined;
  const dispelDoubt = () => {
    cancelDoubt?.();
    cancelDoubt = undefined;
  };
  const onBadFrame = () => {
    facts.errors++;
    around.onFacts();
    cancelDoubt ??= around.setTimer(() => {
      cancelDoubt = undefined;
      // One that is not there says so by itself, and to hold a tag to it again is no help: often it was noise on its line.
      if (facts.state?.kind === "present") around.onMisread();
    }, DOUBT_MS);
  };
  const lay = (tag: SeenTag, atMs: number) => {
    formatsBefore = formatsBefore.filter(({ untilMs }) => atMs <= untilMs);
    return formatsBefore.some((old) => {
      const before = normalForm(tag, old.format, around.lfBits());
      return before !== null && field.holds(before.uid, atMs);
    });
  };
  return {
    facts,
    settings(newFormat, gapMs) {
      const untilMs = around.monotonicMs() + GAP_LIMITS_MS[1];
      if (!sameFormat(newFormat, format))
        formatsBefore = [...formatsBefore.filter((old) => !sameFormat(old.format, format)), { format, untilMs }];
      format = newFormat;
      field.setGap(gapMs);
    },
    stop: dispelDoubt,
    events: {
      onBadFrame,
      onSighting({ kind, tag }) {
        if (kind === "present") around.onSeen(tag);
        const number = normalForm(tag, format, around.lfBits());
        if (number === null) {
          if (kind === "present") onBadFrame();
          return;
        }
        dispelDoubt();
        const { uid, technology } = number;
        const atMs = around.monotonicMs();
        const isKnown = formatsBefore.length > 0 && lay(tag, atMs);
        const fresh = field.take({ kind, uid, atMs });
        // Else one tag were two voters, under two numbers, as often as the operator tries another format.
        if (fresh === null || isKnown) return;
        if (technology !== "hf") noteCut(tag, format, uid, around.collisions);
        facts.taps++;
        facts.lastTapAtMs = around.wallMs();
        facts.flags = uidFlags(fresh.uid, technology);
        around.onTap({ kind: "tap", uid: fresh.uid, atMs: fresh.atMs, flags: facts.flags });
        around.onFacts();
      },
      onState(state) {
        const before = facts.state;
        facts.state = state;
        if (before?.kind === "present" && state.kind === "lost") {
          facts.errors++;
          facts.lostAtMs = around.wallMs();
        }
        around.onState(state, before);
      },
    },
  };
}

/** What of the number is not compared. */
function noteCut(tag: SeenTag, format: UidFormat, uid: Uint8Array, { note }: Pick<Collisions, "note">): void {
  const bytes = tag.form === "bytes" ? tag.bytes : readDigits(tag.digits, format.digits)?.bytes;
  if (bytes === undefined || bytes.length <= uid.length) return;
  note(format.reversed ? bytes.subarray(uid.length).toReversed() : bytes.subarray(0, bytes.length - uid.length), uid);
}
