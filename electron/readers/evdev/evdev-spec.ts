/**
 * `evdev:/dev/input/by-path/…-event-kbd?slot=1&name=…&gap=…&digits=…&reversed=…`: the keyboard wedge that is plugged there. In place
 * of a path also the name of such a link alone, or what the kernel says of the port (`usb-0000:00:14.0-2/input0`), for
 * machines without udev, which makes those links.
 */
import { basename, dirname, posix } from "node:path";
import {
  DigitsForm,
  MAX_READER_ID_LENGTH,
  MAX_READER_NAME_LENGTH,
  PLAIN_FORMAT,
  type UidFormat,
} from "../../../shared/domain/mapping.ts";
import { COMMON_PARAMETERS, quote, readCommon, readQuery, splitSpec, type Read } from "../spec-query.ts";

export interface EvdevSpec {
  readonly kind: "evdev";
  /** `evdev:` and the place. */
  readonly id: string;
  /** A by-path link's name, the kernel's name of a port (with a slash in it), or a full path to anything else. */
  readonly place: string;
  /** How long a tag may go unseen and still be the same presentation, in milliseconds. */
  readonly sameTapMs: number;
  readonly name: string;
  /** The answer's position it stands for, 1–50; `undefined` until the operator assigns one. */
  readonly slot: number | undefined;
  /** How it writes numbers, as long as nobody said otherwise in the panel. */
  readonly format: UidFormat;
}

export const BY_PATH = "/dev/input/by-path";
const SCHEME = "evdev:";
const EXAMPLE = "evdev:/dev/input/by-path/pci-0000:00:14.0-usb-0:2:1.0-event-kbd?slot=1";
const PARAMETERS = [...COMMON_PARAMETERS, "digits", "reversed"] as const;

/** A wedge types a number once when the tag comes, and most type it again only when it went and came back. */
const SAME_TAP_MS = 1_000;

/** @param rest the spec after `evdev:` */
export function parseEvdevSpec(rest: string): Read<EvdevSpec> {
  const { place: written, query } = splitSpec(rest);
  const place = readPlace(written);
  if (!place.ok) return place;
  const values = readQuery(query, PARAMETERS);
  if (!values.ok) return values;
  const common = readCommon(values.value);
  if (!common.ok) return common;
  const format = readFormat(values.value);
  if (!format.ok) return format;
  const { slot, name = nameOf(place.value), sameTapMs = SAME_TAP_MS } = common.value;
  const id = evdevId(place.value);
  return { ok: true, value: { kind: "evdev", id, place: place.value, sameTapMs, name, slot, format: format.value } };
}

export function evdevId(place: string): string {
  return SCHEME + place;
}

/** The text that opens the wedge at this place. */
export function evdevSpecText(place: string): string {
  return isByPath(place) ? `${SCHEME}${BY_PATH}/${place}` : SCHEME + place;
}

export function isByPath(place: string): boolean {
  return !place.includes("/");
}

/** A place that a spec can name: `?` parts it from the parameters. */
export function isPlace(place: string): boolean {
  return place !== "" && !/[\p{Cc}\u2028\u2029?]/u.test(place) && place.length <= MAX_READER_ID_LENGTH - SCHEME.length;
}

function readPlace(written: string): Read<string> {
  if (written === "") return { ok: false, why: `the path of the keyboard is missing; write it as ${EXAMPLE}` };
  if (/[\p{Cc}\u2028\u2029]/u.test(written)) {
    return { ok: false, why: "the path holds a control character; check the quoting" };
  }
  if (!isPlace(written)) return { ok: false, why: `the path is too long; write it as ${EXAMPLE}` };
  const path = written.startsWith("/") ? posix.normalize(written) : written;
  return { ok: true, value: dirname(path) === BY_PATH ? basename(path) : path };
}

function readFormat(values: ReadonlyMap<string, string>): Read<UidFormat> {
  const digits = DigitsForm.options.find((form) => form === (values.get("digits") ?? PLAIN_FORMAT.digits));
  if (digits === undefined) {
    const why = `digits is ${quote(values.get("digits") ?? "")}; it must be one of ${DigitsForm.options.join(", ")}`;
    return { ok: false, why };
  }
  const reversed = values.get("reversed") ?? "no";
  if (reversed !== "yes" && reversed !== "no") {
    return { ok: false, why: `reversed is ${quote(reversed)}; it must be yes or no` };
  }
  return { ok: true, value: { ...PLAIN_FORMAT, digits, reversed: reversed === "yes" } };
}

/** `pci-0000:00:14.0-usb-0:2.1:1.0-event-kbd` → `Wedge on USB 2.1`. */
function nameOf(place: string): string {
  const where = usbOf(place);
  const name = `Wedge on ${where === null ? place.slice(place.lastIndexOf("/") + 1) : `USB ${where.ports}`}`;
  return name.slice(0, MAX_READER_NAME_LENGTH).trimEnd();
}

/** Ports on the way from the controller, and which controller, for people; null where the place names none. */
export function portOf(place: string): string | null {
  const where = usbOf(place);
  return where && `USB ${where.ports} of ${where.controller}`;
}

function usbOf(place: string): { controller: string; ports: string } | null {
  const [, controller, ports] =
    /^(?:pci-|platform-)?(.+?)-usb(?:v\d)?-0:([\d.]{1,20}):[\d.]+-/.exec(place) ??
    /^usb-(.+)-([\d.]{1,20})\/input\d+$/.exec(place) ??
    [];
  return controller === undefined || ports === undefined ? null : { controller, ports };
}
