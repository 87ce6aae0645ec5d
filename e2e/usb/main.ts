/**
 * `npm run test:usb`: readers on real kernel devices, in a small machine of their own. About two minutes; outside `npm test`,
 * because it needs a kernel of 70 MB and QEMU, and is slow without hardware help.
 */
import { join } from "node:path";
import { PROJECT } from "../rig/program.ts";
import { openScratch } from "../rig/scratch.ts";
import { findUsbTools } from "./usb-tools.ts";
import { vmKernel } from "./vm-kernel.ts";
import { runVm } from "./vm.ts";

/** Software emulation on a busy machine; it takes about two minutes on a quiet one. */
const LIMIT_MS = 900_000;
/** Times slower than the machine it runs on, at most. */
const SLOWNESS = 10;
const GUEST = join(PROJECT, "e2e", "usb", "guest");

const missing = findUsbTools();
if (missing.length > 0) {
  console.log(`not run: readers on real kernel devices (missing: ${missing.join(", ")}; install with apt-get install)`);
  process.exitCode = 1;
} else await run();

async function run(): Promise<void> {
  const guest = `export POLLING_STATION_SLOWNESS=${SLOWNESS}; sh ${GUEST}/set-up.sh && cd ${PROJECT} && ${process.execPath} ${GUEST}/main.ts`;
  const { lines, timedOut } = await runVm(vmKernel(), guest, openScratch("usb"), LIMIT_MS, (line) => console.log(line));
  const passed = lines.filter((line) => line.startsWith("ok ")).length;
  const failed = lines.filter((line) => line.startsWith("not ok ")).length;
  const whole = lines.some((line) => line.startsWith("end of tests"));
  if (timedOut) console.log(`the machine was not done within ${LIMIT_MS / 1_000} s`);
  if (!whole) console.log("the tests did not come to their end");
  console.log(`${passed} passed, ${failed + (whole ? 0 : 1)} failed`);
  process.exitCode = failed === 0 && whole ? 0 : 1;
}
