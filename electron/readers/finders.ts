import type { OpenFinder } from "./finder.ts";
import { createEvdevFinder } from "./evdev/finder.ts";
import { systemEvdevFinderDeps } from "./evdev/system-keyboard.ts";
import { createPcscFinder } from "./pcsc/finder.ts";
import { systemPcscDeps } from "./pcsc/system-bay.ts";
import { createSerialFinder } from "./serial/finder.ts";
import { systemSerialFinderDeps } from "./serial/system-ports.ts";
import type { DeviceSpec } from "./spec.ts";

/** What looks for devices of each kind: one line per kind. */
export const FINDERS: { readonly [Kind in DeviceSpec["kind"]]?: OpenFinder } = {
  serial: createSerialFinder(systemSerialFinderDeps),
  evdev: createEvdevFinder(systemEvdevFinderDeps),
  pcsc: createPcscFinder(systemPcscDeps),
};
