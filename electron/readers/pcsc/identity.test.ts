import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSamSlot, placesOf } from "./identity.ts";
import { readUsbDevices, type UsbDevice } from "./sysfs.ts";

const TWIN = "ACS ACR122U PICC Interface";

let root = "";
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "polling-station-sys-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A device as Linux shows it, with one interface and the driver bound to that. */
function plugIn(port: string, bus: number, address: number, driver = "usbfs"): void {
  const folder = join(root, "bus/usb/devices", port);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "busnum"), `${bus}\n`);
  writeFileSync(join(folder, "devnum"), `${address}\n`);
  writeFileSync(join(folder, "manufacturer"), "ACS\n");
  writeFileSync(join(folder, "product"), "ACR122U PICC Interface\n");
  const own = join(root, "bus/usb/devices", `${port}:1.0`);
  const driverFolder = join(root, "bus/usb/drivers", driver);
  mkdirSync(own, { recursive: true });
  mkdirSync(driverFolder, { recursive: true });
  symlinkSync(driverFolder, join(own, "driver"));
}

const channelOf = (bus: number, address: number): number => 0x0020_0000 | (bus << 8) | address;

describe("twins", () => {
  test("are told apart by the port, whatever numbers pcscd and the bus give them", async () => {
    plugIn("1-2.3", 1, 17);
    plugIn("1-2.4", 1, 9);
    const first = [
      { name: `${TWIN} 00 00`, channel: channelOf(1, 17) },
      { name: `${TWIN} 01 00`, channel: channelOf(1, 9) },
    ];
    const places = placesOf(first, await readUsbDevices(root)).map((place) => place?.place);
    expect(places).toEqual([`usb-1-2.3:${TWIN}`, `usb-1-2.4:${TWIN}`]);
  });

  test("keep their places when they were plugged in again the other way round", async () => {
    plugIn("1-2.3", 1, 30);
    plugIn("1-2.4", 1, 29);
    const replugged = [
      { name: `${TWIN} 00 00`, channel: channelOf(1, 29) },
      { name: `${TWIN} 01 00`, channel: channelOf(1, 30) },
    ];
    const places = placesOf(replugged, await readUsbDevices(root)).map((place) => place?.place);
    expect(places).toEqual([`usb-1-2.4:${TWIN}`, `usb-1-2.3:${TWIN}`]);
  });

  test("on different buses with one address are two", async () => {
    plugIn("1-1", 1, 5);
    plugIn("3-1", 3, 5);
    const places = placesOf([{ name: `${TWIN} 00 00`, channel: channelOf(3, 5) }], await readUsbDevices(root));
    expect(places).toEqual([{ place: `usb-3-1:${TWIN}`, title: TWIN, port: "USB 3-1" }]);
  });
});

const AT: UsbDevice = { port: "1-1", bus: 1, address: 5, title: "Omnikey", heldBy: null };
const place = (...readers: { name: string; channel: number | null }[]) =>
  placesOf(readers, [AT]).map((found) => found?.place ?? null);

test("slots and interfaces of one device are told apart", () => {
  const channel = channelOf(1, 5);
  const names = ["Omnikey [CL] 00 00", "Omnikey [Contact] 01 00", "Duo 00 00", "Duo 00 01", "Pair 02 00", "Pair 03 00"];
  expect(place(...names.map((name) => ({ name, channel })))).toEqual([
    "usb-1-1:Omnikey [CL]",
    "usb-1-1:Omnikey [Contact]",
    "usb-1-1:Duo",
    "usb-1-1:Duo slot 1",
    "usb-1-1:Pair",
    "usb-1-1:Pair #2",
  ]);
});

test("the order in which pcscd lists the interfaces of one device changes nothing", () => {
  const channel = channelOf(1, 5);
  const [second, first] = place({ name: "Pair 03 00", channel }, { name: "Pair 02 00", channel });
  expect([first, second]).toEqual(["usb-1-1:Pair", "usb-1-1:Pair #2"]);
});

test("a reader that is not on USB keeps pcscd's name, without numbers that say nothing", () => {
  expect(place({ name: "Rig A 00 00", channel: null }, { name: "Rig A 00 01", channel: null })).toEqual([
    "Rig A",
    "Rig A 00 01",
  ]);
  // A serial port's channel.
  expect(place({ name: "GemPCTwin serial 00 00", channel: 0x0001_0001 })).toEqual(["GemPCTwin serial"]);
  expect(place({ name: "Odd\u0007 reader 01 00", channel: null })).toEqual(["Odd? reader 01 00"]);
  expect(place({ name: "Reader without numbers", channel: null })).toEqual(["Reader without numbers"]);
});

test("a reader on USB whose device is not to be seen has no place yet", () => {
  expect(place({ name: `${TWIN} 00 00`, channel: channelOf(1, 99) })).toEqual([null]);
});

describe("what Linux says of USB", () => {
  test("names the driver of the kernel that holds a reader, by its port", async () => {
    plugIn("1-2.3", 1, 17, "pn533_usb");
    plugIn("1-2.4", 1, 9);
    const held = (await readUsbDevices(root)).map(({ port, title, heldBy }) => `${port} ${title} ${heldBy}`);
    expect(new Set(held)).toEqual(new Set([`1-2.3 ${TWIN} pn533_usb`, `1-2.4 ${TWIN} null`]));
  });

  test("may be nothing, or in pieces", async () => {
    expect(await readUsbDevices(root)).toEqual([]);
    const folder = join(root, "bus/usb/devices/1-1");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "busnum"), "one");
    expect(await readUsbDevices(root)).toEqual([]);
  });
});

test("a slot for a security module is none of ours", () => {
  expect(isSamSlot("ACS ACR1252 1S CL Reader [ACR1252 Dual Reader SAM] 01 00")).toBe(true);
  expect(isSamSlot("ACS ACR1252 1S CL Reader [ACR1252 Dual Reader PICC] 00 00")).toBe(false);
  expect(isSamSlot("SAMSUNG Reader 00 00")).toBe(false);
});
