/**
 * The part of a `--reader SPEC` after its first `?`, the same for every kind of reader: a URL's query with the parameters
 * that the kind knows, each once.
 */
import { GAP_LIMITS_MS, MAX_READER_NAME_LENGTH } from "../../shared/domain/mapping.ts";
import { MAX_OPTIONS } from "../../shared/domain/poll.ts";
import { oneLine } from "../../shared/one-line.ts";

export type Read<T> = { ok: true; value: T } | { ok: false; why: string };

/** Parameters that every kind of reader knows. */
export const COMMON_PARAMETERS = ["slot", "name", "gap"] as const;

/** What every reader may be told in its spec; `undefined` where its kind decides. */
export interface CommonParameters {
  slot: number | undefined;
  name: string | undefined;
  sameTapMs: number | undefined;
}

/** A spec without its `kind:`, parted at the first `?`: before it, literally, where the reader is. */
export function splitSpec(rest: string): { place: string; query: string } {
  const mark = rest.indexOf("?");
  return mark < 0 ? { place: rest, query: "" } : { place: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

/** @param known the parameters of this kind of reader, in the order in which a refusal lists them */
export function readQuery(query: string, known: readonly string[]): Read<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!known.includes(key)) {
      return { ok: false, why: `unknown parameter ${quote(key)}; use ${known.join(", ")}` };
    }
    if (values.has(key)) return { ok: false, why: `${key} is given twice; keep one` };
    values.set(key, value);
  }
  return { ok: true, value: values };
}

export function readCommon(values: ReadonlyMap<string, string>): Read<CommonParameters> {
  const slot = wholeNumber(values, "slot", [1, MAX_OPTIONS]);
  if (!slot.ok) return slot;
  const gapMs = wholeNumber(values, "gap", GAP_LIMITS_MS);
  if (!gapMs.ok) return gapMs;
  const name = values.get("name");
  if (name !== undefined && !isName(name)) {
    return {
      ok: false,
      why: `name must be 1 to ${MAX_READER_NAME_LENGTH} printable characters; shorten it or leave it out`,
    };
  }
  return { ok: true, value: { slot: slot.value, sameTapMs: gapMs.value, name } };
}

/** A parameter that is a whole number between limits, both included; `undefined` when it is not given. */
export function wholeNumber(
  values: ReadonlyMap<string, string>,
  key: string,
  [lowest, highest]: readonly [number, number],
): Read<number | undefined> {
  const text = values.get(key);
  if (text === undefined) return { ok: true, value: undefined };
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= lowest && value <= highest) return { ok: true, value };
  return { ok: false, why: `${key} is ${quote(text)}; it must be a whole number from ${lowest} to ${highest}` };
}

function isName(name: string): boolean {
  return name.trim() !== "" && name.length <= MAX_READER_NAME_LENGTH && !/\p{Cc}/u.test(name);
}

/** In quotes, on one line, without control characters, and not endless. */
export function quote(text: string): string {
  return `"${oneLine(text)}"`;
}
