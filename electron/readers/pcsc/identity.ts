/**
 * Where a reader is plugged, from what pcscd and Linux say: that is who it is. pcscd's own names end in running numbers,
 * and a new reader gets the number of one that left, so they say nothing about which is which.
 */
import type { UsbDevice } from "./sysfs.ts";

/** A reader as pcscd names it now. `channel`: its CHANNEL_ID attribute; null where its driver has none. */
export interface NamedReader {
  readonly name: string;
  readonly channel: number | null;
}

export interface Place {
  /** What follows `pcsc:` in its id: the same after each replug into the same socket. */
  readonly place: string;
  /** For people: what it says of itself, without running numbers. */
  readonly title: string;
  /** For people: where it is plugged; null where that cannot be told. */
  readonly port: string | null;
}

/** A slot for a security module, as the ACR1252 has one: no card can be held to it. */
export function isSamSlot(name: string): boolean {
  return /\bSAM\b/.test(name);
}

/**
 * The readers' places, in the order of the readers; null: it is on USB, and that device is not to be found (yet).
 *
 * Several readers in one device (slots, interfaces) differ by name or slot, else by their order in it, which is the device's
 * own. Readers that are not on USB keep pcscd's name; the numbers are left out where they are 00, as they then say nothing.
 */
export function placesOf(readers: readonly NamedReader[], devices: readonly UsbDevice[]): (Place | null)[] {
  const places = readers.map((reader) => placeOf(reader, devices));
  const taken = new Map<string, number>();
  // By name: within one device the running numbers go up in the order of its interfaces.
  const order = readers.map((_, at) => at).toSorted((a, b) => compare(readers[a]?.name ?? "", readers[b]?.name ?? ""));
  for (const at of order) {
    const place = places[at];
    if (place === null || place === undefined) continue;
    const before = taken.get(place.place) ?? 0;
    taken.set(place.place, before + 1);
    if (before > 0) places[at] = { ...place, place: `${place.place} #${before + 1}` };
  }
  return places;
}

function placeOf({ name, channel }: NamedReader, devices: readonly UsbDevice[]): Place | null {
  const { title, number, slot } = splitName(plain(name));
  const usb = channel === null ? null : usbAddress(channel);
  if (usb === null) return { place: number === 0 && slot === 0 ? title : plain(name), title, port: null };
  const device = devices.find(({ bus, address }) => bus === usb.bus && address === usb.address);
  if (device === undefined) return null;
  const slotWord = slot === 0 ? "" : ` slot ${slot}`;
  return { place: `usb-${device.port}:${title}${slotWord}`, title, port: `USB ${device.port}` };
}

/** pcscd's `TITLE NN SS`: the running number of the reader, the number of its slot, both in hexadecimal. */
function splitName(name: string): { title: string; number: number; slot: number } {
  const [, title, number, slot] = /^(.+) ([0-9A-F]{2}) ([0-9A-F]{2})$/s.exec(name) ?? [];
  if (title === undefined || number === undefined || slot === undefined) return { title: name, number: 0, slot: 0 };
  return { title, number: Number.parseInt(number, 16), slot: Number.parseInt(slot, 16) };
}

/** 0x0020BBDD, as libccid has it; any other channel is not on USB. */
function usbAddress(channel: number): { bus: number; address: number } | null {
  if (channel >>> 16 !== 0x0020) return null;
  return { bus: (channel >>> 8) & 0xff, address: channel & 0xff };
}

/** What no spec may hold, and no screen shows. */
function plain(name: string): string {
  return name.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "?");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
