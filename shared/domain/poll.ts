/** A poll: a question, 2 to 50 options, and the rule which ballot of a voter counts. */
import * as v from "valibot";
import { bytesOfHex, sameBytes, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, IdText, bytesOf, whole } from "../schemas.ts";

/** Below two there is nothing to choose. */
export const MIN_OPTIONS = 2;
/** As many as the ancestor of this system had, and as one screen can show; slots are numbered the same. */
export const MAX_OPTIONS = 50;
/** Three lines of a kiosk's largest type. */
const MAX_QUESTION_LENGTH = 300;
/** Two lines of a lane. */
const MAX_LABEL_LENGTH = 120;

/** Which of one voter's ballots counts: the first, or the last. */
export const Counts = v.picklist(["first", "last"]);
export type Counts = v.InferOutput<typeof Counts>;

/** When a result may be seen: at any time, at the kiosk after one's vote, after the close, or by the organiser only. */
export const Results = v.picklist(["live", "after-vote", "after-close", "organiser"]);
export type Results = v.InferOutput<typeof Results>;

/**
 * What becomes of a tag whose number is not one person's alone: one that makes up a new UID at each presentation (phones
 * do), so that each would be a voter of its own, or one whose UID many tags share, so that all would be one voter. Such a
 * tag is refused unless the organiser says otherwise.
 */
export const RandomUids = v.picklist(["refuse", "accept"]);
export type RandomUids = v.InferOutput<typeof RandomUids>;

/** How a closed poll is certified: by itself as soon as every station has delivered, or by the organiser's hand. */
export const Certify = v.picklist(["by-itself", "by-hand"]);
export type Certify = v.InferOutput<typeof Certify>;

/**
 * May one vote by touching the screen, without any tag? Nothing but a rate limit then keeps a person from voting again, so
 * not unless the organiser says so. A roll refuses such votes all the same.
 */
export const Tagless = v.boolean();

/** Groups of a roll are numbered; their names are kept elsewhere. */
export const MAX_GROUP = 255;
const MAX_GROUPS_OF_POLL = 32;
/** Which groups of the roll may vote, ascending; none named: everybody may. */
export const Groups = v.pipe(
  v.array(whole(1, MAX_GROUP)),
  v.maxLength(MAX_GROUPS_OF_POLL, `takes at most ${MAX_GROUPS_OF_POLL} groups`),
  v.check((groups) => groups.every((group, at) => at === 0 || group > (groups[at - 1] ?? 0)), "must ascend"),
);

/** A poll may be run again, and again: each time is a round, a poll of its own that names the first. */
export const MAX_ROUNDS = 99;

/** How many of the options one voter may choose. */
export const UpTo = whole(1, MAX_OPTIONS);

/** Which of one voter's ballots count: the first, or the last, `upTo` different options. */
export interface Rule {
  counts: Counts;
  upTo: number;
}

/** `certified`: its totals never change again. */
export const PollState = v.picklist(["draft", "open", "paused", "closed", "certified"]);
export type PollState = v.InferOutput<typeof PollState>;

/** Closed: it takes no votes for good. */
export function isOver(state: PollState): boolean {
  return state === "closed" || state === "certified";
}

const Line = (most: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1, "must not be empty"),
    v.maxLength(most, `must be at most ${most} characters`),
    // Controls and line separators would break a screen's layout; direction overrides would show other words than these.
    v.regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u, "must be one line without control characters"),
    v.check((text) => text.isWellFormed(), "must be well-formed text"),
    v.check((text) => /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u.test(text), "must have something to read"),
  );

const POLL_TEXT = {
  question: Line(MAX_QUESTION_LENGTH),
  options: v.pipe(
    v.array(Line(MAX_LABEL_LENGTH)),
    v.minLength(MIN_OPTIONS, `needs at least ${MIN_OPTIONS} options`),
    v.maxLength(MAX_OPTIONS, `takes at most ${MAX_OPTIONS} options`),
    v.check((options) => new Set(options).size === options.length, "must all be different"),
  ),
  counts: Counts,
};

/** What an organiser writes. Options are known by their position, 1 first. */
export const PollText = v.pipe(
  v.strictObject({
    ...POLL_TEXT,
    upTo: v.optional(UpTo, 1),
    results: v.optional(Results, "live"),
    groups: v.optional(Groups, () => []),
    randomUids: v.optional(RandomUids, "refuse"),
    certify: v.optional(Certify, "by-itself"),
    tagless: v.optional(Tagless, false),
  }),
  v.forward(
    v.check((poll) => fitsOptions(poll), "must not be more than there are options"),
    ["upTo"],
  ),
);
export type PollText = v.InferOutput<typeof PollText>;

function fitsOptions({ upTo, options }: { upTo: number; options: readonly string[] }): boolean {
  return upTo <= options.length;
}

/** The rules of a poll that its definition fixes, beside its words. */
export const POLL_RULES = {
  counts: Counts,
  upTo: UpTo,
  results: Results,
  groups: Groups,
  randomUids: RandomUids,
  certify: Certify,
  tagless: Tagless,
};

