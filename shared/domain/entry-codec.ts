/** Changes as the ledger stores them: a kind and a body, CBOR but for batches. Equal changes have equal bytes. */
import * as v from "valibot";
import { bytesOfHex, concatBytes, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { ID_BYTES, bytesOf, bytesUpTo, whole } from "../schemas.ts";
import { PackedCourse, Totals, packCourse, readCourse } from "./course.ts";
import type { Change, CertifyWhy, MappingAnswer, PollFacts, StoredChange } from "./entry.ts";
import { LfBits } from "./event-settings.ts";
import { MAX_OPTIONS, MIN_OPTIONS, RULE_SHAPES, TAGLESS_RULE_SHAPES, packRules, readRules } from "./poll.ts";
import { HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES } from "./record.ts";
import { MAX_ROLL_CHUNKS } from "./roll.ts";

/** Kinds of entries, as the ledger's rows number them. */
const KIND = {
  "event-created": 1,
  "poll-defined": 2,
  "poll-opened": 3,
  "poll-paused": 4,
  "poll-closed": 5,
  "station-admitted": 6,
  "log-opened": 7,
  /** With the hash after it in front. */
  batch: 8,
  "batch-alone": 9,
  "poll-restored": 10,
  "poll-barred": 11,
  "poll-certified": 12,
  "station-revoked": 13,
  "log-judged": 14,
  /** With the bits of its 125 kHz numbers in front. */
  "roll-chunk": 21,
  /** As chunks were stored before the bits were noted. */
  "roll-chunk-alone": 15,
  "roll-adopted": 16,
  "key-destroyed": 17,
  "lf-bits-set": 18,
  "mapping-wished": 19,
  "mapping-answered": 20,
} as const satisfies Record<Change["kind"] | "batch-alone" | "roll-chunk-alone", number>;

/** Kinds of a stored batch: with the hash after it in front, and without. */
export const BATCH_KINDS = { hashed: KIND.batch, alone: KIND["batch-alone"] } as const;

/** A header is about 150 bytes; this leaves room for a later version. */
const MAX_HEADER_BYTES = 1024;
/** Stations of an event; an act may have to name each. */
const MAX_STATIONS = 12_000;
/** Openings of one station's data directory. */
const MAX_LOGS = 10_000;

const Id = v.pipe(bytesOf(ID_BYTES), v.transform(toHex));
const Hash = v.pipe(bytesOf(HASH_BYTES), v.transform(toHex));

/** Codes by place, 1 first. */
const WHYS = ["drained", "time", "by-hand"] as const satisfies CertifyWhy[];
const ANSWERS = ["taken", "conflict", "unknown-reader"] as const satisfies MappingAnswer[];

/** A word of such a list by its code. */
const codeFor = <const Word extends string>(words: readonly Word[]) =>
  v.pipe(
    whole(1, words.length),
    v.transform((code): unknown => words[code - 1]),
    v.picklist(words),
  );

const FACT_NAMES = [Id, Hash, whole(MIN_OPTIONS, MAX_OPTIONS)] as const;
/** A tagless poll's have one more, and no other's: what was stored before there were any reads as it did. */
const Facts = v.union([
  v.strictTuple([...FACT_NAMES, ...RULE_SHAPES]),
  v.strictTuple([...FACT_NAMES, ...TAGLESS_RULE_SHAPES]),
]);

function packFacts(facts: PollFacts): Cbor[] {
  return [bytesOfHex(facts.poll), bytesOfHex(facts.hash), facts.options, ...packRules(facts)];
}

const EventCreated = v.strictTuple([Id]);
const PollRestored = v.strictTuple([Facts, PackedCourse]);
const PollMoved = v.strictTuple([Id]);
const PollBarred = v.strictTuple([Id, codeFor(WHYS), v.pipe(v.array(Id), v.maxLength(MAX_STATIONS)), v.nullable(Hash)]);
const PollCertified = v.strictTuple([Id, whole(1), Totals]);
const StationAdmitted = v.strictTuple([Id, bytesOf(KEY_BYTES)]);
const StationRevoked = v.strictTuple([
  Id,
  v.pipe(
    v.array(
      v.pipe(
        v.strictTuple([Id, whole(0)]),
        v.transform(([log, number]) => ({ log, number })),
      ),
    ),
    v.maxLength(MAX_LOGS),
  ),
]);
const LogOpened = v.strictTuple([bytesUpTo(MAX_HEADER_BYTES), bytesOf(SIGNATURE_BYTES)]);
const LogJudged = v.strictTuple([Id, v.boolean()]);
const RollAdopted = v.pipe(v.array(Hash), v.maxLength(MAX_ROLL_CHUNKS));
const KeyDestroyed = v.strictTuple([]);
const LfBitsSet = v.strictTuple([LfBits]);
const MappingWished = v.strictTuple([Id, whole(0), Hash]);
const MappingAnswered = v.strictTuple([Id, whole(1), codeFor(ANSWERS)]);

export function encodeChange(change: Change): StoredChange {
  if (change.kind === "batch" && change.hashAfter === null) return { kind: KIND["batch-alone"], body: change.batch };
  if (change.kind === "roll-chunk" && change.lfBits === null)
    return { kind: KIND["roll-chunk-alone"], body: change.chunk };
  return { kind: KIND[change.kind], body: bodyOf(change) };
}

function bodyOf(change: Change): Uint8Array {
  switch (change.kind) {
    case "event-created":
      return encodeCbor([bytesOfHex(change.event)]);
    case "poll-defined":
      return encodeCbor(packFacts(change));
    case "poll-restored":
      return encodeCbor([packFacts(change), packCourse(change)]);
    case "poll-opened":
    case "poll-paused":
    case "poll-closed":
      return encodeCbor([bytesOfHex(change.poll)]);
    case "poll-barred": {
      const { poll, why, missing, reason } = change;
      return encodeCbor([
        bytesOfHex(poll),
        WHYS.indexOf(why) + 1,
        missing.map(bytesOfHex),
        reason === null ? null : bytesOfHex(reason),
      ]);
    }
    case "poll-certified":
      return encodeCbor([bytesOfHex(change.poll), change.barrier, change.totals]);
    case "station-admitted":
      return encodeCbor([bytesOfHex(change.station), change.key]);
    case "station-revoked":
      return encodeCbor([
        bytesOfHex(change.station),
        change.accepted.map(({ log, number }) => [bytesOfHex(log), number]),
      ]);
    case "log-opened":
      return encodeCbor([change.header, change.signature]);
    case "log-judged":
      return encodeCbor([bytesOfHex(change.log), change.admitted]);
    case "batch":
      return concatBytes(change.hashAfter ?? new Uint8Array(), change.batch);
    case "roll-chunk":
      return concatBytes(change.lfBits === null ? new Uint8Array() : Uint8Array.of(change.lfBits), change.chunk);
    case "roll-adopted":
      return encodeCbor(change.chunks.map(bytesOfHex));
    case "key-destroyed":
      return encodeCbor([]);
    case "lf-bits-set":
      return encodeCbor([change.lfBits]);
    case "mapping-wished":
      return encodeCbor([bytesOfHex(change.station), change.base, bytesOfHex(change.hash)]);
    case "mapping-answered":
      return encodeCbor([bytesOfHex(change.station), change.wish, ANSWERS.indexOf(change.answer) + 1]);
  }
}

/** The change behind a stored row; `undefined` when the row is damaged or of a later version. */
export function decodeChange(kind: number, body: Uint8Array): Change | undefined {
  switch (kind) {
    case KIND.batch:
      if (body.length <= HASH_BYTES) return undefined;
      return { kind: "batch", hashAfter: body.slice(0, HASH_BYTES), batch: body.slice(HASH_BYTES) };
    case KIND["batch-alone"]:
      return { kind: "batch", hashAfter: null, batch: body };
    case KIND["roll-chunk"]: {
      const lfBits = v.safeParse(LfBits, body[0]);
      return lfBits.success ? { kind: "roll-chunk", chunk: body.slice(1), lfBits: lfBits.output } : undefined;
    }
    case KIND["roll-chunk-alone"]:
      return { kind: "roll-chunk", chunk: body, lfBits: null };
    default:
      return READ.get(kind)?.(decodeCbor(body));
  }
}

/** A reader of one kind: parse, then give the fields their names. */
function reading<Schema extends v.GenericSchema>(
  schema: Schema,
  name: (fields: v.InferOutput<Schema>) => Change,
): (value: unknown) => Change | undefined {
  return (value) => {
    const parsed = v.safeParse(schema, value);
    return parsed.success ? name(parsed.output) : undefined;
  };
}

const READ = new Map<number, (value: unknown) => Change | undefined>([
  [KIND["event-created"], reading(EventCreated, ([event]) => ({ kind: "event-created", event }))],
  [KIND["poll-defined"], reading(Facts, (facts) => ({ kind: "poll-defined", ...readFacts(facts) }))],
  [KIND["poll-opened"], reading(PollMoved, ([poll]) => ({ kind: "poll-opened", poll }))],
  [KIND["poll-paused"], reading(PollMoved, ([poll]) => ({ kind: "poll-paused", poll }))],
  [KIND["poll-closed"], reading(PollMoved, ([poll]) => ({ kind: "poll-closed", poll }))],
  [
    KIND["poll-restored"],
    reading(PollRestored, ([facts, course]) => ({ kind: "poll-restored", ...readFacts(facts), ...readCourse(course) })),
  ],
  [
    KIND["poll-barred"],
    reading(PollBarred, ([poll, why, missing, reason]) => ({ kind: "poll-barred", poll, why, missing, reason })),
  ],
  [
    KIND["poll-certified"],
    reading(PollCertified, ([poll, barrier, totals]) => ({ kind: "poll-certified", poll, barrier, totals })),
  ],
  [
    KIND["station-admitted"],
    reading(StationAdmitted, ([station, key]) => ({ kind: "station-admitted", station, key })),
  ],
  [
    KIND["station-revoked"],
    reading(StationRevoked, ([station, accepted]) => ({ kind: "station-revoked", station, accepted })),
  ],
  [KIND["log-opened"], reading(LogOpened, ([header, signature]) => ({ kind: "log-opened", header, signature }))],
  [KIND["log-judged"], reading(LogJudged, ([log, admitted]) => ({ kind: "log-judged", log, admitted }))],
  [KIND["roll-adopted"], reading(RollAdopted, (chunks) => ({ kind: "roll-adopted", chunks }))],
  [KIND["key-destroyed"], reading(KeyDestroyed, () => ({ kind: "key-destroyed" }))],
  [KIND["lf-bits-set"], reading(LfBitsSet, ([lfBits]) => ({ kind: "lf-bits-set", lfBits }))],
  [
    KIND["mapping-wished"],
    reading(MappingWished, ([station, base, hash]) => ({ kind: "mapping-wished", station, base, hash })),
  ],
  [
    KIND["mapping-answered"],
    reading(MappingAnswered, ([station, wish, answer]) => ({ kind: "mapping-answered", station, wish, answer })),
  ],
]);

function readFacts([poll, hash, options, ...rules]: v.InferOutput<typeof Facts>): PollFacts {
  return { poll, hash, options, ...readRules(rules) };
}
