/** From a tap to a ballot on disk: judge it, make the ballot, store it, and only then say so. */
import type { ScreenBranch, ScreenDisk } from "../../shared/events/stream.ts";
import { encodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import type { Stored } from "../log/append-runs.ts";
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
  /** A promise at the reader's first appearance. */
  readerNumber: (identity: string) => number | Promise<number>;
  tagKey: (uid: Uint8Array) => Uint8Array | undefined;
  roll: Pick<Roll, "refusal">;
  /** Milliseconds since the log's opening. */
  logMs: () => number;
  situation: () => Situation;
  outcomes: Outcomes;
  /** The id of the log that records go to now. */
  log: () => string | undefined;
  /** A ballot, and its canonical bytes, went off to the disk, and no other is on its way there. */
  onLeft: (ballot: LogRecord, bytes: Uint8Array) => void;
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

  const tellDisk = (stored: Stored) =>
    around.onDisk(stored.ok ? { state: "good", reason: null } : { state: "failing", reason: stored.reason });

  /** What a tap was judged to be, on its way to the disk. */
  const put = async (ballot: { poll: Uint8Array; option: number; tagKey: Uint8Array }, place: TapPlace) => {
    try {
      const ms = around.logMs();
      const known = around.readerNumber(place.reader);
      const reader = typeof known === "number" ? known : await known;
      const { poll, option, tagKey } = ballot;
      const record: LogRecord = { kind: "ballot", poll, option, tagKey, ms, reader };
      const bytes = encodeRecord(record);
      const storing = around.append(bytes);
      if (onTheWay.size === 0) around.onLeft(record, bytes);
      const stored = await storing;
      tellDisk(stored);
      if (!stored.ok) return outcomes.refused("not-stored", option, place.name);
      // The voter first: what the server is told may have to be signed.
      outcomes.stored(stored.log, stored.number, option, storedKind(around.situation()));
      return around.onStored(stored, record);
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
    async note(record, log) {
      const stored = await around.append(encodeRecord(record), log);
      tellDisk(stored);
      if (stored.ok) around.onStored(stored, record);
      return stored.ok;
    },
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
