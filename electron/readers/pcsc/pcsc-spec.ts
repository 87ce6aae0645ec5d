/**
 * `pcsc:PLACE?slot=1&name=…&gap=…`: the PC/SC reader at that place, as the panel and docs/readers.md show places. `pcsc:` alone, for
 * every reader that is there or comes, is no reader's spec: parseReaderSpecs knows it.
 */
import { MAX_READER_ID_LENGTH, MAX_READER_NAME_LENGTH } from "../../../shared/domain/mapping.ts";
import { COMMON_PARAMETERS, readCommon, readQuery, type Read, splitSpec } from "../spec-query.ts";

export interface PcscSpec {
  readonly kind: "pcsc";
  /** `pcsc:` and the place. */
  readonly id: string;
  /** Where it is plugged and what it says of itself: `usb-1-2.3:ACS ACR122U PICC Interface`. */
  readonly place: string;
  /** How long a card may be away and still be the same presentation, in milliseconds. */
  readonly sameTapMs: number;
  /** For people. */
  readonly name: string;
  /** The answer's position it stands for, 1–50; `undefined` until the operator assigns one. */
  readonly slot: number | undefined;
}

/**
 * pcscd looks at a reader every 0.4 s, and a card at the edge of the field comes and goes from one look to the next: two
 * looks without it are a hand that took it away.
 */
const SAME_TAP_MS = 800;
const SCHEME = "pcsc:";
const EXAMPLE = "pcsc:usb-1-2:ACS ACR122U PICC Interface?slot=1";

/** @param rest the spec after `pcsc:` */
export function parsePcscSpec(rest: string): Read<PcscSpec> {
  const parts = splitSpec(rest);
  const place = readPlace(parts.place);
  if (!place.ok) return place;
  const query = readQuery(parts.query, COMMON_PARAMETERS);
  if (!query.ok) return query;
  const common = readCommon(query.value);
  if (!common.ok) return common;
  const { slot, name = nameOf(place.value), sameTapMs = SAME_TAP_MS } = common.value;
  return { ok: true, value: { kind: "pcsc", id: pcscId(place.value), place: place.value, name, sameTapMs, slot } };
}

/** A reader's id; the same as its spec's text but for escapes. */
export function pcscId(place: string): string {
  return SCHEME + place;
}

/** The text that opens the reader at this place; `?` and `%` in it are escaped. */
export function pcscSpecText(place: string): string {
  return SCHEME + place.replaceAll(/[%?]/g, encodeURIComponent);
}

function readPlace(text: string): Read<string> {
  const place = unescape(text);
  if (place === null) return { ok: false, why: "a % in the place is not followed by two hex digits; write it as %25" };
  if (place.trim() === "") {
    return { ok: false, why: `the reader's place is missing; write it as ${EXAMPLE}, or pcsc: alone for every reader` };
  }
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(place)) {
    return { ok: false, why: "the place holds a control character; check the quoting" };
  }
  const most = MAX_READER_ID_LENGTH - SCHEME.length;
  if (place.length > most) return { ok: false, why: `the place is too long; ${most} characters are the most` };
  return { ok: true, value: place };
}

/** `usb-1-2.3:ACS ACR122U PICC Interface` → `ACS ACR122U PICC Interface on USB 1-2.3`. */
function nameOf(place: string): string {
  const [, port, title] = /^usb-([^:]{1,30}):(.+)$/s.exec(place) ?? [];
  const where = port === undefined ? "" : ` on USB ${port}`;
  const short = (title ?? place).slice(0, MAX_READER_NAME_LENGTH - where.length);
  // Not half of a character that takes two.
  return short.replace(/[\ud800-\udbff]$/, "").trimEnd() + where;
}

function unescape(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
