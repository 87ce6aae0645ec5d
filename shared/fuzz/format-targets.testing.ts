/** The formats of the link and of the ledger, fuzzed around the examples of docs/link-protocol.md. For tests only. */
import { bytesOfHex, sameBytes, toHex } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { decodeBatch, encodeBatch, hashRecords } from "../domain/batch.ts";
import { decodeChange, encodeChange } from "../domain/entry-codec.ts";
import { foldEntry } from "../domain/fold.ts";
import { createMemoryProjection } from "../domain/memory-projection.ts";
import type { Random } from "../domain/model/random.testing.ts";
import { decodeDefinition, encodeDefinition } from "../domain/poll.ts";
import { decodeHeader, decodeRecord, encodeHeader, encodeRecord, type Sha256 } from "../domain/record.ts";
import { decodeRollChunk, encodeRollChunk } from "../domain/roll.ts";
import { readCddl } from "../link/cddl.testing.ts";
import { FRAME, decodeFrame, encodeFrame } from "../link/frames.ts";
import { MAX_FRAME_BYTES } from "../link/limits.ts";
import { must, type Input, type Target } from "./fuzz.testing.ts";
import { cborSamples, mutateCbor, type CborSample } from "./spell-cbor.testing.ts";
import { ledgerSamples } from "./ledger-samples.testing.ts";

/** Entries folded one after another before a new ledger begins. */
const ENTRIES_PER_LEDGER = 100;
/** One frame of so many is too long: it costs as much as hundreds. */
const OVERSIZE_ONE_IN = 400;

/** The page's examples, `hex name` blocks, by name. */
function examplesOf(page: string): Map<string, Uint8Array> {
  const blocks = [...page.matchAll(/^```hex ([\w-]+)\n([^]*?)^```$/gm)];
  const examples = blocks.map(([, name = "", hex = ""]): [string, Uint8Array] => [
    name,
    bytesOfHex(hex.replaceAll(/\s/g, "")),
  ]);
  return new Map(examples.filter(([name]) => !name.endsWith("-to-sign")));
}

/** Examples that are frames: an array that begins with a frame's type, and is one. */
export function frameExamples(page: string): Uint8Array[] {
  return [...examplesOf(page).values()].filter((bytes) => decodeFrame(bytes).ok);
}

/** @param page the text of docs/link-protocol.md */
export function formatTargets(page: string, sha256: Sha256): Target[] {
  const frames = frameExamples(page);
  const embedded = (type: number) =>
    frames.flatMap((bytes) => {
      const read = decodeFrame(bytes);
      return read.ok && read.frame[0] === type ? [read.frame] : [];
    });
  const bytesIn = (type: number, at: number) =>
    embedded(type).flatMap((frame) => {
      const field: unknown = frame[at];
      return field instanceof Uint8Array ? [field] : [];
    });
  const named = (start: string) =>
    [...examplesOf(page)].flatMap(([name, bytes]) => (name.startsWith(start) ? [bytes] : []));
  const batches = bytesIn(FRAME.batch, 1);
  return [
    frameTarget(page, frames),
    oneSpelling("CBOR", frames, decodeCbor, encodeCbor),
    oneSpelling("records", named("record-"), decodeRecord, encodeRecord),
    oneSpelling("log headers", bytesIn(FRAME.log, 1), decodeHeader, encodeHeader),
    oneSpelling("poll definitions", [...named("definition"), ...named("tagless")], decodeDefinition, encodeDefinition),
    oneSpelling("roll chunks", [...bytesIn(FRAME.chunk, 1), ...named("roll-chunk")], decodeRollChunk, encodeRollChunk),
    batchTarget(batches, sha256),
    entryTarget(sha256),
    foldTarget(sha256),
  ];
}

function frameTarget(page: string, frames: readonly Uint8Array[]): Target {
  const samples = cborSamples(frames);
  const blocks = [...page.matchAll(/^```cddl(?: version-2)?\n([^]*?)^```$/gm)].map(([, rules = ""]) => rules);
  const cddl = readCddl(blocks.join("\n"));
  return {
    name: "link frames",
    outcomes: ["badFrame", "oversize", ...Object.keys(FRAME)],
    next(random) {
      const mutated = mutateCbor(random, samples);
      const bytes = random.oneIn(OVERSIZE_ONE_IN) ? new Uint8Array(MAX_FRAME_BYTES + 1 + random.below(9)) : mutated;
      return hexInput(bytes, () => {
        const read = decodeFrame(bytes);
        if (!read.ok) return read.why;
        must(sameBytes(encodeFrame(read.frame), bytes), "a frame has one spelling");
        const value = decodeCbor(bytes);
        must(value !== undefined && cddl.fits("frame-2", value, false), "what is read is what the CDDL allows");
        return Object.entries(FRAME).find(([, type]) => type === read.frame[0])?.[0] ?? "unnamed";
      });
    },
  };
}

