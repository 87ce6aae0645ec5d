import { posix } from "node:path";
import { oneLine } from "../../shared/one-line.ts";
import { isProtocolName, PROTOCOL_NAMES, type ProtocolName, serialProtocol } from "./serial/protocols.ts";

/** A reader on a serial line, as `--reader` asks for it. Everything optional in the text is filled in here. */
export interface SerialSpec {
  readonly kind: "serial";
  /** `serial:` and the normalised path: where it is plugged. The same for every way of writing that path. */
  readonly id: string;
  readonly path: string;
  readonly protocol: ProtocolName;
  readonly baud: number;
  /** How long a tag may go unseen and still be the same presentation, in milliseconds. */
  readonly sameTapMs: number;
  /** For people. */
  readonly name: string;
  /** The answer's position it stands for, 1–50; `undefined` until the operator assigns one. */
  readonly slot: number | undefined;
}

export type ReaderSpec = SerialSpec;

export type ParsedSpec = { ok: true; spec: ReaderSpec } | { ok: false; why: string };
export type ParsedSpecs = { ok: true; specs: ReaderSpec[] } | { ok: false; why: string };

/** As many positions as a poll may have options. */
const MAX_SLOT = 50;
/** Slowest and fastest line that USB serial adapters do. */
const BAUD_LIMITS = [110, 4_000_000] as const;
/** Below a repeat of the fastest reader every repeat were a tap; above, a voter who comes back is not seen. */
const GAP_LIMITS_MS = [50, 10_000] as const;
/** Fits a line of the readers' panel. */
const MAX_NAME_LENGTH = 64;

const EXAMPLE = "serial:/dev/ttyUSB0?protocol=rdm6300&slot=1";
const PARAMETERS = new Set(["protocol", "slot", "baud", "name", "gap"]);

/**
 * Every `--reader` of a command line, or the first thing that is wrong with them.
 *
 * One port cannot be opened twice, so the same path twice is refused here, where it can be said plainly.
 */
export function parseReaderSpecs(texts: readonly string[]): ParsedSpecs {
  const specs: ReaderSpec[] = [];
  for (const text of texts) {
    const parsed = parseReaderSpec(text);
    if (!parsed.ok) return parsed;
    if (specs.some((spec) => spec.id === parsed.spec.id)) {
      return wrong(text, "this port was already given; name each port once");
    }
    specs.push(parsed.spec);
  }
  return { ok: true, specs };
}

/**
 * One `--reader SPEC`, such as `serial:/dev/ttyUSB0?protocol=rdm6300&slot=1`.
 *
 * The path goes literally up to the first `?` (by-path names hold colons); the parameters after it are a URL's query.
 * `why` is one line that names the cause and the remedy.
 */
export function parseReaderSpec(text: string): ParsedSpec {
  const colon = text.indexOf(":");
  const scheme = colon < 0 ? text : text.slice(0, colon);
  switch (colon < 0 ? "" : scheme) {
    case "serial":
      return parseSerial(text, text.slice(colon + 1));
    case "pcsc":
    case "evdev":
      return wrong(
        text,
        `${scheme}: readers are planned but not built yet; use a serial reader for now, as in ${EXAMPLE}`,
      );
    case "virtual":
      return wrong(text, "virtual readers come by themselves in demo mode and cannot be asked for; leave this out");
    default:
      return wrong(text, `unknown kind of reader ${quote(scheme)}; write it as ${EXAMPLE}`);
  }
}

function parseSerial(text: string, rest: string): ParsedSpec {
  const mark = rest.indexOf("?");
  const path = serialPath(mark < 0 ? rest : rest.slice(0, mark));
  if (!path.ok) return wrong(text, path.why);

  const query = readQuery(mark < 0 ? "" : rest.slice(mark + 1));
  if (!query.ok) return wrong(text, query.why);

  const protocolName = query.values.get("protocol");
  if (protocolName === undefined)
    return wrong(text, `protocol is missing; add protocol= and one of ${knownProtocols()}`);
  if (!isProtocolName(protocolName)) {
    return wrong(text, `unknown protocol ${quote(protocolName)}; use one of ${knownProtocols()}`);
  }
  const protocol = serialProtocol(protocolName);

  const slot = wholeNumber(query.values, "slot", [1, MAX_SLOT]);
  if (!slot.ok) return wrong(text, slot.why);
  const baud = wholeNumber(query.values, "baud", BAUD_LIMITS);
  if (!baud.ok) return wrong(text, baud.why);
  const gapMs = wholeNumber(query.values, "gap", GAP_LIMITS_MS);
  if (!gapMs.ok) return wrong(text, gapMs.why);
  const name = query.values.get("name");
  if (name !== undefined && !isName(name)) {
    return wrong(text, `name must be 1 to ${MAX_NAME_LENGTH} printable characters; shorten it or leave it out`);
  }
  return {
    ok: true,
    spec: {
      kind: "serial",
      id: `serial:${path.value}`,
      path: path.value,
      protocol: protocolName,
      baud: baud.value ?? protocol.baud,
      sameTapMs: gapMs.value ?? protocol.sameTapMs,
      name: name ?? `${protocol.title} on ${lastPart(path.value)}`,
      slot: slot.value,
    },
  };
}

type Read<T> = { ok: true; value: T } | { ok: false; why: string };

function serialPath(path: string): Read<string> {
  if (path === "") return { ok: false, why: `the path of the port is missing; write it as ${EXAMPLE}` };
  if (/\p{Cc}/u.test(path)) return { ok: false, why: "the path holds a control character; check the quoting" };
  if (path.startsWith("/")) return { ok: true, value: posix.normalize(path) };
  // Windows: COM3, or \\.\COM12 as its own tools write it.
  const com = /^(?:\\\\\.\\)?(COM\d{1,3})$/i.exec(path)?.[1];
  if (com !== undefined) return { ok: true, value: com.toUpperCase() };
  return { ok: false, why: `${quote(path)} is not a full path; write it as ${EXAMPLE}, or serial:COM3 on Windows` };
}

function readQuery(query: string): { ok: true; values: Map<string, string> } | { ok: false; why: string } {
  const values = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!PARAMETERS.has(key)) {
      return { ok: false, why: `unknown parameter ${quote(key)}; use ${[...PARAMETERS].join(", ")}` };
    }
    if (values.has(key)) return { ok: false, why: `${key} is given twice; keep one` };
    values.set(key, value);
  }
  return { ok: true, values };
}

function wholeNumber(
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
  return name.trim() !== "" && name.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(name);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function knownProtocols(): string {
  return PROTOCOL_NAMES.join(", ");
}

function wrong(text: string, why: string): { ok: false; why: string } {
  return { ok: false, why: `reader ${quote(text)}: ${why}` };
}

/** In quotes, on one line, without control characters, and not endless. */
function quote(text: string): string {
  return `"${oneLine(text)}"`;
}
