import { posix } from "node:path";
import {
  type CommonParameters,
  COMMON_PARAMETERS,
  quote,
  type Read,
  readCommon,
  readQuery,
  splitSpec,
  wholeNumber,
} from "../spec-query.ts";
import { isProtocolName, PROTOCOL_NAMES, type ProtocolName, serialProtocol } from "./protocols.ts";

/** A reader on a serial line, as `--reader` asks for it. Everything optional in the text is filled in here. */
export interface SerialSpec {
  readonly kind: "serial";
  /** `serial:` and the normalised path: where it is plugged. The same for every way of writing that path. */
  readonly id: string;
  readonly path: string;
  readonly protocol: ProtocolName;
  readonly baud: number;
  /** Whether a device of which that is not known by its protocol understands a line back: `OK` or `NO`. */
  readonly lineBack: boolean;
  /** How long a tag may go unseen and still be the same presentation, in milliseconds. */
  readonly sameTapMs: number;
  /** For people. */
  readonly name: string;
  /** The answer's position it stands for, 1–50; `undefined` until the operator assigns one. */
  readonly slot: number | undefined;
}

export const SERIAL_EXAMPLE = "serial:/dev/ttyUSB0?protocol=rdm6300&slot=1";

/** Slowest and fastest line that USB serial adapters do. */
const BAUD_LIMITS = [110, 4_000_000] as const;
const [SLOT, ...OTHER_COMMON] = COMMON_PARAMETERS;
const PARAMETERS = ["protocol", SLOT, "baud", ...OTHER_COMMON, "feedback"] as const;

/** @param rest the spec after `serial:` */
export function parseSerialSpec(rest: string): Read<SerialSpec> {
  const { place, query } = splitSpec(rest);
  const path = serialPath(place);
  if (!path.ok) return path;
  const values = readQuery(query, PARAMETERS);
  if (!values.ok) return values;
  const protocol = protocolOf(values.value);
  if (!protocol.ok) return protocol;
  const common = readCommon(values.value);
  if (!common.ok) return common;
  const baud = wholeNumber(values.value, "baud", BAUD_LIMITS);
  if (!baud.ok) return baud;
  const lineBack = lineBackOf(values.value, protocol.value);
  if (!lineBack.ok) return lineBack;
  return { ok: true, value: filledIn(path.value, protocol.value, common.value, baud.value, lineBack.value) };
}

/** The spec's text that opens a port as this protocol; `baud` only where it is not the protocol's own. */
export function serialSpecText(path: string, protocol: ProtocolName, baud: number): string {
  const own = serialProtocol(protocol).baud;
  return `serial:${path}?protocol=${protocol}${baud === own ? "" : `&baud=${baud}`}`;
}

function filledIn(
  path: string,
  protocol: ProtocolName,
  { slot, name, sameTapMs }: CommonParameters,
  baud: number | undefined,
  lineBack: boolean,
): SerialSpec {
  const known = serialProtocol(protocol);
  return {
    kind: "serial",
    id: `serial:${path}`,
    path,
    protocol,
    baud: baud ?? known.baud,
    lineBack,
    sameTapMs: sameTapMs ?? known.sameTapMs,
    name: name ?? `${known.title} on ${lastPart(path)}`,
    slot,
  };
}

function serialPath(path: string): Read<string> {
  if (path === "") return { ok: false, why: `the path of the port is missing; write it as ${SERIAL_EXAMPLE}` };
  if (/\p{Cc}/u.test(path)) return { ok: false, why: "the path holds a control character; check the quoting" };
  if (path.startsWith("/")) return { ok: true, value: posix.normalize(path) };
  // Windows: COM3, or \\.\COM12 as its own tools write it.
  const com = /^(?:\\\\\.\\)?(COM\d{1,3})$/i.exec(path)?.[1];
  if (com !== undefined) return { ok: true, value: com.toUpperCase() };
  const why = `${quote(path)} is not a full path; write it as ${SERIAL_EXAMPLE}, or serial:COM3 on Windows`;
  return { ok: false, why };
}

function protocolOf(values: ReadonlyMap<string, string>): Read<ProtocolName> {
  const known = PROTOCOL_NAMES.join(", ");
  const name = values.get("protocol");
  if (name === undefined) return { ok: false, why: `protocol is missing; add protocol= and one of ${known}` };
  if (isProtocolName(name)) return { ok: true, value: name };
  return { ok: false, why: `unknown protocol ${quote(name)}; use one of ${known}` };
}

/** Only where the operator says so: a sketch that does not expect a line must not be sent one. */
function lineBackOf(values: ReadonlyMap<string, string>, protocol: ProtocolName): Read<boolean> {
  const word = values.get("feedback");
  if (word === undefined) return { ok: true, value: false };
  if (word !== "line") return { ok: false, why: `feedback is ${quote(word)}; the only one is feedback=line` };
  if (serialProtocol(protocol).takesLines) return { ok: true, value: true };
  return { ok: false, why: `a ${serialProtocol(protocol).title} takes no lines; leave out feedback` };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
