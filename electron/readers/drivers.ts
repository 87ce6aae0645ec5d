import type { Reader, ReaderEvents } from "./driver.ts";
import { openEvdevReader } from "./evdev/evdev-reader.ts";
import { systemEvdevDeps } from "./evdev/system-keyboard.ts";
import { openPcscReader } from "./pcsc/pcsc-reader.ts";
import { systemPcscDeps } from "./pcsc/system-bay.ts";
import { openSerialReader } from "./serial/serial-reader.ts";
import { systemSerialDeps } from "./serial/system-port.ts";
import type { DeviceSpec, SpecOf } from "./spec.ts";

/** One line per kind of reader; serial protocols have theirs in serial/protocols.ts. */
const DRIVERS: { [Kind in DeviceSpec["kind"]]: (spec: SpecOf<Kind>, events: ReaderEvents) => Reader } = {
  serial: (spec, events) => openSerialReader(spec, events, systemSerialDeps),
  evdev: (spec, events) => openEvdevReader(spec, events, systemEvdevDeps),
  pcsc: (spec, events) => openPcscReader(spec, events, systemPcscDeps()),
};

/** A reader for a parsed spec; it begins to open at once and tells by `events.onState` how that went. */
export function openReader<Kind extends DeviceSpec["kind"]>(spec: SpecOf<Kind>, events: ReaderEvents): Reader {
  return DRIVERS[spec.kind](spec, events);
}
