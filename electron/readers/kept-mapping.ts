/** What the station keeps of its readers over a restart, and what the command line makes of it at the next start. */
import * as v from "valibot";
import {
  GAP_LIMITS_MS,
  MAX_READER_NAME_LENGTH,
  MAX_READERS,
  type MappedReader,
  PLAIN_FORMAT,
  ReaderId,
  ReaderName,
  sameFormat,
  Target,
  UidFormat,
} from "../../shared/domain/mapping.ts";
import { MAX_OPTIONS } from "../../shared/domain/poll.ts";
import { whole } from "../../shared/schemas.ts";
import { formatAsked, type ReaderSpec } from "./spec.ts";

/** A path and its parameters: longer than any that a finder gives. */
const MAX_SPEC_LENGTH = 1_000;

const Gap = whole(...GAP_LIMITS_MS);

/** What a `--reader` said of its reader when it was last heard: only what is changed there since replaces what the panel set. */
const Asked = v.strictObject({
  name: ReaderName,
  slot: v.nullable(whole(1, MAX_OPTIONS)),
  format: UidFormat,
  gapMs: Gap,
});

const Origin = v.variant("kind", [
  v.strictObject({ kind: v.literal("asked"), asked: Asked }),
  /** The operator took a device into use; `spec` opens it. `port` is for people. */
  v.strictObject({
    kind: v.literal("found"),
    spec: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SPEC_LENGTH)),
    port: v.nullable(v.pipe(v.string(), v.maxLength(300))),
  }),
]);

export const KeptReader = v.strictObject({
  id: ReaderId,
  name: ReaderName,
  target: v.nullable(Target),
  format: UidFormat,
  gapMs: Gap,
  origin: Origin,
});
export type KeptReader = v.InferOutput<typeof KeptReader>;

const KeptReaders = v.pipe(
  v.array(KeptReader),
  v.maxLength(MAX_READERS),
  v.check((readers) => new Set(readers.map(({ id }) => id)).size === readers.length, "must name each reader once"),
);

export const KeptMapping = v.strictObject({ version: v.literal(1), revision: whole(0), readers: KeptReaders });
export type KeptMapping = v.InferOutput<typeof KeptMapping>;

export const NOTHING_KEPT: KeptMapping = { version: 1, revision: 0, readers: [] };

/**
 * The mapping at a start: readers of the command line first, in its order, then those the operator took into use. One that
 * the command line no longer names is no longer ours.
 */
export function beginMapping(kept: KeptMapping, asked: readonly ReaderSpec[]): KeptMapping {
  const before = new Map(kept.readers.map((reader) => [reader.id, reader]));
  const named = asked.slice(0, MAX_READERS).map((spec) => askedReader(spec, before.get(spec.id)));
  const isNamed = new Set(named.map(({ id }) => id));
  const found = kept.readers.filter(({ id, origin }) => origin.kind === "found" && !isNamed.has(id));
  return follow(kept, [...named, ...found].slice(0, MAX_READERS));
}

/** The mapping with other readers: another revision where what others see of it is another. */
export function follow(now: KeptMapping, readers: KeptReader[]): KeptMapping {
  const same = JSON.stringify(now.readers.map(seenByOthers)) === JSON.stringify(readers.map(seenByOthers));
  return { ...now, revision: now.revision + (same ? 0 : 1), readers };
}

/** What an organiser sees of a reader, and may change, the id apart. */
export function seenByOthers({ id, name, target }: KeptReader): MappedReader {
  return { id, name, target };
}

/** What becomes of a reader that is asked for; `before`: as it was kept. */
export function askedReader(spec: ReaderSpec, before?: KeptReader): KeptReader {
  const { id } = spec;
  const asked = { name: fitName(spec.name), slot: spec.slot ?? null, format: formatAsked(spec), gapMs: spec.sameTapMs };
  const target = spec.slot === undefined ? null : { kind: "slot" as const, slot: spec.slot };
  const origin = { kind: "asked" as const, asked };
  const { name, format, gapMs } = asked;
  if (before === undefined) return { id, name, target, format, gapMs, origin };
  // Taken into use by the operator before the command line named it: what only the command line says is taken over.
  if (before.origin.kind === "found") {
    const isSaid = !sameFormat(format, PLAIN_FORMAT);
    return { ...before, target: target ?? before.target, format: isSaid ? format : before.format, origin };
  }
  const old = before.origin.asked;
  return {
    id,
    name: old.name === name ? before.name : name,
    target: old.slot === asked.slot ? before.target : target,
    format: sameFormat(old.format, format) ? before.format : format,
    gapMs: old.gapMs === gapMs ? before.gapMs : gapMs,
    origin,
  };
}

/** A name as the mapping takes it, from whatever a device or a path is called. */
export function fitName(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
  // Cut between two halves of a character, one is left.
  const name = clean.slice(0, MAX_READER_NAME_LENGTH).toWellFormed().trim();
  return name === "" ? "Reader" : name;
}