/** A poll's text under its id: what is hashed, pushed to stations and shown. */
export const PollDefinition = v.pipe(
  v.strictObject({
    id: IdText,
    ...POLL_TEXT,
    ...POLL_RULES,
    /** 1 for a poll of its own. */
    round: whole(1, MAX_ROUNDS),
    /** The poll this is a later round of; null in round 1. */
    first: v.nullable(IdText),
  }),
  v.check((poll) => fitsOptions(poll)),
  v.check((poll) => (poll.round === 1) === (poll.first === null), "round 1 is the first, and only round 1"),
);
export type PollDefinition = v.InferOutput<typeof PollDefinition>;

/**
 * Version 2 has one more item, `tagless`, and is only written where that is true: every other poll has the bytes, and so the
 * hash, that it always had.
 */
const DEFINITION_VERSION = { plain: 1, tagless: 2 } as const;
/** A word of a list as its place in it, 1 first. */
function codeOf<Word extends string>({ options }: v.PicklistSchema<readonly Word[], undefined>, word: Word): number {
  return options.indexOf(word) + 1;
}

/** Such a place, read as the word. */
function coded<const Schema extends v.PicklistSchema<readonly string[], undefined>>(words: Schema) {
  return v.pipe(
    whole(1, words.options.length),
    v.transform((code): unknown => words.options[code - 1]),
    words,
  );
}

/**
 * The rules as canonical bytes have them: `counts, upTo, results, groups, randomUids, certify, round, first`; a tagless
 * poll's are followed by `true`.
 */
export const RULE_SHAPES = [
  coded(Counts),
  UpTo,
  coded(Results),
  Groups,
  coded(RandomUids),
  coded(Certify),
  whole(1, MAX_ROUNDS),
  v.nullable(bytesOf(ID_BYTES)),
] as const;

/** The same of a tagless poll. */
export const TAGLESS_RULE_SHAPES = [...RULE_SHAPES, v.literal(true)] as const;

export type PollRules = Omit<PollDefinition, "id" | "question" | "options">;

/** The rules as the end of a CBOR array. */
export function packRules(rules: PollRules): Cbor[] {
  const packed: Cbor[] = [
    codeOf(Counts, rules.counts),
    rules.upTo,
    codeOf(Results, rules.results),
    rules.groups,
    codeOf(RandomUids, rules.randomUids),
    codeOf(Certify, rules.certify),
    rules.round,
    rules.first === null ? null : bytesOfHex(rules.first),
  ];
  return rules.tagless ? [...packed, true] : packed;
}

type PackedRules = [
  counts: Counts,
  upTo: number,
  results: Results,
  groups: number[],
  randomUids: RandomUids,
  certify: Certify,
  round: number,
  first: Uint8Array | null,
  tagless?: true,
];

/** What `packRules` made, parsed by `RULE_SHAPES` or `TAGLESS_RULE_SHAPES`. */
export function readRules(packed: PackedRules): PollRules {
  const [counts, upTo, results, groups, randomUids, certify, round, first, tagless = false] = packed;
  return { counts, upTo, results, groups, randomUids, certify, round, first: first && toHex(first), tagless };
}

const DEFINITION_WORDS = [bytesOf(ID_BYTES), POLL_TEXT.question, POLL_TEXT.options] as const;
const StoredDefinition = v.union([
  v.strictTuple([v.literal(DEFINITION_VERSION.plain), ...DEFINITION_WORDS, ...RULE_SHAPES]),
  v.strictTuple([v.literal(DEFINITION_VERSION.tagless), ...DEFINITION_WORDS, ...TAGLESS_RULE_SHAPES]),
]);

/**
 * Canonical bytes `[1, id, question, [label …], counts, upTo, results, [group …], randomUids, certify, round, first]`, or
 * of a tagless poll `[2, …, first, true]`; their SHA-256 is the poll's hash.
 */
export function encodeDefinition(poll: PollDefinition): Uint8Array {
  const version = poll.tagless ? DEFINITION_VERSION.tagless : DEFINITION_VERSION.plain;
  return encodeCbor([version, bytesOfHex(poll.id), poll.question, poll.options, ...packRules(poll)]);
}

/** The poll behind canonical bytes; `undefined` when they are not one. */
export function decodeDefinition(bytes: Uint8Array): PollDefinition | undefined {
  const parsed = v.safeParse(StoredDefinition, decodeCbor(bytes));
  if (!parsed.success) return undefined;
  const [, id, question, options, ...rules] = parsed.output;
  const poll = v.safeParse(PollDefinition, { id: toHex(id), question, options, ...readRules(rules) });
  if (!poll.success) return undefined;
  // Padded text reads as the same poll, but would have another hash: only what we would write is one.
  return sameBytes(encodeDefinition(poll.output), bytes) ? poll.output : undefined;
}

/** Records name a poll by the first 8 bytes of its definition's SHA-256. */
export const POLL_HASH_BYTES = 8;

/** The part of a definition's hash by which records name its poll, hexadecimal. */
export function shortHash(hash: string): string {
  return hash.slice(0, POLL_HASH_BYTES * 2);
}
