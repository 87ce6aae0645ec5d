/** Which devices are plugged into which USB port, as Linux tells it in `/sys`. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename, join } from "node:path";

export interface UsbDevice {
  /** Bus and ports on the way, `1-2.3`: the same socket has it after each replug. */
  readonly port: string;
  readonly bus: number;
  /** Its address on the bus: another after each replug. */
  readonly address: number;
  /** As pcscd names a reader: maker and product. */
  readonly title: string;
  /** A driver of the kernel that keeps pcscd from it; null: none does. */
  readonly heldBy: string | null;
}

/** Many times what a hub of hubs takes. */
const MAX_DEVICES = 1_000;
/** `pn533_usb`, in old kernels `pn533`: takes an ACR122U for itself. */
const HOLDS_READERS = /^pn533/;

/** Empty where there is no such folder. Never rejects. @param root another than `/sys` for tests */
export async function readUsbDevices(root = "/sys"): Promise<UsbDevice[]> {
  const folder = join(root, "bus/usb/devices");
  const names = ((await attempt(readdir(folder))) ?? []).slice(0, MAX_DEVICES);
  const holders = new Map<string, string>();
  for (const name of names.filter((entry) => entry.includes(":"))) {
    const driver = await attempt(readlink(join(folder, name, "driver")));
    if (driver === null || !HOLDS_READERS.test(basename(driver))) continue;
    holders.set(name.slice(0, name.indexOf(":")), basename(driver));
  }
  const devices: UsbDevice[] = [];
  for (const port of names.filter((entry) => !entry.includes(":"))) {
    const word = async (file: string) => (await attempt(readFile(join(folder, port, file), "utf8")))?.trim() ?? "";
    const [bus, address] = [await word("busnum"), await word("devnum")];
    if (!/^\d{1,3}$/.test(bus) || !/^\d{1,3}$/.test(address)) continue;
    const title = `${await word("manufacturer")} ${await word("product")}`.trim();
    devices.push({ port, bus: Number(bus), address: Number(address), title, heldBy: holders.get(port) ?? null });
  }
  return devices;
}

/** What went away while we looked is not there. */
async function attempt<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch {
    return null;
  }
}
