import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { hasWedgeKeys, readKeyboards, type Roots } from "./keyboards.ts";
import { createLocator } from "./system-keyboard.ts";

/** A USB keyboard's keys, a mouse's, and a power button's, as the kernel lists them. */
const KEYBOARD = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe";
const MOUSE = "1f0000 0 0 0 0";
const POWER = "10000000000000 0";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function machine() {
  const folder = mkdtempSync(join(tmpdir(), "input-"));
  folders.push(folder);
  const roots: Roots = { sys: join(folder, "sys"), dev: join(folder, "dev"), udev: join(folder, "control") };
  mkdirSync(join(roots.sys, "class/input"), { recursive: true });
  mkdirSync(join(roots.dev, "input/by-path"), { recursive: true });
  const device = (event: string) => join(roots.sys, "class/input", event);
  const node = (event: string) => join(roots.dev, "input", event);
  const unplug = (event: string) => {
    rmSync(device(event), { recursive: true });
    rmSync(node(event));
  };
  return {
    roots,
    node,
    unplug,
    plug(event: string, phys: string, keys = KEYBOARD) {
      mkdirSync(join(device(event), "device/capabilities"), { recursive: true });
      writeFileSync(join(device(event), "device/name"), "Sycreader RFID\n");
      writeFileSync(join(device(event), "device/phys"), `${phys}\n`);
      writeFileSync(join(device(event), "device/capabilities/key"), `${keys}\n`);
      writeFileSync(node(event), "");
    },
    link: (name: string, event: string) => symlinkSync(`../${event}`, join(roots.dev, "input/by-path", name)),
  };
}

const LINK_2 = "pci-0000:00:14.0-usb-0:2:1.0-event-kbd";
const LINK_3 = "pci-0000:00:14.0-usb-0:3:1.0-event-kbd";
const PHYS_2 = "usb-0000:00:14.0-2/input0";
const PHYS_3 = "usb-0000:00:14.0-3/input0";

test.each([
  [KEYBOARD, true],
  ["10000ffe", true],
  ["10000ffc", true],
  ["10000ffa", false],
  [MOUSE, false],
  [POWER, false],
  ["", false],
  ["nonsense", false],
])("keys %j are those of a wedge: %s", (capabilities, has) => {
  expect(hasWedgeKeys(capabilities)).toBe(has);
});

test("twins are told apart by where they are plugged; mice and power buttons are left out", async () => {
  const { roots, plug, link, node } = machine();
  plug("event4", PHYS_2);
  plug("event5", PHYS_3);
  plug("event6", "usb-0000:00:14.0-4/input0", MOUSE);
  plug("event0", "LNXPWRBN/button/input0", POWER);
  link(LINK_2, "event4");
  link(LINK_3, "event5");
  expect(await readKeyboards(roots)).toEqual([
    { place: LINK_2, name: "Sycreader RFID", node: node("event4"), readable: true },
    { place: LINK_3, name: "Sycreader RFID", node: node("event5"), readable: true },
  ]);
});

test("without udev the kernel's name of the port does, and a keyboard without any place is left out", async () => {
  const { roots, plug } = machine();
  plug("event4", PHYS_2);
  plug("event5", "");
  plug("event6", "py-evdev-uinput");
  expect((await readKeyboards(roots)).map(({ place }) => place)).toEqual([PHYS_2]);
});

test("where udev runs a keyboard is waited for until it has its link: it never has two identities", async () => {
  const { roots, plug, link } = machine();
  writeFileSync(roots.udev, "");
  plug("event4", PHYS_2);
  expect(await readKeyboards(roots)).toEqual([]);
  link(LINK_2, "event4");
  expect((await readKeyboards(roots)).map(({ place }) => place)).toEqual([LINK_2]);
});

test("a link that lingers and leads to another port's keyboard names neither", async () => {
  const { roots, plug, link, unplug } = machine();
  plug("event4", PHYS_2);
  link(LINK_2, "event4");
  unplug("event4");
  plug("event4", PHYS_3);
  link(LINK_3, "event4");
  expect((await readKeyboards(roots)).map(({ place }) => place)).toEqual([LINK_3]);
  const locate = createLocator(roots, () => 0);
  expect((await locate(LINK_2)).look).toEqual({ kind: "missing" });
  expect((await locate(LINK_3)).look.kind).toBe("device");
});

test("of two links to one keyboard the same is taken each time", async () => {
  const { roots, plug, link } = machine();
  plug("event4", PHYS_2);
  link("pci-0000:00:14.0-usbv2-0:2:1.0-event-kbd", "event4");
  link(LINK_2, "event4");
  expect((await readKeyboards(roots)).map(({ place }) => place)).toEqual([LINK_2]);
});

test("a machine without any input devices has no keyboards", async () => {
  expect(await readKeyboards({ sys: "/nowhere", dev: "/nowhere", udev: "/nowhere" })).toEqual([]);
});

test("a keyboard that comes back under the old name is another device, and one that goes is missed", async () => {
  const { roots, plug, unplug, link, node } = machine();
  let nowMs = 0;
  const locate = createLocator(roots, () => (nowMs += 1_000));
  plug("event4", PHYS_2);
  link(LINK_2, "event4");
  const first = await locate(LINK_2);
  expect(first).toMatchObject({ look: { kind: "device" }, path: node("event4") });
  expect(await locate(LINK_2)).toEqual(first);
  expect((await locate(PHYS_2)).look).toEqual({ kind: "missing" });
  expect(await locate(node("event4"))).toEqual(first);
  unplug("event4");
  expect((await locate(LINK_2)).look).toEqual({ kind: "missing" });
  // A file system gives a new file an old number at once; the kernel's does not.
  writeFileSync(join(roots.dev, "other"), "");
  plug("event4", PHYS_2);
  const again = await locate(LINK_2);
  expect(again.look.kind).toBe("device");
  expect(again.look).not.toEqual(first.look);
});
