/** The bay of this machine: pcscd's socket on Linux, pcsc-mini elsewhere. One for the process, whoever attends. */
import { systemClock } from "../../clock.ts";
import { createBay } from "./bay.ts";
import { miniLinks } from "./mini-link.ts";
import type { PcscDeps } from "./pcsc-reader.ts";
import { openPcscdLink } from "./pcscd-link.ts";
import { readUsbDevices } from "./sysfs.ts";

let deps: PcscDeps | undefined;

export function systemPcscDeps(): PcscDeps {
  deps ??= {
    bay: createBay({
      openLink:
        process.platform === "linux"
          ? () => openPcscdLink()
          : miniLinks(() => import("pcsc-mini"), systemClock.setTimer),
      readUsb: () => readUsbDevices(),
      clock: systemClock,
      random: Math.random,
    }),
    setTimer: systemClock.setTimer,
  };
  return deps;
}
