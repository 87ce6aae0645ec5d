/**
 * What the station tells its screen over `GET /events` (server-sent events).
 *
 * Each SSE message has an `id` of `<boot>-<sequence>`, an `event` that repeats `kind`, and one JSON object of
 * this file as `data`. The first message is a `snapshot`, unless `Last-Event-ID` names a place the station still
 * remembers: then only what came after it is sent.
 */
import * as v from "valibot";
import { MAX_ROUNDS } from "../domain/poll.ts";
import { Sentence } from "../sentences/sentence.ts";

/** What became of one tap, as the voter sees it. `stored` and `safe-here` may be upgraded under the same id. */
export const OUTCOME_KINDS = [
  "stored", // on this station's disk; the server has not answered yet
  "safe-here", // on this station's disk; the server is away
  "counted", // the server stored and counted it
  "changed", // counted, in place of this tag's earlier answer
  "already-counted", // this tag's vote was counted before, and this ballot changed nothing
  "closed", // the poll did not take votes at that moment
  "paused", // the poll takes no votes for a while: no ballot was made
  "late", // it reached the server after the result was certified: kept and listed, not counted
  "unknown-tag", // the event's roll does not have this tag: no ballot was made, or it does not count
  "not-entitled", // the poll is for groups this voter is not in
  "random-uid", // the tag makes up a new number each time, and the poll takes none of those: no ballot was made
  "not-admitted", // the server does not count this station's ballots
  "revoked", // the organiser took this station out of the event: no ballot was made
  "event-over", // the event is over and its key destroyed: no ballot was made
  "not-counted", // stored, but the server does not know this poll or option
  "no-open-poll", // nothing to vote on: no ballot was made
  "new-question", // the question changed a moment ago: tap again
  "no-option", // this reader's slot has no option in this poll
  "unassigned", // nobody has said which slot this reader stands for
  "read-again", // the reader saw the tag badly: tap again
  "choose-answer", // the tag was read, and the answer is to be touched now: no ballot was made yet
  "choose-expired", // nothing was touched in time: no ballot was made
  "shared-uid", // many tags have this number, and the poll takes none of those: no ballot was made
  "slow-down", // one after the other: touches too fast, or a second tag before the first had its answer; no ballot was made
  "test-tap", // the station is in test mode: judged as always, and no ballot was made
  "operator-tap", // the operator is at work with the readers: no ballot was made
  "not-stored", // the disk failed: this vote is NOT safe, tell an operator
] as const;
export const OutcomeKind = v.picklist(OUTCOME_KINDS);
export type OutcomeKind = v.InferOutput<typeof OutcomeKind>;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Slot = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50));
/** Milliseconds from now on. */
const ForMs = v.pipe(Count, v.maxValue(60_000));

export const Outcome = v.strictObject({
  /** The same for all stages of one tap. */
  id: v.pipe(v.string(), v.maxLength(64)),
  kind: OutcomeKind,
  /** The option it was for, 1-based; null when it belongs to no lane (no poll, unassigned reader). */
  option: v.nullable(Slot),
  /** The reader's name for people, when there is no lane to show it at. */
  reader: v.nullable(v.pipe(v.string(), v.maxLength(120))),
});
export type Outcome = v.InferOutput<typeof Outcome>;

export const ScreenPoll = v.strictObject({
  id: v.pipe(v.string(), v.maxLength(64)),
  question: v.pipe(v.string(), v.maxLength(300)),
  /** By position: option 1 first. The number on the lane is the slot of the reader that stands for it. */
  options: v.pipe(
    v.array(v.strictObject({ label: v.pipe(v.string(), v.maxLength(120)) })),
    v.minLength(2),
    v.maxLength(50),
  ),
  counts: v.picklist(["first", "last"]),
  /** How many of the options one voter may choose. */
  upTo: Slot,
  /** `certified`: closed, and its result never changes again. */
  state: v.picklist(["open", "paused", "closed", "certified"]),
  /** 1, unless the poll was run before. */
  round: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ROUNDS)),
  /** A touch on the screen is a vote by itself, without a tag. */
  tagless: v.boolean(),
});
export type ScreenPoll = v.InferOutput<typeof ScreenPoll>;

/** Counts by option position, as long as the poll's options. The ledger place they were true at is `cursor`. */
export const ScreenTally = v.strictObject({
  poll: v.pipe(v.string(), v.maxLength(64)),
  cursor: Count,
  counts: v.pipe(v.array(Count), v.maxLength(50)),
  /** Until the poll is certified: the counts may still change. */
  provisional: v.boolean(),
});
export type ScreenTally = v.InferOutput<typeof ScreenTally>;

export const ScreenLink = v.strictObject({
  /**
   * `enrolling`: connected, waiting for an organiser to approve the code. `refused`: see `reason`. `revoked`: the
   * organiser took this station out of the event for good.
   */
  state: v.picklist(["connecting", "enrolling", "online", "offline", "refused", "revoked"]),
  /** Ballots on this disk which the server has not acknowledged. */
  safeHere: Count,
  /** What an organiser types to admit this station; only while `enrolling`. */
  code: v.nullable(v.pipe(v.string(), v.maxLength(20))),
  /** Why the server refused, with the remedy; only while `refused`. */
  reason: v.nullable(Sentence),
});
export type ScreenLink = v.InferOutput<typeof ScreenLink>;