/** Bytes that are read are the only bytes that say so. */
function oneSpelling<Value>(
  name: string,
  valid: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => Value | undefined,
  encode: (value: Value) => Uint8Array,
): Target {
  const samples = cborSamples(valid);
  return {
    name,
    outcomes: ["read", "refused"],
    next(random) {
      const bytes = mutateCbor(random, samples);
      return hexInput(bytes, () => {
        const value = decode(bytes);
        if (value === undefined) return "refused";
        must(sameBytes(encode(value), bytes), "it has one spelling");
        return "read";
      });
    },
  };
}

function batchTarget(valid: readonly Uint8Array[], sha256: Sha256): Target {
  const samples = cborSamples(valid);
  return {
    name: "batches",
    outcomes: ["read", "refused"],
    next(random) {
      const bytes = mutateCbor(random, samples);
      return hexInput(bytes, () => {
        const batch = decodeBatch(bytes);
        if (batch === undefined) return "refused";
        // The table of polls may be written in any order: ours is the order of use, and that one stays as it is.
        const ours = encodeBatch(batch);
        const again = decodeBatch(ours);
        must(again !== undefined && sameBytes(encodeBatch(again), ours), "our spelling of it stays");
        must(hashRecords(sha256, batch.hashBefore, batch.records).length === 32, "it has a hash after it");
        return "read";
      });
    },
  };
}

const KINDS = 18;

function entryTarget(sha256: Sha256): Target {
  const samples = ledgerSamples(sha256).map(({ kind, body }) => ({ kind, body, cbor: sampleOf(body) }));
  return {
    name: "ledger entries",
    outcomes: ["refused", ...new Set(samples.map(({ kind }) => `read ${kind}`))],
    next(random) {
      const { kind, body } = nextEntry(random, samples);
      return hexInput(body, () => {
        const change = decodeChange(kind, body);
        if (change === undefined) return "refused";
        const again = encodeChange(change);
        must(again.kind === kind && sameBytes(again.body, body), `an entry of kind ${kind} has one spelling`);
        return `read ${kind}`;
      });
    },
  };
}

interface EntrySample {
  kind: number;
  body: Uint8Array;
  cbor: CborSample[];
}

function sampleOf(body: Uint8Array): CborSample[] {
  const tree = decodeCbor(body);
  return [{ bytes: body, tree: tree ?? null }];
}

function nextEntry(random: Random, samples: readonly EntrySample[]): { kind: number; body: Uint8Array } {
  const { kind, cbor } = random.pick(samples) ?? { kind: 0, cbor: [] };
  const body = mutateCbor(random, cbor);
  return { kind: random.oneIn(10) ? random.below(KINDS + 2) : kind, body };
}

/** Whatever stands in a ledger, the fold goes on: it refuses, ignores, or takes. */
function foldTarget(sha256: Sha256): Target {
  const samples = ledgerSamples(sha256).map(({ kind, body }) => ({ kind, body, cbor: sampleOf(body) }));
  let [projection, position] = [createMemoryProjection(), 0];
  return {
    name: "the fold of any entries",
    outcomes: ["act taken", "act refused", "ignored", "batch", "log", "unreadable"],
    next(random) {
      if (position >= ENTRIES_PER_LEDGER) [projection, position] = [createMemoryProjection(), 0];
      // Most as they were, so that there is something for the others to hit.
      const whole = position < samples.length && random.below(4) > 0 ? samples[position] : undefined;
      const { kind, body } = whole ?? nextEntry(random, samples);
      const entry = { position: ++position, atMs: 1_000 * position };
      return hexInput(body, () => {
        const change = decodeChange(kind, body);
        if (change === undefined) return "unreadable";
        const folded = foldEntry(projection, sha256, { ...entry, change });
        if (folded.kind === "act") return folded.refused === null ? "act taken" : "act refused";
        return folded.kind;
      });
    },
  };
}

function hexInput(bytes: Uint8Array, attempt: () => string): Input {
  return { shown: () => toHex(bytes), attempt };
}
