/** From an organiser's list to a part of the roll: each UID becomes a tag key, and is not kept. */
import type { ListedVoter } from "../../shared/api/roll.ts";
import { toHex } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { MAX_CHUNK_TAGS, encodeRollChunk, type Entitled } from "../../shared/domain/roll.ts";
import { typedNumber } from "../../shared/domain/tag-number.ts";
import { tagKeysUnder } from "./tag-key.ts";

/** Where something stands in the list: positions count from 0. */
export interface ListPlace {
  row: number;
  /** Position among the voter's tags; null for the voter. */
  tag: number | null;
}

export type MadeChunk =
  | { ok: true; chunk: Uint8Array; tags: number }
  | { ok: false; why: "too-many-tags"; tags: number }
  /** Places and voters' numbers only: whoever reads them has the list, and nobody else learns a UID. */
  | {
      ok: false;
      why: "duplicate-tag" | "duplicate-voter";
      first: ListPlace;
      again: ListPlace;
      voters: [number, number];
    };

/**
 * The canonical bytes of a chunk with these voters' tags.
 * @param lfBits bits of a 125 kHz number that the event's stations compare: tags listed for another setting are not found
 */
export function chunkOfVoters(eventKey: Uint8Array, voters: readonly ListedVoter[], lfBits: LfBits): MadeChunk {
  const count = voters.reduce((sum, { tags }) => sum + tags.length, 0);
  if (count > MAX_CHUNK_TAGS) return { ok: false, why: "too-many-tags", tags: count };
  const tagKeyOf = tagKeysUnder(eventKey);
  const rowOf = new Map<number, number>();
  const placeOf = new Map<string, ListPlace & { voter: number }>();
  const entitled: Entitled[] = [];
  for (const [row, { voter, tags, weight, group }] of voters.entries()) {
    const before = rowOf.get(voter);
    if (before !== undefined) {
      const places = { first: { row: before, tag: null }, again: { row, tag: null } };
      return { ok: false, why: "duplicate-voter", ...places, voters: [voter, voter] };
    }
    rowOf.set(voter, row);
    for (const [tag, typed] of tags.entries()) {
      const tagKey = tagKeyOf(uidOf(typed, lfBits));
      const key = toHex(tagKey);
      const known = placeOf.get(key);
      if (known !== undefined) {
        const places = { first: { row: known.row, tag: known.tag }, again: { row, tag } };
        return { ok: false, why: "duplicate-tag", ...places, voters: [known.voter, voter] };
      }
      placeOf.set(key, { row, tag, voter });
      entitled.push({ tagKey, voter, weight, group });
    }
  }
  return { ok: true, chunk: encodeRollChunk(entitled), tags: count };
}

function uidOf(typed: string, lfBits: LfBits): Uint8Array {
  const number = typedNumber(typed, lfBits);
  // Without the text: nothing that is thrown may name a tag.
  if (number === null) throw new Error("a tag's number was not checked before it came here");
  return number.uid;
}
