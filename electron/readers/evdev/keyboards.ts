/** Which keyboards are plugged in, and where, as Linux tells it in `/sys` and udev by its links. No udevadm. */
import { access, constants, readdir, readFile, readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { BY_PATH, isPlace } from "./evdev-spec.ts";

export interface Keyboard {
  /** A by-path link's name, or what the kernel says of the port: stable over replug and restart (evdev-spec.ts). */
  readonly place: string;
  /** What it says of itself. */
  readonly name: string;
  /** Its node now: `/dev/input/event5`. */
  readonly node: string;
  /** We may read it. */
  readonly readable: boolean;
}

/** Where the machine's devices are, for tests elsewhere. */
export interface Roots {
  sys: string;
  dev: string;
  /** There while udev runs. */
  udev: string;
}
export const SYSTEM_ROOTS: Roots = { sys: "/sys", dev: "/dev", udev: "/run/udev/control" };

/** Many times what a hub of hubs takes. */
const MAX_DEVICES = 1_000;
/** The digits above the letters, and Enter: what every wedge has, and no mouse, lamp or power button. */
const WEDGE_KEYS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28] as const;
/** The kernel writes the bits of 64 keys as one word. */
const WORD_BITS = 64;

/** Those whose place can be told, each place once. Empty where there is no such folder. Never rejects. */
export async function readKeyboards(roots: Roots = SYSTEM_ROOTS): Promise<Keyboard[]> {
  const folder = join(roots.sys, "class/input");
  const events = ((await attempt(readdir(folder))) ?? []).filter((name) => /^event\d{1,6}$/.test(name));
  const links = await readByPath(roots);
  // A second after it was plugged in a keyboard has no link yet. Where udev runs it will: it must not have two identities.
  const hasUdev = (await attempt(access(roots.udev).then(() => true))) ?? false;
  const keyboards = await Promise.all(
    events.slice(0, MAX_DEVICES).map((event) => readOne(folder, event, links, hasUdev, roots)),
  );
  const byPlace = new Map(keyboards.flatMap((keyboard) => (keyboard === null ? [] : [[keyboard.place, keyboard]])));
  return [...byPlace.values()].toSorted((a, b) => (a.place < b.place ? -1 : 1));
}

/** Does the kernel's word list of keys (`capabilities/key`, most significant word first) have all that a wedge types? */
export function hasWedgeKeys(capabilities: string): boolean {
  const words = capabilities.trim().split(/\s+/).toReversed();
  return WEDGE_KEYS.every((key) => {
    const word = words[Math.floor(key / WORD_BITS)] ?? "0";
    return /^[\da-f]{1,16}$/i.test(word) && ((BigInt(`0x${word}`) >> BigInt(key % WORD_BITS)) & 1n) === 1n;
  });
}

async function readOne(
  folder: string,
  event: string,
  links: readonly Link[],
  hasUdev: boolean,
  roots: Roots,
): Promise<Keyboard | null> {
  const word = async (file: string) =>
    (await attempt(readFile(join(folder, event, "device", file), "utf8")))?.trim() ?? "";
  if (!hasWedgeKeys(await word("capabilities/key"))) return null;
  // Without a place it would be one of many, told apart by the order in which they came: such as programs make.
  const phys = await word("phys");
  const link = links.find(({ leadsTo, name }) => leadsTo === event && isOfPort(name, phys));
  const place = link?.name ?? phys;
  if (!isPlace(place) || (link === undefined && (hasUdev || !place.includes("/")))) return null;
  const node = join(roots.dev, "input", event);
  const readable = (await attempt(access(node, constants.R_OK).then(() => true))) ?? false;
  return { place, name: (await word("name")) || "Keyboard", node, readable };
}

interface Link {
  name: string;
  leadsTo: string;
}

/** In order of names: newer udev makes two for a device, and which one is taken must be the same at each start. */
async function readByPath(roots: Roots): Promise<Link[]> {
  const folder = join(roots.dev, BY_PATH.slice("/dev/".length));
  const names = ((await attempt(readdir(folder))) ?? []).slice(0, MAX_DEVICES).toSorted();
  return Promise.all(
    names.map(async (name) => ({ name, leadsTo: basename((await attempt(readlink(join(folder, name)))) ?? "") })),
  );
}

/**
 * A link may linger after an unplug, and lead to whatever got the number of its device: so it has to be of the port that
 * the kernel names for the device. `phys` of a USB keyboard is `usb-CONTROLLER-PORTS/inputINTERFACE` (hid-core.c of usbhid).
 */
function isOfPort(link: string, phys: string): boolean {
  const [, controller, ports, iface] = /^usb-(.+)-([\d.]+)\/input(\d+)$/.exec(phys) ?? [];
  if (controller === undefined) return true;
  const [, linkPorts, linkInterface] = /-usb(?:v\d)?-0:([\d.]+):\d+\.(\d+)-/.exec(link) ?? [];
  return link.includes(controller) && linkPorts === ports && linkInterface === iface;
}

/** What went away while we looked is not there. */
async function attempt<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch {
    return null;
  }
}
