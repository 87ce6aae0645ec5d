/**
 * The whole of the link, protocol versions 1 and 2, on one page. `docs/link-protocol.md` says it in words and CDDL.
 *
 * A frame is one binary WebSocket message: a CBOR array that begins with its type. Station and server say the first
 * four in turn; after `welcome` with an event key, either side says what it has to. Version 1 is frozen; types from 30 on
 * are of version 2, and nothing on a link that chose version 1.
 */
import * as v from "valibot";
import { MAX_BATCH_RECORDS } from "../domain/batch.ts";
import { PackedCourse, StateCode, Totals } from "../domain/course.ts";
import { LfBits } from "../domain/event-settings.ts";
import { MAX_READERS } from "../domain/mapping.ts";
import { PackedReaders, PackedTarget, ToldReaderId, ToldReaderName } from "../domain/mapping-bytes.ts";
import { MAX_OPTIONS, POLL_HASH_BYTES } from "../domain/poll.ts";
import { HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES } from "../domain/record.ts";
import type { Standing } from "../domain/projection.ts";
import { MAX_ROLL_CHUNKS } from "../domain/roll.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, WallMs, bytesOf, bytesUpTo, whole } from "../schemas.ts";
import {
  LINK_VERSIONS,
  MAX_FRAME_BYTES,
  MAX_NAME_LENGTH,
  MAX_POLLS_TOLD,
  MAX_READERS_PER_FRAME,
  MAX_REASON_LENGTH,
  MAX_SETTINGS,
} from "./limits.ts";

export const FRAME = {
  hello: 1,
  challenge: 2,
  proof: 3,
  welcome: 4,
  log: 10,
  batch: 11,
  ack: 12,
  ping: 13,
  pong: 14,
  where: 15,
  place: 16,
  standing: 17,
  event: 20,
  poll: 21,
  tally: 22,
  delta: 23,
  lacks: 24,
  roll: 25,
  want: 26,
  chunk: 27,
  forget: 28,
  readers: 30,
  mapping: 31,
  mapped: 32,
  settings: 33,
} as const;

/** From here on frames are of version 2. */
const FIRST_OF_VERSION_2 = FRAME.readers;

/** What a reader is, on the link. */
export const READER_STATE_CODES = { present: 1, lost: 2 } as const;

/** What a station made of a `mapping`. */
export const MAPPED_CODES = { ok: 1, conflict: 2, "unknown-reader": 3, "not-stored": 4 } as const;
export type MappedWord = keyof typeof MAPPED_CODES;
const MAPPED_WORDS: readonly MappedWord[] = ["ok", "conflict", "unknown-reader", "not-stored"];

/** The word behind a code; `undefined` for a code this version does not know. */
export function mappedOf(code: number): MappedWord | undefined {
  return MAPPED_WORDS[code - 1];
}

/** What the event's stations have to agree on, by number. */
export const SETTING = { lfBits: 1 } as const;

/**
 * In an ack, in place of a verdict: this ballot had been judged before, and its verdict was in an ack that may have
 * been lost with the link it was sent on.
 */
export const VERDICT_TOLD_BEFORE = 255;

export const NONCE_BYTES = 32;
/** HMAC-SHA-256's own block of strength. */
export const EVENT_KEY_BYTES = 32;

/** Tells one life of the server from the next: cursors told under another say nothing. */
export const EPOCH_BYTES = 8;

/** What a log counts as, on the link. */
export const STANDING_CODES = { taken: 1, aside: 2, admitted: 3, rejected: 4 } as const satisfies Record<
  Standing,
  number
>;
const STANDINGS: readonly Standing[] = ["taken", "aside", "admitted", "rejected"];

/** The standing behind a code; `undefined` for a code this version does not know. */
export function standingOf(code: number): Standing | undefined {
  return STANDINGS[code - 1];
}

const Name = v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH));
const Cursor = whole(0);

const Reason = v.pipe(
  v.string(),
  v.maxLength(MAX_REASON_LENGTH),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u, "must be one line"),
);
/** Id, name, target, state, why it is lost, when it last saw a tag by the station's clock, taps and errors since its start. */
const PackedReaderReport = v.strictTuple([
  ToldReaderId,
  ToldReaderName,
  PackedTarget,
  v.picklist(Object.values(READER_STATE_CODES)),
  v.nullable(Reason),
  v.nullable(WallMs),
  whole(0),
  whole(0),
]);
export type PackedReaderReport = v.InferOutput<typeof PackedReaderReport>;

