/**
 * A small machine in software (QEMU), with the host's files read-only, on whose kernel devices are plugged for real. What
 * runs in it asks for a smart-card reader by a line on its console, `HOST plug|unplug|card|take NAME`, and is answered by
 * the device coming and going.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connectCard, type VmCard } from "./vm-card.ts";
import { writeInitrd, type VmKernel } from "./vm-kernel.ts";
import { connectQmp } from "./vm-qmp.ts";

/** As many as the tests ask for; each has a socket for its card. */
const CCID_NAMES = ["a", "b"] as const;
type CcidName = (typeof CCID_NAMES)[number];

const MEMORY_MB = 1_500;

export interface VmEnd {
  /** Lines the guest wrote, without the boot's. */
  lines: string[];
  timedOut: boolean;
}

/**
 * Boots, runs `guest` (a shell command) and resolves when the machine is off.
 * @param folder empty, for its sockets and first file system
 * @param onLine each line of the guest as it comes
 */
export async function runVm(
  kernel: VmKernel,
  guest: string,
  folder: string,
  limitMs: number,
  onLine: (line: string) => void,
): Promise<VmEnd> {
  const qmpPath = join(folder, "qmp.sock");
  const child = spawn("qemu-system-x86_64", flags(kernel, writeInitrd(kernel, guest, folder), folder, qmpPath), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve());
    child.once("error", (cause) => reject(new Error("qemu-system-x86_64 cannot be started", { cause })));
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, limitMs);
  const bench = createBench(qmpPath, folder);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const asked = /^HOST (plug|unplug|card|take) ([ab])(?: ([0-9a-f]+))?\s*$/.exec(line);
    if (asked !== null) {
      bench.act(asked[1] ?? "", asked[2] === "b" ? "b" : "a", asked[3] ?? "");
      return;
    }
    lines.push(line);
    onLine(line);
  });
  try {
    await closed;
  } finally {
    clearTimeout(timer);
    bench.clear();
  }
  return { lines, timedOut };
}

function flags({ kernel }: VmKernel, initrd: string, folder: string, qmpPath: string): string[] {
  return [
    // A plain processor: with the newer instructions of "max" V8 crashed now and then in the emulator (QEMU 7.2).
    ...`-M q35 -cpu Nehalem -smp 2 -m ${MEMORY_MB} -display none -serial stdio -no-reboot -nic none`.split(" "),
    "-kernel",
    kernel,
    "-initrd",
    initrd,
    "-append",
    // On a busy host the machine's timer is late, and without the last word its kernel gives up in the boot.
    "console=ttyS0 quiet panic=-1 no_timer_check",
    "-virtfs",
    "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
    "-device",
    "qemu-xhci,id=xhci",
    "-qmp",
    `unix:${qmpPath},server=on,wait=off`,
    ...CCID_NAMES.flatMap((name) => [
      "-chardev",
      `socket,id=chip-${name},path=${join(folder, `${name}.sock`)},server=on,wait=off`,
    ]),
  ];
}

/** What the guest has done to its smart-card readers, one thing after the other. */
function createBench(qmpPath: string, folder: string) {
  const cards = new Map<CcidName, VmCard>();
  let doing: Promise<unknown> = Promise.resolve();
  const acts: Record<string, (name: CcidName, uid: string) => Promise<unknown>> = {
    async plug(name) {
      const qmp = await connectQmp(qmpPath);
      await qmp.ask("device_add", { driver: "usb-ccid", id: `ccid-${name}`, bus: "xhci.0", port: PORTS[name] });
      await qmp.ask("device_add", {
        driver: "ccid-card-passthru",
        id: `slot-${name}`,
        bus: `ccid-${name}.0`,
        chardev: `chip-${name}`,
      });
      qmp.close();
    },
    async unplug(name) {
      cards.get(name)?.close();
      cards.delete(name);
      const qmp = await connectQmp(qmpPath);
      await qmp.ask("device_del", { id: `ccid-${name}` });
      qmp.close();
    },
    async card(name, uid) {
      cards.set(name, await connectCard(join(folder, `${name}.sock`), Buffer.from(uid, "hex")));
    },
    take(name) {
      cards.get(name)?.close();
      cards.delete(name);
      return Promise.resolve();
    },
  };
  return {
    act(what: string, name: CcidName, uid: string): void {
      doing = doing
        .then(() => acts[what]?.(name, uid))
        .catch((error: unknown) => console.error(`host: ${what} ${name}: ${String(error)}`));
    },
    clear(): void {
      for (const card of cards.values()) card.close();
    },
  };
}

/** Where each is plugged, again and again. */
const PORTS: Record<CcidName, string> = { a: "1", b: "2" };
