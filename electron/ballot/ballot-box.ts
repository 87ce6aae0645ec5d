/** From a tap to a ballot on disk: judge it, make the ballot, store it, and only then say so. */
import type { ScreenBranch, ScreenDisk } from "../../shared/events/stream.ts";
import { encodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import type { Stored } from "../log/station-log.ts";
import type { TapPlace } from "../readers/station-readers.ts";
import type { Roll } from "../roll/roll.ts";
import type { Tap } from "../tap/presence.ts";
import { isRandomUid } from "../tap/random-uid.ts";
import type { Outcomes, StoredKind } from "./outcomes.ts";
import { vote, type VoteSituation } from "./vote.ts";

/** The station at the moment of a tap. */
export interface Situation extends Pick<VoteSituation, "ended" | "poll" | "online" | "shownForMs"> {
  branch: ScreenBranch;
}

export interface BallotBoxSurroundings {
  /** @param log hexadecimal; without it the log that records go to now */
  append: (record: Uint8Array, log?: string) => Promise<Stored>;
  readerNumber: (identity: string) => Promise<number>;
  tagKey: (uid: Uint8Array) => Uint8Array | undefined;
  roll: Pick<Roll, "refusal">;
  /** Milliseconds since the log's opening. */
  logMs: () => number;
  situation: () => Situation;
  outcomes: Outcomes;
  /** The id of the log that records go to now. */
  log: () => string | undefined;
  /** A record is on disk, under its number in a log. */
  onStored: (place: Extract<Stored, { ok: true }>, record: LogRecord) => void;
  onDisk: (disk: ScreenDisk) => void;
}

export interface BallotBox {
  cast(tap: Tap, place: TapPlace): Promise<void>;
  /** Store a record that is no ballot, at the end of the log named, else of the current one. True when it is on disk. */
  note(record: LogRecord, log?: string): Promise<boolean>;
  /** Resolves when all casts begun before now are done: on disk, or refused. */
  settled(): Promise<void>;
}

/** Taps on their way to the disk at once; above it the disk is as good as dead, and the voter is told. */
const MAX_ON_THE_WAY = 512;

export function createBallotBox(around: BallotBoxSurroundings): BallotBox {
  const { outcomes } = around;
  const onTheWay = new Set<Promise<void>>();

  const store = async (record: LogRecord, log?: string): Promise<Stored> => {
    const stored = await around.append(encodeRecord(record), log);
    if (stored.ok) {
      around.onDisk({ state: "good", reason: null });
      around.onStored(stored, record);
    } else around.onDisk({ state: "failing", reason: stored.reason });
    return stored;
  };

  /** What a tap was judged to be, on its way to the disk. */
  const put = async (ballot: { poll: Uint8Array; option: number; tagKey: Uint8Array }, place: TapPlace) => {
    try {
      const ms = around.logMs();
      const reader = await around.readerNumber(place.reader);
      const stored = await store({ kind: "ballot", ...ballot, ms, reader });
      if (!stored.ok) return outcomes.refused("not-stored", ballot.option, place.name);
      return outcomes.stored(stored.log, stored.number, ballot.option, storedKind(around.situation()));
    } catch (error) {
      // The reader's number could not be had: the disk, too.
      const reason = error instanceof Error ? error.message : String(error);
      around.onDisk({ state: "failing", reason });
      return outcomes.refused("not-stored", ballot.option, place.name);
    }
  };

  return {
    async cast(tap, place) {
      const situation = around.situation();
      const { poll } = situation;
      const tagKey = around.tagKey(tap.uid);
      const roll = tagKey && poll ? around.roll.refusal(tagKey, poll.definition.groups) : null;
      const meant = vote({ ...situation, slot: place.slot, randomUid: isRandomUid(tap.uid), roll });
      if (meant.kind === "refusal") return outcomes.refused(meant.why, meant.option, place.name);
      // A poll is known only after enrolment, which also brings the event key and begins the log.
      if (tagKey === undefined || around.log() === undefined) return outcomes.refused("no-open-poll", null, place.name);
      if (onTheWay.size >= MAX_ON_THE_WAY) return outcomes.refused("not-stored", meant.option, place.name);
      // From judging to here nothing was waited for: a close heard later finds this cast among those under way.
      const done = put({ poll: meant.poll, option: meant.option, tagKey }, place);
      onTheWay.add(done);
      try {
        await done;
      } finally {
        onTheWay.delete(done);
      }
    },
    note: async (record, log) => (await store(record, log)).ok,
    async settled() {
      await Promise.allSettled(onTheWay);
    },
  };
}

/** What is set aside waits for the organiser as what is offline waits for the server. */
function storedKind({ online, branch }: Situation): StoredKind {
  if (branch === "rejected") return "not-admitted";
  return online && branch !== "aside" ? "stored" : "safe-here";
}
