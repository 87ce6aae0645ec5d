import type { Reader, ReaderEvents } from "./driver.ts";
import type { ReaderSpec } from "./spec.ts";
import type { SerialDeps } from "./serial/port.ts";
import { openSerialReader } from "./serial/serial-reader.ts";
import { systemSerialDeps } from "./serial/system-port.ts";

/** What the drivers need of the machine. */
export type DriverDeps = SerialDeps;

type Driver<Kind extends ReaderSpec["kind"]> = (
  spec: Extract<ReaderSpec, { kind: Kind }>,
  events: ReaderEvents,
  deps: DriverDeps,
) => Reader;

/** One line per driver. */
const DRIVERS: { [Kind in ReaderSpec["kind"]]: Driver<Kind> } = {
  serial: openSerialReader,
};

/** A reader for a parsed spec; it begins to open at once and tells by `events.onState` how that went. */
export function openReader(spec: ReaderSpec, events: ReaderEvents, deps: DriverDeps = systemSerialDeps): Reader {
  return DRIVERS[spec.kind](spec, events, deps);
}
