/** From a tap to a ballot on disk: judge it, make the ballot, store it, and only then say so. */
import type { Target } from "../../shared/domain/mapping.ts";
import type { OutcomeKind, ScreenBranch, ScreenDisk } from "../../shared/events/stream.ts";
import { encodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import { say } from "../../shared/sentences/sentence.ts";
import type { Stored } from "../log/append-runs.ts";
import { NotStored } from "../log/not-stored.ts";
import type { Signal } from "../readers/driver.ts";
import type { TapPlace } from "../readers/station-readers.ts";
import type { Roll } from "../roll/roll.ts";
import type { Tap } from "../tap/presence.ts";
import type { Voter } from "./chooser.ts";
import type { Outcomes, StoredKind } from "./outcomes.ts";
import { vote, type Vote, type VoteSituation } from "./vote.ts";

/** The station at the moment of a tap. */
export interface Situation extends Pick<VoteSituation, "ended" | "poll" | "online" | "shownForMs"> {
  branch: ScreenBranch;
  /** Test mode: votes are judged and shown, and never stored. */
  testing: boolean;
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
  /** The device tells the voter what the screen tells: `good` once it is on disk, never before. */
  signal: (reader: string, signal: Signal) => void;
  /** Nothing is in the way of this voter but the answer, which is touched. */
  onChoose: (voter: Voter, place: TapPlace) => void;
  /** In test mode: what would have been a vote for this option. */
  onTestTap: (option: number) => void;
  /** The id of the log that records go to now. */
  log: () => string | undefined;
  /** A ballot, and its canonical bytes, went off to the disk, and no other is on its way there. */
  onLeft: (ballot: LogRecord, bytes: Uint8Array) => void;
  /** A record is on disk, under its number in a log. */
  onStored: (place: Extract<Stored, { ok: true }>, record: LogRecord) => void;
  onDisk: (disk: ScreenDisk) => void;
}

export interface BallotBox {
  cast(tap: Pick<Tap, "uid" | "flags">, place: TapPlace): Promise<void>;
  /** The same for whom is known by tag key already. */
  castFor(voter: Voter, place: TapPlace): Promise<void>;
  /** What would become of a vote for this now, whoever's it is. */
  judge(target: Target): Vote;
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
      if (!stored.ok) return refuse("not-stored", option, place);
      // The voter first: what the server is told may have to be signed.
      const kind = storedKind(around.situation());
      outcomes.stored(stored.log, stored.number, option, kind);
      around.signal(place.reader, kind === "not-admitted" ? "bad" : "good");
      return around.onStored(stored, record);
    } catch (error) {
      // The reader's number could not be had: the disk, too.
      const message = error instanceof Error ? error.message : String(error);
      const reason = error instanceof NotStored ? error.reason : say("vote-not-stored", { message });
      around.onDisk({ state: "failing", reason });
      return refuse("not-stored", ballot.option, place);
    }
  };
  const refuse = (why: OutcomeKind, option: number | null, place: TapPlace) => {
    // The screen has no name: its votes without a tag.
    outcomes.refused(why, option, place.name === "" ? null : place.name);
    around.signal(place.reader, "bad");
  };

  /** @param tagKey undefined before enrolment, which brings the event's key */
  const castKey = async (tagKey: Uint8Array | undefined, flags: Voter["flags"], place: TapPlace) => {
    const situation = around.situation();
    const { poll } = situation;
    const roll = tagKey && poll ? around.roll.refusal(tagKey, poll.definition.groups) : null;
    const meant = vote({ ...situation, target: place.target, flags, roll });
    if (meant.kind === "refusal") return refuse(meant.why, meant.option, place);
    // A poll is known only after enrolment, which also brings the event key and begins the log.
    if (tagKey === undefined || around.log() === undefined) return refuse("no-open-poll", null, place);
    if (meant.kind === "choose") return around.onChoose({ tagKey, flags }, place);
    if (situation.testing) {
      outcomes.refused("test-tap", meant.option, place.name);
      return around.onTestTap(meant.option);
    }
    if (onTheWay.size >= MAX_ON_THE_WAY) return refuse("not-stored", meant.option, place);
    // From judging to here nothing was waited for: a close heard later finds this cast among those under way.
    const done = put({ poll: meant.poll, option: meant.option, tagKey }, place);
    onTheWay.add(done);
    try {
      await done;
    } finally {
      onTheWay.delete(done);
    }
  };

  return {
    cast: (tap, place) => castKey(around.tagKey(tap.uid), tap.flags, place),
    castFor: ({ tagKey, flags }, place) => castKey(tagKey, flags, place),
    judge: (target) => vote({ ...around.situation(), target, flags: [], roll: null }),
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