/** May this be told? Else the whole frame would be none, and end the link. */
export function isTellable(reader: PackedReaderReport): boolean {
  return v.is(PackedReaderReport, reader);
}

/** Tuple after the type, named. The order of fields is the order on the wire. */
const SHAPES = {
  /** Station: the versions it speaks, its key, SHA-256 of the nonce it will show, and its software's name. */
  hello: v.strictTuple([
    v.literal(FRAME.hello),
    v.pipe(v.array(whole(1, 255)), v.minLength(1), v.maxLength(16)),
    bytesOf(KEY_BYTES),
    bytesOf(HASH_BYTES),
    Name,
  ]),
  /** Server: the version chosen, the event, its key, its nonce, and its signature (see handshake.ts). */
  challenge: v.strictTuple([
    v.literal(FRAME.challenge),
    whole(1, 255),
    bytesOf(ID_BYTES),
    bytesOf(KEY_BYTES),
    bytesOf(NONCE_BYTES),
    bytesOf(SIGNATURE_BYTES),
  ]),
  /**
   * Station: the nonce promised, its signature, and what it has of the feed: the epoch it was told in, then per poll
   * the state, the moves and the cursor of the tally.
   */
  proof: v.strictTuple([
    v.literal(FRAME.proof),
    bytesOf(NONCE_BYTES),
    bytesOf(SIGNATURE_BYTES),
    v.nullable(bytesOf(EPOCH_BYTES)),
    v.pipe(
      v.array(v.strictTuple([bytesOf(POLL_HASH_BYTES), StateCode, whole(0), Cursor])),
      v.maxLength(MAX_POLLS_TOLD),
    ),
  ]),
  /**
   * Server: admitted, or not yet, and the station shows its code and waits for a second welcome; the event key, null
   * while not admitted and after it was destroyed; the event's title; the epoch.
   */
  welcome: v.strictTuple([
    v.literal(FRAME.welcome),
    v.boolean(),
    v.nullable(bytesOf(EVENT_KEY_BYTES)),
    Name,
    bytesOf(EPOCH_BYTES),
  ]),
  /**
   * Station: a log's signed header, and the number and running hash of its last record. Answered by an ack with the head
   * the server has.
   */
  log: v.strictTuple([v.literal(FRAME.log), bytesUpTo(1024), bytesOf(SIGNATURE_BYTES), whole(0), bytesOf(HASH_BYTES)]),
  /** Station: the bytes of a batch (shared/domain/batch.ts). */
  batch: v.strictTuple([v.literal(FRAME.batch), bytesUpTo(MAX_FRAME_BYTES)]),
  /**
   * Server: this log is durable and folded up to here, with its hash; verdicts other than `counted`. The ack that
   * answers a header has none and says nothing of how ballots were judged.
   */
  ack: v.strictTuple([
    v.literal(FRAME.ack),
    bytesOf(ID_BYTES),
    whole(0),
    bytesOf(HASH_BYTES),
    v.pipe(v.array(v.strictTuple([whole(1), whole(0, 255)])), v.maxLength(MAX_BATCH_RECORDS)),
  ]),
  /** Either side: answer with `pong` and this number. Also the heartbeat. */
  ping: v.strictTuple([v.literal(FRAME.ping), whole(0, 2 ** 32 - 1)]),
  /** The answer, with the clock of who answers. */
  pong: v.strictTuple([v.literal(FRAME.pong), whole(0, 2 ** 32 - 1), WallMs]),
  /** Station: what is your running hash of this log after this number? Answered by `place`. */
  where: v.strictTuple([v.literal(FRAME.where), bytesOf(ID_BYTES), whole(0)]),
  /** Server: the running hash there; null when it has not come so far. */
  place: v.strictTuple([v.literal(FRAME.place), bytesOf(ID_BYTES), whole(0), v.nullable(bytesOf(HASH_BYTES))]),
  /** Server: what a log of this station counts as, when that is not or no longer `taken`; it may be a copy's log. */
  standing: v.strictTuple([v.literal(FRAME.standing), bytesOf(ID_BYTES), whole(1, 255)]),
  /** Server: the event's title changed. */
  event: v.strictTuple([v.literal(FRAME.event), Name]),
  /**
   * Server: a poll's course and definition, as of a cursor, and the server's signature over all of it (see
   * poll-word.ts). Station: the same back, unchanged, when the server lacks it.
   */
  poll: v.strictTuple([
    v.literal(FRAME.poll),
    Cursor,
    PackedCourse,
    bytesUpTo(MAX_FRAME_BYTES),
    bytesOf(SIGNATURE_BYTES),
  ]),
  /** Server: all counts of a poll, as of a cursor. */
  tally: v.strictTuple([v.literal(FRAME.tally), bytesOf(POLL_HASH_BYTES), Cursor, Totals]),
  /** Server: poll, cursor, the cursor before, option, count: the other counts are as they were at the cursor before. */
  delta: v.strictTuple([
    v.literal(FRAME.delta),
    bytesOf(POLL_HASH_BYTES),
    Cursor,
    Cursor,
    whole(1, MAX_OPTIONS),
    whole(0),
  ]),
  /** Server: it does not know this poll, or not that it came so far; answered by `poll`. */
  lacks: v.strictTuple([v.literal(FRAME.lacks), bytesOf(POLL_HASH_BYTES)]),
  /** Server: hashes of the chunks of the roll; none, and anyone may vote. */
  roll: v.strictTuple([v.literal(FRAME.roll), v.pipe(v.array(bytesOf(HASH_BYTES)), v.maxLength(MAX_ROLL_CHUNKS))]),
  /** Station: send me this chunk. */
  want: v.strictTuple([v.literal(FRAME.want), bytesOf(HASH_BYTES)]),
  /** Server: a chunk of the roll (shared/domain/roll.ts). */
  chunk: v.strictTuple([v.literal(FRAME.chunk), bytesUpTo(MAX_FRAME_BYTES)]),
  /** Server: destroy the event key; the station says in its log that it did. */
  forget: v.strictTuple([v.literal(FRAME.forget)]),
  /**
   * Station: revision of its mapping, whether it is in test mode, and of its readers, `total` in all, those from this place
   * on (0 first). Several frames in a row say it of more than one holds.
   */
  readers: v.strictTuple([
    v.literal(FRAME.readers),
    whole(0),
    v.boolean(),
    whole(0, MAX_READERS),
    whole(0, MAX_READERS),
    v.pipe(v.array(PackedReaderReport), v.maxLength(MAX_READERS_PER_FRAME)),
  ]),
  /** Server: an organiser wants this of readers you have, having seen this revision. Answered by `mapped`. */
  mapping: v.strictTuple([v.literal(FRAME.mapping), whole(1), whole(0), PackedReaders]),
  /** Station: what it made of that change. Its mapping as it is now it told just before, by `readers`. */
  mapped: v.strictTuple([v.literal(FRAME.mapped), whole(1), whole(1, 255)]),
  /** Server: the event's settings, all of them, before any poll; those of numbers it does not know a station leaves alone. */
  settings: v.strictTuple([
    v.literal(FRAME.settings),
    v.pipe(
      v.array(v.union([v.strictTuple([v.literal(SETTING.lfBits), LfBits]), v.strictTuple([whole(2, 255), whole(0)])])),
      v.maxLength(MAX_SETTINGS),
    ),
  ]),
} as const;

