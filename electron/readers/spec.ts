import { MAX_READER_ID_LENGTH, MAX_READERS } from "../../shared/domain/mapping.ts";
import { PLAIN_FORMAT, type UidFormat } from "../../shared/domain/mapping.ts";
import { type EvdevSpec, parseEvdevSpec } from "./evdev/evdev-spec.ts";
import { parsePcscSpec, type PcscSpec } from "./pcsc/pcsc-spec.ts";
import { type SerialSpec, parseSerialSpec, SERIAL_EXAMPLE } from "./serial/serial-spec.ts";
import { quote, type Read } from "./spec-query.ts";
import type { VirtualSpec } from "./virtual.ts";

/** What the spec of each kind of reader says: one line per kind. */
interface Specs {
  serial: SerialSpec;
  pcsc: PcscSpec;
  evdev: EvdevSpec;
}

/** The spec of some kinds: a union of them, told apart by `kind`. */
export type SpecOf<Kind extends keyof Specs> = { [One in Kind]: Specs[One] & { readonly kind: One } }[Kind];

/** A reader as `--reader` asks for it. What all kinds have: `kind`, `id`, `name`, `sameTapMs`, `slot`. */
export type DeviceSpec = SpecOf<keyof Specs>;

/** What opens a reader: a device, or in demo mode none. */
export type ReaderSpec = DeviceSpec | VirtualSpec;

export type ParsedSpec = { ok: true; spec: DeviceSpec } | { ok: false; why: string };
/** `takeAll`: kinds of which every device is to be taken into use as it comes. */
export type ParsedSpecs =
  { ok: true; specs: DeviceSpec[]; takeAll: Set<DeviceSpec["kind"]> } | { ok: false; why: string };

/** One line per kind: what reads the spec's text after `kind:`. */
const KINDS: { [Kind in keyof Specs]: (rest: string) => Read<SpecOf<Kind>> } = {
  serial: parseSerialSpec,
  pcsc: parsePcscSpec,
  evdev: parseEvdevSpec,
};

/** The settings under which a reader's numbers are read before anybody said otherwise in the panel. */
export function formatAsked(spec: ReaderSpec): UidFormat {
  return spec.kind === "evdev" ? spec.format : PLAIN_FORMAT;
}

/**
 * Every `--reader` of a command line, or the first thing that is wrong with them.
 *
 * One port cannot be opened twice, so the same path twice is refused here, where it can be said plainly. `pcsc:` alone is
 * no reader, but every PC/SC reader that is there or comes.
 */
export function parseReaderSpecs(texts: readonly string[]): ParsedSpecs {
  const specs: DeviceSpec[] = [];
  const takeAll = new Set<DeviceSpec["kind"]>();
  for (const text of texts) {
    if (text === "pcsc:") {
      takeAll.add("pcsc");
      continue;
    }
    const parsed = parseReaderSpec(text);
    if (!parsed.ok) return parsed;
    if (specs.some((spec) => spec.id === parsed.spec.id)) {
      return wrong(text, "this port was already given; name each port once");
    }
    if (parsed.spec.id.length > MAX_READER_ID_LENGTH)
      return wrong(text, "the path is too long; use a shorter link to it");
    if (specs.length === MAX_READERS) return wrong(text, `${MAX_READERS} readers are the most; leave this one out`);
    specs.push(parsed.spec);
  }
  return { ok: true, specs, takeAll };
}

/**
 * One `--reader SPEC`, such as `serial:/dev/ttyUSB0?protocol=rdm6300&slot=1`.
 *
 * The path goes literally up to the first `?` (by-path names hold colons); the parameters after it are a URL's query.
 * `why` is one line that names the cause and the remedy.
 */
export function parseReaderSpec(text: string): ParsedSpec {
  const colon = text.indexOf(":");
  const kind = colon < 0 ? text : text.slice(0, colon);
  if (colon >= 0 && isKind(kind)) {
    const read = KINDS[kind](text.slice(colon + 1));
    return read.ok ? { ok: true, spec: read.value } : wrong(text, read.why);
  }
  if (colon >= 0 && kind === "virtual") {
    return wrong(text, "virtual readers come by themselves in demo mode and cannot be asked for; leave this out");
  }
  return wrong(text, `unknown kind of reader ${quote(kind)}; write it as ${SERIAL_EXAMPLE}`);
}

function isKind(word: string): word is DeviceSpec["kind"] {
  return Object.hasOwn(KINDS, word);
}

function wrong(text: string, why: string): { ok: false; why: string } {
  return { ok: false, why: `reader ${quote(text)}: ${why}` };
}
