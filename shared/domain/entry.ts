/**
 * An entry of the ledger: one change of state. Everything else the server knows is a fold over entries.
 * No entry holds a name, a question's words or a key that keeps a secret; those are referred to by id or hash.
 */
import * as v from "valibot";
import { concatBytes, fromHex, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ID_BYTES, bytesOf, bytesUpTo, whole } from "../schemas.ts";
import {
  COUNTS_CODES,
  CountsCode,
  MAX_OPTIONS,
  MIN_OPTIONS,
  RESULTS_CODES,
  ResultsCode,
  UpTo,
  type Counts,
  type Results,
} from "./poll.ts";
import { HASH_BYTES, KEY_BYTES, SIGNATURE_BYTES } from "./record.ts";

/** A place in the ledger with the server's time; both never decrease. */
export interface Entry {
  /** 1, 2, 3 …: also the cursor of whoever has read up to here. */
  position: number;
  /** Server time, milliseconds since 1970. */
  atMs: number;
  change: Change;
}

export type Change =
  | { kind: "event-created"; event: string }
  | {
      kind: "poll-defined";
      poll: string;
      hash: string;
      options: number;
      counts: Counts;
      upTo: number;
      results: Results;
    }
  | { kind: "poll-opened"; poll: string }
  | { kind: "poll-paused"; poll: string }
  | { kind: "poll-closed"; poll: string }
  | { kind: "station-admitted"; station: string; key: Uint8Array }
  | { kind: "log-opened"; header: Uint8Array; signature: Uint8Array }
  /** `batch` is the bytes the station sent; `hashAfter` was checked against its signature on the way in. */
  | { kind: "batch"; batch: Uint8Array; hashAfter: Uint8Array };

/** Kinds of entries, as the ledger's rows number them. */
const KIND = {
  "event-created": 1,
  "poll-defined": 2,
  "poll-opened": 3,
  "poll-paused": 4,
  "poll-closed": 5,
  "station-admitted": 6,
  "log-opened": 7,
  batch: 8,
} as const satisfies Record<Change["kind"], number>;

/** A header is about 150 bytes; this leaves room for a later version. */
const MAX_HEADER_BYTES = 1024;

const EventCreated = v.strictTuple([bytesOf(ID_BYTES)]);
const PollDefined = v.strictTuple([
  bytesOf(ID_BYTES),
  bytesOf(HASH_BYTES),
  whole(MIN_OPTIONS, MAX_OPTIONS),
  CountsCode,
  UpTo,
  ResultsCode,
]);
const PollMoved = v.strictTuple([bytesOf(ID_BYTES)]);
const StationAdmitted = v.strictTuple([bytesOf(ID_BYTES), bytesOf(KEY_BYTES)]);
const LogOpened = v.strictTuple([bytesUpTo(MAX_HEADER_BYTES), bytesOf(SIGNATURE_BYTES)]);

/** A change as the ledger stores it: a kind and a body. Equal changes have equal bytes. */
export function encodeChange(change: Change): { kind: number; body: Uint8Array } {
  return { kind: KIND[change.kind], body: bodyOf(change) };
}

function bodyOf(change: Change): Uint8Array {
  switch (change.kind) {
    case "event-created":
      return encodeCbor([idBytes(change.event)]);
    case "poll-defined":
      return encodeCbor([
        idBytes(change.poll),
        idBytes(change.hash),
        change.options,
        COUNTS_CODES[change.counts],
        change.upTo,
        RESULTS_CODES[change.results],
      ]);
    case "poll-opened":
    case "poll-paused":
    case "poll-closed":
      return encodeCbor([idBytes(change.poll)]);
    case "station-admitted":
      return encodeCbor([idBytes(change.station), change.key]);
    case "log-opened":
      return encodeCbor([change.header, change.signature]);
    case "batch":
      return concatBytes(change.hashAfter, change.batch);
  }
}

/** The change behind a stored row; `undefined` when the row is damaged or of a later version. */
export function decodeChange(kind: number, body: Uint8Array): Change | undefined {
  if (kind === KIND.batch) {
    if (body.length <= HASH_BYTES) return undefined;
    return { kind: "batch", hashAfter: body.slice(0, HASH_BYTES), batch: body.slice(HASH_BYTES) };
  }
  const value = decodeCbor(body);
  switch (kind) {
    case KIND["event-created"]: {
      const parsed = v.safeParse(EventCreated, value);
      return parsed.success ? { kind: "event-created", event: toHex(parsed.output[0]) } : undefined;
    }
    case KIND["poll-defined"]: {
      const parsed = v.safeParse(PollDefined, value);
      if (!parsed.success) return undefined;
      const [poll, hash, options, counts, upTo, results] = parsed.output;
      return {
        kind: "poll-defined",
        poll: toHex(poll),
        hash: toHex(hash),
        options,
        counts,
        upTo,
        results,
      };
    }
    case KIND["poll-opened"]:
      return pollMoved("poll-opened", value);
    case KIND["poll-paused"]:
      return pollMoved("poll-paused", value);
    case KIND["poll-closed"]:
      return pollMoved("poll-closed", value);
    case KIND["station-admitted"]: {
      const parsed = v.safeParse(StationAdmitted, value);
      if (!parsed.success) return undefined;
      return { kind: "station-admitted", station: toHex(parsed.output[0]), key: parsed.output[1] };
    }
    case KIND["log-opened"]: {
      const parsed = v.safeParse(LogOpened, value);
      if (!parsed.success) return undefined;
      return { kind: "log-opened", header: parsed.output[0], signature: parsed.output[1] };
    }
    default:
      return undefined;
  }
}

function pollMoved(kind: "poll-opened" | "poll-paused" | "poll-closed", value: unknown): Change | undefined {
  const parsed = v.safeParse(PollMoved, value);
  return parsed.success ? { kind, poll: toHex(parsed.output[0]) } : undefined;
}

function idBytes(id: string): Uint8Array {
  const bytes = fromHex(id);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${id}`);
  return bytes;
}
