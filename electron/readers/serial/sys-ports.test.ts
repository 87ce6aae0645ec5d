import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deviceOf, listSysPorts, type SysFolders } from "./sys-ports.ts";

let root = "";
let folders: SysFolders;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "polling-station-sys-"));
  folders = { sys: join(root, "sys"), dev: join(root, "dev") };
  await mkdir(join(folders.sys, "class", "tty"), { recursive: true });
  await mkdir(folders.dev);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = join(folders.sys, "devices", path);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), `${text}\n`);
  return folder;
}

/** As the kernel does: /sys/class/tty/NAME leads to the tty's folder, in which `device` leads back to its device's. */
async function addTty(name: string, device: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const tty = await put(join(device, "tty", name), files);
  await symlink(join(folders.sys, "devices", device), join(tty, "device"));
  await symlink(tty, join(folders.sys, "class", "tty", name));
}

const USB = "pci0000:00/0000:00:14.0/usb1";

/** A USB serial adapter in a socket. */
async function plugIn(name: string, socket: string, said: Readonly<Record<string, string>>): Promise<void> {
  await put(join(USB, socket), said);
  const inside = join(USB, socket, `${socket}:1.0`);
  await put(inside, { bInterfaceNumber: "00" });
  if (name.startsWith("ttyACM")) return addTty(name, inside);
  await put(join(inside, name), { port_number: "0" });
  return addTty(name, join(inside, name));
}

async function link(byPath: string, device: string): Promise<void> {
  const file = join(folders.dev, "serial", "by-path", byPath);
  await mkdir(dirname(file), { recursive: true });
  await symlink(`../../${device}`, file);
}

const FTDI = { manufacturer: "FTDI", product: "FT232R USB UART", serial: "A50285BI" };
const CH340 = { product: "USB Serial" };

test("an adapter is named by what it says of itself, and known by udev's link to its socket", async () => {
  await plugIn("ttyUSB0", "1-2", FTDI);
  await link("pci-0000:00:14.0-usb-0:2:1.0-port0", "ttyUSB0");
  await link("pci-0000:00:14.0-usbv2-0:2:1.0-port0", "ttyUSB0");
  expect(await listSysPorts(folders)).toEqual([
    {
      path: join(folders.dev, "serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0"),
      device: join(folders.dev, "ttyUSB0"),
      name: "FTDI FT232R USB UART A50285BI",
      port: "USB 1-2",
      linked: true,
    },
  ]);
});

test("twins plugged in another order keep their sockets' identities, also without udev", async () => {
  await plugIn("ttyUSB0", "1-1", CH340);
  await plugIn("ttyUSB1", "1-2", CH340);
  const before = await listSysPorts(folders);
  await rm(root, { recursive: true });
  await mkdir(join(folders.sys, "class", "tty"), { recursive: true });
  await plugIn("ttyUSB0", "1-2", CH340);
  await plugIn("ttyUSB1", "1-1", CH340);
  const after = await listSysPorts(folders);
  const places = (ports: typeof before) => ports.map(({ path }) => path).toSorted();
  expect(new Set(places(before)).size).toBe(2);
  expect(places(after)).toEqual(places(before));
  expect(after.map(({ port }) => port)).toEqual(["USB 1-2", "USB 1-1"]);
  // The same path opens the device that is in that socket now.
  for (const { path, device } of after) expect(await deviceOf(path, folders)).toBe(device);
  expect(await deviceOf(before[0]?.path ?? "", folders)).toBe(join(folders.dev, "ttyUSB1"));
});

test("an Arduino's own USB port is found like an adapter", async () => {
  await plugIn("ttyACM0", "1-4", { manufacturer: "Arduino LLC", product: "Arduino Uno" });
  const [port] = await listSysPorts(folders);
  expect(port).toMatchObject({ name: "Arduino LLC Arduino Uno", port: "USB 1-4", linked: false });
  expect(await deviceOf(port?.path ?? "", folders)).toBe(join(folders.dev, "ttyACM0"));
});

test("a ttyS without a chip, consoles and pseudo-terminals are no ports; one with a chip is", async () => {
  await addTty("ttyS0", "platform/serial8250/ttyS0", { type: "0" });
  await addTty("ttyS1", "pnp0/00:01/00:01:0.0", { type: "4" });
  await addTty("tty1", "virtual/tty1");
  await put("virtual/tty/ptmx");
  await symlink(join(folders.sys, "devices/virtual/tty/ptmx"), join(folders.sys, "class/tty/ptmx"));
  await put("virtual/tty/ttyUSB7");
  // On its way out: its device is gone already.
  await symlink(join(folders.sys, "devices/virtual/tty/ttyUSB7"), join(folders.sys, "class/tty/ttyUSB7"));
  expect(await listSysPorts(folders)).toEqual([
    {
      path: join(folders.dev, "ttyS1"),
      device: join(folders.dev, "ttyS1"),
      name: "Serial port ttyS1",
      port: "ttyS1",
      linked: true,
    },
  ]);
});

test("what a device says of itself is shown on one line, without what terminals act on, and not endless", async () => {
  await plugIn("ttyUSB0", "1-2", { product: `evil\u001b[31m${"x".repeat(500)}` });
  const [port] = await listSysPorts(folders);
  expect(port?.name).not.toMatch(/\p{Cc}/u);
  expect(port?.name.length).toBeLessThan(140);
});

test("a path that is no place under /sys is what is opened", async () => {
  expect(await deviceOf("/dev/ttyUSB0", folders)).toBe("/dev/ttyUSB0");
  expect(await deviceOf(join(folders.sys, "devices", USB, "1-9/1-9:1.0"), folders)).toContain("1-9:1.0");
});

test("without /sys it throws, and without ports there are none", async () => {
  await expect(listSysPorts({ sys: join(root, "nothing"), dev: folders.dev })).rejects.toThrow("ENOENT");
  expect(await listSysPorts(folders)).toEqual([]);
});