export type FrameName = keyof typeof SHAPES;
type Fields<Name extends FrameName> = v.InferOutput<(typeof SHAPES)[Name]>;
export type Frame = { [Name in FrameName]: Fields<Name> }[FrameName];
export type FrameOf<Name extends FrameName> = Fields<Name>;

const BY_TYPE = new Map<unknown, v.GenericSchema<unknown, Frame>>(
  Object.values(SHAPES).map((shape) => [shape.items[0].literal, shape]),
);

/** A frame's bytes. */
export function encodeFrame(frame: Frame & Cbor): Uint8Array {
  return encodeCbor(frame);
}

export type ReadFrame = { ok: true; frame: Frame } | { ok: false; why: "oversize" | "badFrame" };

/**
 * The frame behind a WebSocket message, or why it is none.
 * @param version the one the link chose; the frames of the handshake are of every version
 */
export function decodeFrame(bytes: Uint8Array, version: number = LINK_VERSIONS[0]): ReadFrame {
  if (bytes.length > MAX_FRAME_BYTES) return { ok: false, why: "oversize" };
  const value = decodeCbor(bytes);
  const type: unknown = Array.isArray(value) ? value[0] : undefined;
  const isLater = version < 2 && typeof type === "number" && type >= FIRST_OF_VERSION_2;
  const shape = isLater ? undefined : BY_TYPE.get(type);
  const parsed = shape && v.safeParse(shape, value);
  return parsed?.success ? { ok: true, frame: parsed.output } : { ok: false, why: "badFrame" };
}
