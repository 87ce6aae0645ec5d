/**
 * People at a station's readers. At each reader one after another holds a badge there until success is shown; whoever
 * was shown nothing because the station died taps again when the reader is back.
 */
import { EventEmitter, once } from "node:events";
import type { Outcome, OutcomeKind, ScreenEvent, ScreenReader } from "../../shared/events/stream.ts";
import { rdm6300Frame, type SerialLine } from "../rig/pty.ts";
import type { ScreenEars } from "../rig/screen-events.ts";
import { until, within } from "../rig/within.ts";

/** A badge at a reader, whose holder was shown success. */
export interface ShownTap {
  uid: Uint8Array;
  option: number;
  kind: OutcomeKind;
}

export interface Voters {
  /** Everybody who was shown success, in that order. */
  readonly shown: readonly ShownTap[];
  /** What success became later, under the same id. */
  readonly verdicts: readonly OutcomeKind[];
  /** Outcomes shown where nobody waited for one. */
  readonly strays: readonly Outcome[];
  /** How often somebody held a badge there again, as nothing was shown before the station died. */
  again(): number;
  /** So many new people at each reader. Resolves when each of them was shown success. */
  vote(perReader: number): Promise<void>;
  /** Resolves at the moment when the `count`th success of all is shown. */
  shownTo(count: number): Promise<void>;
  /** People try at reader 1, a new one each time, until a question that has just come takes votes. */
  untilQuestionSettles(): Promise<void>;
  /** Nobody taps from now on, until the readers are back. To be called before the station is killed. */
  stopTapping(): void;
}

interface Lane {
  line: SerialLine;
  present: boolean;
  /** The one that waits for an answer. */
  badge: Badge | null;
}

interface Badge {
  frame: Uint8Array;
  held: boolean;
  answer: (kind: OutcomeKind) => void;
}

/** A restart on a busy machine, with room to spare; a live station answers within milliseconds. */
const ANSWER_MS = 20_000;
const SUCCESS: readonly OutcomeKind[] = ["stored", "safe-here", "counted", "changed", "already-counted"];
/** How readers are called at `--reader`, so that an answer that belongs to no option is still told apart. */
const readerName = (slot: number) => `Reader ${slot}`;
/**
 * A badge sent again to the same run of a station must not be a second presentation: then each badge has one answer
 * there. Other badges are taps at once, whatever the gap.
 */
const GAP_MS = 10_000;

/** The `--reader` flags for these lines, slot 1 first. */
export function readersAt(lines: readonly SerialLine[]): string[] {
  return lines.map(({ path }, at) => {
    const name = encodeURIComponent(readerName(at + 1));
    return `serial:${path}?protocol=rdm6300&slot=${at + 1}&gap=${GAP_MS}&name=${name}`;
  });
}

/** @param series sets the badges of these people apart from those of others: one byte */
export function createVoters(ears: ScreenEars, lines: readonly SerialLine[], series: number): Voters {
  const lanes = lines.map((line): Lane => ({ line, present: false, badge: null }));
  const shown: ShownTap[] = [];
  const verdicts: OutcomeKind[] = [];
  const strays: Outcome[] = [];
  let again = 0;
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  /** Ids of outcomes in this run of the station; the next run counts from 1 again. */
  let seen = new Set<string>();
  let people = 0;

  const newUid = () => {
    people += 1;
    // The first of five bytes is not compared.
    return Uint8Array.of(0, 0xa0 | series, people >>> 16, people >>> 8, people);
  };
  const hold = (lane: Lane, badge: Badge) => {
    if (badge.held) again += 1;
    badge.held = true;
    void lane.line.write(badge.frame);
  };
  const onReaders = (readers: readonly ScreenReader[]) => {
    for (const [at, lane] of lanes.entries()) {
      const present = readers.some(({ slot, state }) => slot === at + 1 && state === "present");
      if (present && !lane.present && lane.badge !== null) hold(lane, lane.badge);
      lane.present = present;
    }
  };
  const stopTapping = () => {
    for (const lane of lanes) lane.present = false;
  };
  const onOutcome = (outcome: Outcome) => {
    const { id, kind, option, reader } = outcome;
    if (seen.has(id)) return void verdicts.push(kind);
    seen.add(id);
    const lane = lanes.find((_, at) => option === at + 1 || reader === readerName(at + 1));
    const badge = lane?.badge;
    if (!lane || !badge) return void strays.push(outcome);
    // The frame was cut by the kill. Nobody's badge was seen, so the same person holds it there again.
    if (kind === "read-again") return hold(lane, badge);
    return badge.answer(kind);
  };
  ears.on((event: ScreenEvent) => {
    if (event.kind === "snapshot") {
      seen = new Set();
      stopTapping();
    }
    if (event.kind === "snapshot" || event.kind === "readers") onReaders(event.readers);
    if (event.kind === "outcome") onOutcome(event.outcome);
  });

  const tap = async (lane: Lane, option: number): Promise<OutcomeKind> => {
    const uid = newUid();
    const { promise, resolve } = Promise.withResolvers<OutcomeKind>();
    const answer = (kind: OutcomeKind) => {
      lane.badge = null;
      if (SUCCESS.includes(kind)) {
        shown.push({ uid, option, kind });
        emitter.emit("shown");
      }
      resolve(kind);
    };
    if (lane.badge !== null) throw new Error(`somebody is at reader ${option} already`);
    lane.badge = { frame: rdm6300Frame(uid), held: false, answer };
    if (lane.present) hold(lane, lane.badge);
    return within(ANSWER_MS, `an answer to badge ${people} at reader ${option}`, promise);
  };
  const voteAt = async (lane: Lane, option: number, count: number) => {
    for (let done = 0; done < count; done++) {
      const kind = await tap(lane, option);
      if (!SUCCESS.includes(kind)) throw new Error(`a badge at reader ${option} was refused: ${kind}`);
    }
  };
  return {
    shown,
    verdicts,
    strays,
    again: () => again,
    stopTapping,
    async vote(perReader) {
      await Promise.all(lanes.map((lane, at) => voteAt(lane, at + 1, perReader)));
    },
    async shownTo(count) {
      while (shown.length < count) await once(emitter, "shown");
    },
    async untilQuestionSettles() {
      const [lane] = lanes;
      if (lane === undefined) throw new Error("there is no reader");
      await until("the question to take votes", async () => (await tap(lane, 1)) !== "new-question");
    },
  };
}
