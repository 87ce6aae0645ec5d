/** Polls and tallies as the API shows them. */
import * as v from "valibot";
import { Counts, MAX_OPTIONS, MIN_OPTIONS, PollState, PollText, Results, UpTo } from "../domain/poll.ts";
import { IdText, whole } from "../schemas.ts";
import { Cursor } from "./cursor.ts";

const Timestamp = v.pipe(v.string(), v.isoTimestamp());
const perOption = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(MIN_OPTIONS), v.maxLength(MAX_OPTIONS));

/** Body of `POST /polls` and `PUT /polls/:id`. */
export const PollBody = PollText;

export const PollPath = v.strictObject({ id: IdText });

/**
 * A poll. Its words are kept apart from the ledger and can be erased: then `question` and every option are null, while
 * the number of options, the rule, the state and the tally stay.
 */
const POLL_FIELDS = {
  id: IdText,
  question: v.nullable(v.string()),
  options: perOption(v.nullable(v.string())),
  counts: v.pipe(Counts, v.description("Which of one voter's ballots count")),
  results: v.pipe(Results, v.description("Who may see the tally, and when; the organiser always may")),
  upTo: v.pipe(UpTo, v.description("How many of the options one voter may choose")),
  state: PollState,
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/), v.description("SHA-256 of the definition; final once opened")),
  windows: v.pipe(
    v.array(v.strictObject({ from: Timestamp, to: v.nullable(Timestamp) })),
    v.description("When it took votes, from and up to; `to` is null while it does"),
  ),
  /** The act that made it as it is; also its `ETag`. */
  cursor: Cursor,
};

export const Poll = v.strictObject(POLL_FIELDS);
export type Poll = v.InferOutput<typeof Poll>;

/** In order of definition. `cursor` is where the server had come to; also the list's `ETag`. */
export const PollList = v.strictObject({ cursor: Cursor, polls: v.array(Poll) });

/**
 * Counts by option position. `cursor` says where they were true. Until a poll is certified, late ballots may still move
 * them: they are provisional and say so.
 */
export const Tally = v.strictObject({
  poll: IdText,
  cursor: Cursor,
  state: PollState,
  counts: perOption(whole(0)),
  total: whole(0),
  provisional: v.literal(true),
});
export type Tally = v.InferOutput<typeof Tally>;
