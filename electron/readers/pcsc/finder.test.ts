import { expect, test, vi } from "vitest";
import { bytesOfHex } from "../../../shared/bytes.ts";
import { inEnglish, say } from "../../../shared/sentences/sentence.ts";
import { createManualClock } from "../../clock.testing.ts";
import type { FoundDevice, Heard } from "../finder.ts";
import { parseReaderSpec } from "../spec.ts";
import { createBay } from "./bay.ts";
import { createPcscFinder } from "./finder.ts";
import { createServiceDouble, seenReader } from "./service.testing.ts";
import type { UsbDevice } from "./sysfs.ts";
import { explainHeld } from "./trouble.ts";

const NAME = "ACS ACR122U PICC Interface 00 00";
const usb = (heldBy: string | null): UsbDevice => ({
  port: "1-1",
  bus: 1,
  address: 5,
  title: "ACS ACR122U PICC Interface",
  heldBy,
});

function finding(devices: UsbDevice[]) {
  const clock = createManualClock();
  const service = createServiceDouble();
  const bay = createBay({ openLink: service.openLink, readUsb: async () => devices, clock, random: () => 0.5 });
  const lists: (readonly FoundDevice[])[] = [];
  const troubles: (string | null)[] = [];
  const start = () =>
    createPcscFinder(() => ({ bay, setTimer: clock.setTimer }))({
      onDevices: (found) => lists.push(found),
      onTrouble: (reason) => troubles.push(reason && inEnglish(reason)),
    });
  return { clock, service, start, lists, troubles, until: (look: () => void) => vi.waitFor(look, { interval: 1 }) };
}

test("a reader found has the id and the text of the reader it will be; cards that come change nothing", async () => {
  const { service, start, lists, until } = finding([usb(null)]);
  service.channels.set(NAME, { kind: "channel", channel: 0x0020_0105 });
  const finder = start();
  service.lists(seenReader(NAME), seenReader("ACR1252 [SAM] 00 00"));
  await until(() => expect(lists.at(-1)).toHaveLength(1));
  const device = lists.at(-1)?.[0];
  const spec = device?.spec ?? "";
  expect(device).toEqual({
    id: "pcsc:usb-1-1:ACS ACR122U PICC Interface",
    kind: "pcsc",
    name: "ACS ACR122U PICC Interface",
    port: "USB 1-1",
    trouble: null,
    spec: "pcsc:usb-1-1:ACS ACR122U PICC Interface",
  });
  expect(parseReaderSpec(spec)).toMatchObject({ ok: true, spec: { id: device?.id } });
  const before = lists.length;
  service.lists(seenReader(NAME, 1, true));
  await Promise.resolve();
  expect(lists).toHaveLength(before);
  // Nobody listens: the card on it was not spoken with.
  expect(service.heard).toEqual([]);
  await finder.stop();
});

test("listening reads what is held to it, sends nothing to its lamp, and ends", async () => {
  const { service, start, lists, until } = finding([usb(null)]);
  service.channels.set(NAME, { kind: "channel", channel: 0x0020_0105 });
  service.cards.set(NAME, bytesOfHex("04a1b2c3d4e5f69000"));
  const finder = start();
  service.lists(seenReader(NAME));
  await until(() => expect(lists.at(-1)).toHaveLength(1));
  const device = lists.at(-1)?.[0];
  if (device === undefined) throw new Error("nothing found");
  const heard: Heard[] = [];
  const stop = finder.listen(device, false, (word) => heard.push(word));
  service.lists(seenReader(NAME, 1, true));
  await until(() => expect(heard).toHaveLength(2));
  expect(heard).toMatchObject([{ kind: "listening" }, { kind: "heard", spec: device.spec, title: device.name }]);
  expect(service.heard.map(({ apdu }) => apdu)).toEqual([bytesOfHex("ffca000000")]);
  await stop();
  service.lists(seenReader(NAME, 2, false), seenReader("Rig A 00 00"));
  expect(heard).toHaveLength(2);
  await finder.stop();
  await until(() => expect(service.open).toBe(0));
});

test("a device that the kernel holds is listed with the remedy, and listening says it too", async () => {
  const { service, start, lists, until } = finding([usb("pn533_usb")]);
  const finder = start();
  service.lists();
  await until(() => expect(lists.at(-1)).toHaveLength(1));
  const device = lists.at(-1)?.[0];
  expect(device).toMatchObject({ id: "pcsc:usb-1-1:ACS ACR122U PICC Interface", spec: null });
  expect(device?.trouble).toEqual(explainHeld("ACS ACR122U PICC Interface", "pn533_usb"));
  const heard: Heard[] = [];
  if (device === undefined) throw new Error("nothing found");
  finder.listen(device, true, (word) => heard.push(word));
  finder.listen({ ...device, trouble: null }, true, (word) => heard.push(word));
  expect(heard).toEqual([
    { kind: "trouble", reason: device.trouble },
    { kind: "trouble", reason: say("card-reader-unusable", { reader: device.name }) },
  ]);
  await finder.stop();
});

test("no pcscd is a trouble with its remedy, told once however often it is tried, until it comes", async () => {
  const { service, start, troubles, clock, until } = finding([]);
  service.down({ kind: "missing", path: "/run/pcscd/pcscd.comm" });
  const finder = start();
  await until(() => expect(troubles).toEqual([expect.stringContaining("pcscd is not running")]));
  await until(() => expect(clock.set()).toBe(1));
  clock.goOn(2_000);
  await until(() => expect(clock.set()).toBe(1));
  service.runs();
  clock.goOn(5_000);
  await until(() => expect(troubles.at(-1)).toBeNull());
  expect(troubles).toHaveLength(2);
  await finder.stop();
});
