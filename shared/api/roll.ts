/**
 * The roll on its way in: who may vote, with which tags. UIDs are in these bodies only; the server makes tag keys of
 * them as they arrive and forgets them, and no reply repeats one.
 */
import * as v from "valibot";
import { DEFAULT_LF_BITS } from "../domain/event-settings.ts";
import { MAX_GROUP } from "../domain/poll.ts";
import { MAX_CHUNK_TAGS, MAX_ROLL_CHUNKS, MAX_VOTER, MAX_WEIGHT, NO_GROUP } from "../domain/roll.ts";
import { typedNumber } from "../domain/tag-number.ts";
import { whole } from "../schemas.ts";
import { Cursor } from "./cursor.ts";

/** Said in place of the name of an unknown field: a misaligned import may have a UID where a name should be. */
export const UNNAMED_FIELD = "has a field that is not known here";
const nameless = (issue: v.StrictObjectIssue) => (issue.expected === "never" ? UNNAMED_FIELD : issue.message);

/** A card, badge, band and fob each, and some. */
const MAX_TAGS_OF_VOTER = 20;

const NO_NUMBER =
  "must be a tag's number: 4 to 10 bytes in hexadecimal, such as 04A1B2C3 or 04:a1:b2:c3, or as a card has it, such as 0013530444 or 206,30028";

/**
 * A tag's number as cards and readers print it. Ten digits alone are a card's decimal number, as a reader's `auto` takes
 * them (tag-number.ts); five bytes in hexadecimal that happen to have no letter need their separators.
 */
export const Uid = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^(?:[\da-f]{2}(?:[ :-]?[\da-f]{2}){3,9}|\d{3},\d{5})$/i, NO_NUMBER),
  v.check((typed) => typedNumber(typed, DEFAULT_LF_BITS) !== null, NO_NUMBER),
);

const ListedVoter = v.strictObject(
  {
    voter: v.pipe(whole(0, MAX_VOTER), v.description("The voter's number on the organiser's own list")),
    tags: v.pipe(
      v.array(Uid),
      v.minLength(1, "needs at least one tag"),
      v.maxLength(MAX_TAGS_OF_VOTER, `takes at most ${MAX_TAGS_OF_VOTER} tags`),
      v.description("UIDs in hexadecimal, 10 decimal digits, or 3+5; made into pseudonyms on arrival, and not kept"),
    ),
    weight: v.pipe(v.optional(whole(1, MAX_WEIGHT), 1), v.description("What the voter's ballots count")),
    group: v.pipe(
      v.optional(whole(NO_GROUP, MAX_GROUP), NO_GROUP),
      v.description("Number of the voter's group; 0 for none"),
    ),
  },
  nameless,
);
export type ListedVoter = v.InferOutput<typeof ListedVoter>;

/** Body of `POST /roll/chunks`. Voters have a tag each, so there are at most as many of them. */
export const VotersBody = v.strictObject(
  {
    voters: v.pipe(
      v.array(ListedVoter),
      v.minLength(1, "needs at least one voter"),
      v.maxLength(MAX_CHUNK_TAGS, `takes at most ${MAX_CHUNK_TAGS} voters; send the rest as the next part`),
    ),
  },
  nameless,
);

/** A part of the roll is known by its SHA-256. */
const ChunkHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "expected a hash of 64 hexadecimal digits"));

export const RollChunk = v.strictObject({
  chunk: v.pipe(
    ChunkHash,
    v.description("Name it in `PUT /roll`; the same voters give the same again while `lfBits` stays"),
  ),
  tags: whole(1, MAX_CHUNK_TAGS),
});

/** Body of `PUT /roll`. How many there may be is told by the problem `too-many-chunks`. */
export const RollBody = v.strictObject({
  chunks: v.pipe(
    v.array(ChunkHash),
    v.minLength(1, "needs at least one part; DELETE /api/v1/roll takes the roll away"),
    v.check((chunks) => new Set(chunks).size === chunks.length, "must all be different"),
    v.description(`At most ${MAX_ROLL_CHUNKS}. Of a tag that is there twice, the later part's word stands`),
  ),
});

/** The roll in force; without one anyone may vote, and all is empty. */
export const Roll = v.strictObject({
  chunks: v.pipe(v.array(ChunkHash), v.maxLength(MAX_ROLL_CHUNKS)),
  tags: whole(0),
  voters: whole(0),
  cursor: Cursor,
});
