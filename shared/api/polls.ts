/** Polls and tallies as the API shows them. */
import * as v from "valibot";
import {
  Certify,
  Counts,
  Groups,
  MAX_OPTIONS,
  MAX_ROUNDS,
  MIN_OPTIONS,
  PollState,
  PollText,
  RandomUids,
  Results,
  Tagless,
  UpTo,
} from "../domain/poll.ts";
import { IdText, whole } from "../schemas.ts";
import { Certificate } from "./certification.ts";
import { Cursor } from "./cursor.ts";

const Timestamp = v.pipe(v.string(), v.isoTimestamp());
const perOption = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(MIN_OPTIONS), v.maxLength(MAX_OPTIONS));

/** Body of `POST /polls` and `PUT /polls/:id`. */
export const PollBody = PollText;

/** Polls are addressed by their id. */
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
  groups: v.pipe(Groups, v.description("Groups of the roll that may vote; none named: everybody may")),
  randomUids: v.pipe(
    RandomUids,
    v.description(
      "What becomes of tags that make up a new UID each time, as phones do, and of UIDs that many tags share",
    ),
  ),
  certify: v.pipe(Certify, v.description("How it is certified once it is closed")),
  tagless: v.pipe(Tagless, v.description("May one vote by touching the screen, without a tag")),
  round: v.pipe(whole(1, MAX_ROUNDS), v.description("1 for a poll of its own")),
  first: v.pipe(v.nullable(IdText), v.description("The poll this is a later round of; null in round 1")),
  state: PollState,
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/), v.description("SHA-256 of the definition; final once opened")),
  windows: v.pipe(
    v.array(v.strictObject({ from: Timestamp, to: v.nullable(Timestamp) })),
    v.description("When it took votes, from and up to; `to` is null while it does"),
  ),
  closedAt: v.nullable(Timestamp),
  certified: v.pipe(
    v.nullable(Certificate),
    v.description("Why its counts are final, for everybody to read; null until it is certified"),
  ),
  /** The act that made it as it is; also its `ETag`. */
  cursor: Cursor,
};

export const Poll = v.strictObject(POLL_FIELDS);
export type Poll = v.InferOutput<typeof Poll>;

/** In order of definition. `cursor` is where the server had come to; also the list's `ETag`. */
export const PollList = v.strictObject({ cursor: Cursor, polls: v.array(Poll) });

/**
 * Counts by option position: weights of the roll's voters, where there is a roll. `cursor` says where they were true.
 * Until a poll is certified, ballots on their way may still move them: they are provisional and say so.
 */
export const Tally = v.strictObject({
  poll: IdText,
  cursor: Cursor,
  state: PollState,
  counts: perOption(whole(0)),
  total: whole(0),
  provisional: v.boolean(),
  unsynchronised: v.pipe(
    whole(0),
    v.description("Counted ballots whose station's clock was never compared with the server's"),
  ),
  late: v.pipe(whole(0), v.description("Ballots that came after the certificate: kept and listed, not counted")),
});
export type Tally = v.InferOutput<typeof Tally>;
