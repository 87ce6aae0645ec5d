/**
 * Serial ports as Linux lists them under /sys, without starting udevadm for it (as `SerialPort.list()` does, for 70–390 ms
 * each time, and it fails where there is none).
 */
import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { oneLine } from "../../../shared/one-line.ts";

/** Other folders in tests. */
export interface SysFolders {
  readonly sys: string;
  readonly dev: string;
}

const SYSTEM_FOLDERS: SysFolders = { sys: "/sys", dev: "/dev" };

export interface SysPort {
  /** What its reader's spec names: the same at each replugging into the same socket. */
  readonly path: string;
  /** The device file that it is now. */
  readonly device: string;
  /** What it says of itself. */
  readonly name: string;
  /** The socket, for people; null where there is none. */
  readonly port: string | null;
  /** `path` is by udev's link, not only by the place under /sys. */
  readonly linked: boolean;
}

/** Real ports: consoles (tty1) and pseudo-terminals have other names, printk has no device. */
const NAME = /^tty[A-Z]+\d+$/;
/** `type` of a ttyS without a chip behind it. */
const NO_UART = "0";
/** A long name of a product and its number fit. */
const MAX_NAME_LENGTH = 120;

/** Throws where there is no /sys. */
export async function listSysPorts(folders: SysFolders = SYSTEM_FOLDERS): Promise<SysPort[]> {
  const names = (await readdir(join(folders.sys, "class", "tty"))).filter((name) => NAME.test(name));
  if (names.length === 0) return [];
  const links = await byPathLinks(folders);
  const ports = await Promise.all(names.toSorted().map((name) => portOf(name, links, folders)));
  return ports.filter((port) => port !== undefined);
}

/**
 * The device file that a spec's path leads to. A place under /sys (the folder of a USB interface, which is where the socket
 * is) holds the port's folder; every other path is a device file already, or a link to one.
 */
export async function deviceOf(path: string, { sys, dev }: SysFolders = SYSTEM_FOLDERS): Promise<string> {
  if (!path.startsWith(`${sys}/`)) return path;
  for (const folder of [path, join(path, "tty")]) {
    const names: string[] = await readdir(folder).catch(() => []);
    const name = names.find((entry) => NAME.test(entry));
    if (name !== undefined) return join(dev, name);
  }
  return path;
}

async function portOf(
  name: string,
  links: ReadonlyMap<string, string>,
  folders: SysFolders,
): Promise<SysPort | undefined> {
  const entry = join(folders.sys, "class", "tty", name);
  const place = await realpath(join(entry, "device")).catch(() => undefined);
  if (place === undefined || (await line(join(entry, "type"))) === NO_UART) return undefined;
  const device = join(folders.dev, name);
  const usb = await usbAbove(place);
  const link = links.get(name);
  // Ports of one interface after the first have no place of their own; they keep the name of the moment.
  const isFirst = ((await line(join(place, "port_number"))) ?? "0") === "0";
  const own = usb === undefined || !isFirst ? device : usb.interface;
  return {
    path: link ?? own,
    device,
    name: (usb && (await usbName(usb.device))) ?? `Serial port ${name}`,
    port: usb === undefined ? name : `USB ${basename(usb.device)}`,
    linked: link !== undefined || usb === undefined,
  };
}

/** Of the device files, by name: udev's link that says where each is plugged. */
async function byPathLinks({ dev }: SysFolders): Promise<Map<string, string>> {
  const folder = join(dev, "serial", "by-path");
  const links = new Map<string, string>();
  const names: string[] = await readdir(folder).catch(() => []);
  // The newer of udev's two names for a USB port sorts last (usbv2 beside usb); the older is on every system.
  for (const name of names.toSorted()) {
    const target = await readlink(join(folder, name)).catch(() => undefined);
    if (target === undefined) continue;
    const device = basename(resolve(folder, target));
    if (!links.has(device)) links.set(device, join(folder, name));
  }
  return links;
}

interface UsbPlace {
  interface: string;
  device: string;
}

/** A tty's device is inside of its USB interface's folder or is it, and that is inside of the USB device's. */
async function usbAbove(place: string): Promise<UsbPlace | undefined> {
  for (let folder = place; dirname(folder) !== folder; folder = dirname(folder)) {
    if ((await line(join(folder, "bInterfaceNumber"))) !== undefined)
      return { interface: folder, device: dirname(folder) };
  }
  return undefined;
}

async function usbName(device: string): Promise<string | undefined> {
  const said = await Promise.all(["manufacturer", "product", "serial"].map((file) => line(join(device, file))));
  const words = said.filter((word) => word !== undefined && word !== "");
  return words.length === 0 ? undefined : oneLine(words.join(" "), MAX_NAME_LENGTH);
}

async function line(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text?.trim();
}
