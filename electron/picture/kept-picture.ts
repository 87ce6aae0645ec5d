/** The picture as bytes, so that after a restart the open poll and its tally are there at once. */
import * as v from "valibot";
import { toHex } from "../../shared/bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../../shared/cbor.ts";
import { MAX_OPTIONS, POLL_HASH_BYTES, decodeDefinition, encodeDefinition } from "../../shared/domain/poll.ts";
import { bytesOf, bytesUpTo, whole } from "../../shared/schemas.ts";
import { MAX_FRAME_BYTES, MAX_NAME_LENGTH } from "../../shared/link/limits.ts";
import type { KnownPoll, Picture } from "./picture.ts";

const Kept = v.strictTuple([
  v.literal(1),
  v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH)),
  v.array(
    v.strictTuple([
      bytesOf(POLL_HASH_BYTES),
      v.picklist(["open", "paused", "closed"]),
      whole(0),
      bytesUpTo(MAX_FRAME_BYTES),
      whole(0),
      v.pipe(v.array(whole(0)), v.maxLength(MAX_OPTIONS)),
    ]),
  ),
]);

/** `[1, title, [[hash, state, stateCursor, definition, tallyCursor, tally] …]]` */
export function encodePicture(title: string, picture: Picture): Uint8Array {
  const polls = [...picture.values()].map((poll): Cbor => [
    poll.hash,
    poll.state,
    poll.stateCursor,
    encodeDefinition(poll.definition),
    poll.tallyCursor,
    [...poll.tally],
  ]);
  return encodeCbor([1, title, polls]);
}

/** The picture behind the bytes; an empty one when they cannot be read: the server tells it all again. */
export function decodePicture(bytes: Uint8Array | undefined): { title: string; picture: Picture } {
  const parsed = v.safeParse(Kept, bytes && decodeCbor(bytes));
  if (!parsed.success) return { title: "", picture: new Map() };
  const [, title, polls] = parsed.output;
  const known = polls.flatMap(([hash, state, stateCursor, text, tallyCursor, tally]): [string, KnownPoll][] => {
    const definition = decodeDefinition(text);
    if (definition === undefined || tally.length !== definition.options.length) return [];
    return [[toHex(hash), { definition, hash, state, stateCursor, tally, tallyCursor }]];
  });
  return { title, picture: new Map(known) };
}
