/** A poll: a question, 2 to 50 options, and the rule which ballot of a voter counts. */
import * as v from "valibot";
import { fromHex, sameBytes, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { IdText, bytesOf, whole } from "../schemas.ts";

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

/** How many of the options one voter may choose. */
export const UpTo = whole(1, MAX_OPTIONS);

/** Which of one voter's ballots count: the first, or the last, `upTo` different options. */
export interface Rule {
  counts: Counts;
  upTo: number;
}

export const PollState = v.picklist(["draft", "open", "paused", "closed"]);
export type PollState = v.InferOutput<typeof PollState>;

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
  v.strictObject({ ...POLL_TEXT, upTo: v.optional(UpTo, 1), results: v.optional(Results, "live") }),
  v.forward(
    v.check((poll) => fitsOptions(poll), "must not be more than there are options"),
    ["upTo"],
  ),
);
export type PollText = v.InferOutput<typeof PollText>;

function fitsOptions({ upTo, options }: { upTo: number; options: readonly string[] }): boolean {
  return upTo <= options.length;
}

/** A poll's text under its id: what is hashed, pushed to stations and shown. */
export type PollDefinition = PollText & { id: string };
export const PollDefinition = v.pipe(
  v.strictObject({ id: IdText, ...POLL_TEXT, upTo: UpTo, results: Results }),
  v.check((poll) => fitsOptions(poll)),
);

const DEFINITION_VERSION = 1;
export const COUNTS_CODES = { first: 1, last: 2 } as const;
export const RESULTS_CODES = { live: 1, "after-vote": 2, "after-close": 3, organiser: 4 } as const;

/** A code of `COUNTS_CODES`, read as what it stands for. */
export const CountsCode = v.pipe(
  v.picklist([1, 2]),
  v.transform((code): Counts => (code === COUNTS_CODES.first ? "first" : "last")),
);
/** A code of `RESULTS_CODES`, read as what it stands for. */
export const ResultsCode = v.pipe(
  v.picklist([1, 2, 3, 4]),
  v.transform((code): Results => Results.options[code - 1] ?? "organiser"),
);

const StoredDefinition = v.strictTuple([
  v.literal(DEFINITION_VERSION),
  bytesOf(16),
  POLL_TEXT.question,
  POLL_TEXT.options,
  CountsCode,
  UpTo,
  ResultsCode,
]);

/** Canonical bytes `[1, id, question, [label …], counts, upTo, results]`; their SHA-256 is the poll's hash. */
export function encodeDefinition(poll: PollDefinition): Uint8Array {
  const id = fromHex(poll.id);
  if (id === undefined) throw new Error(`poll id is not hexadecimal: ${poll.id}`);
  return encodeCbor([
    DEFINITION_VERSION,
    id,
    poll.question,
    poll.options,
    COUNTS_CODES[poll.counts],
    poll.upTo,
    RESULTS_CODES[poll.results],
  ]);
}

/** The poll behind canonical bytes; `undefined` when they are not one. */
export function decodeDefinition(bytes: Uint8Array): PollDefinition | undefined {
  const parsed = v.safeParse(StoredDefinition, decodeCbor(bytes));
  if (!parsed.success) return undefined;
  const [, id, question, options, counts, upTo, results] = parsed.output;
  const poll: PollDefinition = {
    id: toHex(id),
    question,
    options,
    counts,
    upTo,
    results,
  };
  if (!fitsOptions(poll)) return undefined;
  // Padded text reads as the same poll, but would have another hash: only what we would write is one.
  return sameBytes(encodeDefinition(poll), bytes) ? poll : undefined;
}

/** Records name a poll by the first 8 bytes of its definition's SHA-256. */
export const POLL_HASH_BYTES = 8;