export const ScreenReader = v.strictObject({
  id: v.pipe(v.string(), v.maxLength(300)),
  name: v.pipe(v.string(), v.maxLength(120)),
  state: v.picklist(["present", "lost"]),
  slot: v.nullable(Slot),
  /** Its voters touch their answer on the screen, before the tap or after it. */
  chooses: v.boolean(),
  /** What is wrong and what to do, when it is lost. */
  reason: v.nullable(Sentence),
});
export type ScreenReader = v.InferOutput<typeof ScreenReader>;

/** Is the disk taking ballots? While `failing`, no success is shown and the screen says so. */
export const ScreenDisk = v.strictObject({
  state: v.picklist(["good", "failing"]),
  reason: v.nullable(Sentence),
});
export type ScreenDisk = v.InferOutput<typeof ScreenDisk>;

/**
 * A file of this station's votes was damaged or replaced while nobody looked: it is kept under this name in the data folder,
 * beside the one in use. Null when there is none, or once it was moved away.
 */
export const ScreenDamage = v.nullable(
  v.strictObject({ file: v.pipe(v.string(), v.maxLength(120)), files: v.pipe(Count, v.minValue(1)) }),
);
export type ScreenDamage = v.InferOutput<typeof ScreenDamage>;

/**
 * What is wrong with where this station's votes go; null when nothing is. `aside`: two copies of this station are running,
 * and what this one stores is kept here until the organiser decides. `copy`: another copy is running, and it is that
 * one which was set aside. `rejected`: the organiser decided against what this one stored.
 */
export const ScreenBranch = v.nullable(v.picklist(["aside", "copy", "rejected"]));
export type ScreenBranch = v.InferOutput<typeof ScreenBranch>;

/** How long a voter has from the tap to the touch, or from the touch to the tap. */
export const CHOOSE_MS = 10_000;

/**
 * What waits for its other half: a tag that was tapped for the touch of an answer, or a touched answer for its tag. `id`
 * is of this waiting: another begins the time anew. Gone when the station says so, not when the page has counted to 0.
 */
export const ScreenTouch = v.nullable(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("tapped"), id: v.pipe(v.string(), v.maxLength(64)), forMs: ForMs }),
    v.strictObject({ kind: v.literal("touched"), id: v.pipe(v.string(), v.maxLength(64)), option: Slot, forMs: ForMs }),
  ]),
);
export type ScreenTouch = v.InferOutput<typeof ScreenTouch>;

/** `first-run`: nobody chose a PIN and no server admitted this station: the screen invites to set it up. */
export const ScreenSetUp = v.picklist(["done", "first-run"]);
export type ScreenSetUp = v.InferOutput<typeof ScreenSetUp>;

export const ScreenEvent = v.variant("kind", [
  v.strictObject({
    kind: v.literal("snapshot"),
    /** The event's title, "" until the server has told it. */
    title: v.pipe(v.string(), v.maxLength(120)),
    /** Demo mode shows the panel of virtual readers. */
    demo: v.boolean(),
    poll: v.nullable(ScreenPoll),
    tally: v.nullable(ScreenTally),
    link: ScreenLink,
    disk: ScreenDisk,
    damage: ScreenDamage,
    branch: ScreenBranch,
    /** The event is over: its key is destroyed, and nobody can vote here any more. */
    over: v.boolean(),
    readers: v.pipe(v.array(ScreenReader), v.maxLength(100)),
    /** Taps and touches are tried out, and none of them is a vote. */
    testing: v.boolean(),
    setUp: ScreenSetUp,
    touch: ScreenTouch,
  }),
  v.strictObject({ kind: v.literal("title"), title: v.pipe(v.string(), v.maxLength(120)) }),
  v.strictObject({ kind: v.literal("poll"), poll: v.nullable(ScreenPoll), tally: v.nullable(ScreenTally) }),
  v.strictObject({ kind: v.literal("tally"), tally: ScreenTally }),
  v.strictObject({ kind: v.literal("link"), link: ScreenLink }),
  v.strictObject({ kind: v.literal("disk"), disk: ScreenDisk }),
  v.strictObject({ kind: v.literal("damage"), damage: ScreenDamage }),
  v.strictObject({ kind: v.literal("branch"), branch: ScreenBranch }),
  v.strictObject({ kind: v.literal("over"), over: v.boolean() }),
  v.strictObject({ kind: v.literal("readers"), readers: v.pipe(v.array(ScreenReader), v.maxLength(100)) }),
  v.strictObject({ kind: v.literal("testing"), testing: v.boolean() }),
  v.strictObject({ kind: v.literal("set-up"), setUp: ScreenSetUp }),
  v.strictObject({ kind: v.literal("touch"), touch: ScreenTouch }),
  v.strictObject({ kind: v.literal("outcome"), outcome: Outcome }),
]);
export type ScreenEvent = v.InferOutput<typeof ScreenEvent>;

/** Body of `POST /demo/taps`, which exists in demo mode only: a virtual reader saw this badge. */
export const DemoTap = v.strictObject({
  /** Null: at the reader that stands for no answer, which is touched after the tap. */
  slot: v.nullable(Slot),
  /** A made-up tag, 4 to 10 bytes in hexadecimal. */
  uid: v.pipe(v.string(), v.regex(/^([0-9A-Fa-f]{2}){4,10}$/)),
});
export type DemoTap = v.InferOutput<typeof DemoTap>;

/**
 * Body of `POST /touches`: somebody touched this answer of this poll on the station's own screen. 202: taken; what became of
 * it comes as an outcome, or as what waits for its tag.
 */
export const Touch = v.strictObject({ poll: v.pipe(v.string(), v.minLength(1), v.maxLength(64)), option: Slot });
export type Touch = v.InferOutput<typeof Touch>;
