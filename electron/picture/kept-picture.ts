/** The picture as bytes, so that after a restart the open poll and its tally are there at once. */
import * as v from "valibot";
import { toHex } from "../../shared/bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../../shared/cbor.ts";
import { PackedCourse } from "../../shared/domain/course.ts";
import { MAX_OPTIONS } from "../../shared/domain/poll.ts";
import { SIGNATURE_BYTES, type Sha256 } from "../../shared/domain/record.ts";
import { EPOCH_BYTES, FRAME } from "../../shared/link/frames.ts";
import { MAX_FRAME_BYTES, MAX_NAME_LENGTH } from "../../shared/link/limits.ts";
import { bytesOf, bytesUpTo, whole } from "../../shared/schemas.ts";
import { EMPTY_PICTURE, pollOfWord, type KnownPoll, type Picture } from "./picture.ts";

const KEPT_VERSION = 2;
const Kept = v.strictTuple([
  v.literal(KEPT_VERSION),
  v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH)),
  v.nullable(bytesOf(EPOCH_BYTES)),
  v.array(
    v.strictTuple([
      whole(0),
      PackedCourse,
      bytesUpTo(MAX_FRAME_BYTES),
      bytesOf(SIGNATURE_BYTES),
      whole(0),
      v.pipe(v.array(whole(0)), v.maxLength(MAX_OPTIONS)),
    ]),
  ),
]);

export interface KeptPicture {
  /** The event's. */
  title: string;
  /** The life of the server that told the tallies' cursors; null when they say nothing. */
  epoch: Uint8Array | null;
  picture: Picture;
}

/** `[2, title, epoch, [[cursor, course, definition, signature, tallyCursor, tally] …]]` */
export function encodePicture({ title, epoch, picture }: KeptPicture): Uint8Array {
  const polls = [...picture.values()].map(({ word: [, ...word], tallyCursor, tally }): Cbor => [
    ...word,
    tallyCursor,
    [...tally],
  ]);
  return encodeCbor([KEPT_VERSION, title, epoch, polls]);
}

/** The picture behind the bytes; an empty one when they cannot be read: the server tells it all again. */
export function decodePicture(bytes: Uint8Array | undefined, sha256: Sha256): KeptPicture {
  const parsed = v.safeParse(Kept, bytes && decodeCbor(bytes));
  if (!parsed.success) return { title: "", epoch: null, picture: EMPTY_PICTURE };
  const [, title, epoch, polls] = parsed.output;
  const known = polls.flatMap(([cursor, course, text, signature, tallyCursor, tally]): [string, KnownPoll][] => {
    const poll = pollOfWord([FRAME.poll, cursor, course, text, signature], sha256);
    if (poll === undefined || tally.length !== poll.tally.length) return [];
    return [[toHex(poll.hash), { ...poll, tally, tallyCursor }]];
  });
  return { title, epoch, picture: new Map(known) };
}
