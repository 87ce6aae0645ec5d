/**
 * The whole of the link, protocol version 1, on one page. `docs/link-protocol.md` says it in words and CDDL.
 *
 * A frame is one binary WebSocket message: a CBOR array that begins with its type. Station and server say the first
 * four in turn; after `welcome` with an event key, either side says what it has to.
 */
import * as v from "valibot";
import { MAX_BATCH_RECORDS } from "../domain/batch.ts";
import { MAX_OPTIONS, POLL_HASH_BYTES } from "../domain/poll.ts";
import { HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES } from "../domain/record.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, WallMs, bytesOf, bytesUpTo, whole } from "../schemas.ts";
import { MAX_FRAME_BYTES, MAX_NAME_LENGTH, MAX_POLLS_TOLD } from "./limits.ts";

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
  event: 20,
  poll: 21,
  tally: 22,
  delta: 23,
} as const;

/**
 * In an ack, in place of a verdict: this ballot had been judged before, and its verdict was in an ack that may have
 * been lost with the link it was sent on.
 */
export const VERDICT_TOLD_BEFORE = 255;

export const NONCE_BYTES = 32;
/** HMAC-SHA-256's own block of strength. */
export const EVENT_KEY_BYTES = 32;

/** How far a poll's state reaches on the link. Drafts are never sent. */
export const POLL_STATE_CODES = { open: 1, paused: 2, closed: 3 } as const;

const Name = v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH));
const Cursor = whole(0);

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
  /** Station: the nonce promised, its signature, and what it has of the feed: poll, cursor of state, cursor of tally. */
  proof: v.strictTuple([
    v.literal(FRAME.proof),
    bytesOf(NONCE_BYTES),
    bytesOf(SIGNATURE_BYTES),
    v.pipe(v.array(v.strictTuple([bytesOf(POLL_HASH_BYTES), Cursor, Cursor])), v.maxLength(MAX_POLLS_TOLD)),
  ]),
  /** Server: admitted, with the event key; or null, and the station shows its code and waits for a second welcome. */
  welcome: v.strictTuple([v.literal(FRAME.welcome), v.nullable(bytesOf(EVENT_KEY_BYTES)), Name]),
  /** Station: a log's signed header. Answered by an ack with the head the server has. */
  log: v.strictTuple([v.literal(FRAME.log), bytesUpTo(1024), bytesOf(SIGNATURE_BYTES)]),
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
  /** Server: the event's title changed. */
  event: v.strictTuple([v.literal(FRAME.event), Name]),
  /** Server: a poll's definition and state, as of a cursor. */
  poll: v.strictTuple([
    v.literal(FRAME.poll),
    Cursor,
    v.picklist([POLL_STATE_CODES.open, POLL_STATE_CODES.paused, POLL_STATE_CODES.closed]),
    bytesUpTo(MAX_FRAME_BYTES),
  ]),
  /** Server: all counts of a poll, as of a cursor. */
  tally: v.strictTuple([
    v.literal(FRAME.tally),
    bytesOf(POLL_HASH_BYTES),
    Cursor,
    v.pipe(v.array(whole(0)), v.maxLength(MAX_OPTIONS)),
  ]),
  /** Server: poll, cursor, the cursor before, option, count: the other counts are as they were at the cursor before. */
  delta: v.strictTuple([
    v.literal(FRAME.delta),
    bytesOf(POLL_HASH_BYTES),
    Cursor,
    Cursor,
    whole(1, MAX_OPTIONS),
    whole(0),
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

/** The frame behind a WebSocket message, or why it is none. */
export function decodeFrame(bytes: Uint8Array): ReadFrame {
  if (bytes.length > MAX_FRAME_BYTES) return { ok: false, why: "oversize" };
  const value = decodeCbor(bytes);
  const shape = Array.isArray(value) ? BY_TYPE.get(value[0]) : undefined;
  const parsed = shape && v.safeParse(shape, value);
  return parsed?.success ? { ok: true, frame: parsed.output } : { ok: false, why: "badFrame" };
}
