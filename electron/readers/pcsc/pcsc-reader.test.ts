import { describe, expect, test, vi } from "vitest";
import { bytesOfHex, toHex } from "../../../shared/bytes.ts";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import { createManualClock } from "../../clock.testing.ts";
import { createBay } from "./bay.ts";
import { openPcscReader } from "./pcsc-reader.ts";
import { parsePcscSpec } from "./pcsc-spec.ts";
import { createServiceDouble, seenReader } from "./service.testing.ts";
import type { UsbDevice } from "./sysfs.ts";

const ACR = "ACS ACR122U PICC Interface 00 00";
const UID = "04a1b2c3d4e5f6";

function reading(name: string, usb: UsbDevice[] = [], text = name.replace(/ 00 00$/, "")) {
  const clock = createManualClock();
  const service = createServiceDouble();
  const bay = createBay({ openLink: service.openLink, readUsb: async () => usb, clock, random: () => 0.5 });
  const parsed = parsePcscSpec(text);
  if (!parsed.ok) throw new Error(parsed.why);
  const did: string[] = [];
  const reader = openPcscReader(
    parsed.value,
    {
      onSighting: ({ kind, tag }) => did.push(`${kind} ${tag.form === "bytes" ? toHex(tag.bytes) : "digits"}`),
      onBadFrame: () => did.push("bad"),
      onState: (state) => did.push(state.kind === "present" ? "there" : inEnglish(state.reason)),
    },
    { bay, setTimer: clock.setTimer },
  );
  const until = (look: () => void) => vi.waitFor(look, { timeout: 2_000, interval: 1 });
  const commands = () => service.heard.map(({ apdu }) => (apdu === "close" ? apdu : toHex(apdu)));
  return { clock, service, reader, did, until, commands };
}

describe("lamp and buzzer of an ACR122U", () => {
  test("are worked while the card lies there, and not remembered for later", async () => {
    const { service, reader, did, until, commands } = reading(ACR);
    service.lists(seenReader(ACR));
    await until(() => expect(did).toEqual(["there"]));
    reader.signal?.("good");
    service.cards.set(ACR, bytesOfHex(`${UID}9000`));
    service.lists(seenReader(ACR, 1, true));
    await until(() => expect(did).toContain(`present ${UID}`));
    expect(commands()).toEqual(["ffca000000"]);
    reader.signal?.("good");
    await until(() => expect(commands()).toEqual(["ffca000000", "ff0040e00402000101"]));
    await Promise.resolve();
    reader.signal?.("bad");
    await until(() => expect(commands().at(-1)).toBe("ff0040d00405000101"));
    service.lists(seenReader(ACR, 2, false));
    await until(() => expect(commands().at(-1)).toBe("close"));
    const before = commands().length;
    reader.signal?.("good");
    expect(commands()).toHaveLength(before);
  });

  test("are null where we know of none", () => {
    expect(reading("Identiv uTrust 3700 F 00 00").reader.signal).toBeNull();
  });
});

test.each([
  ["taken", /is taken by another program: close that program/],
  ["denied", /polkit.*polling-station-pcscd\.rules/],
] as const)("a card that cannot be opened (%s) is told in words, and read when it can", async (why, words) => {
  const { service, clock, did, until } = reading("Rig A 00 00");
  service.cards.set("Rig A 00 00", why);
  service.lists(seenReader("Rig A 00 00", 1, true));
  await until(() => expect(did.at(-1)).toMatch(words));
  service.cards.set("Rig A 00 00", bytesOfHex(`${UID}9000`));
  clock.goOn(1_000);
  await until(() => expect(did.slice(-2)).toEqual(["there", `present ${UID}`]));
});

test("what answers without a UID is tried again, then told as misread, and is no sighting", async () => {
  const { service, clock, did, until, commands } = reading("Rig A 00 00");
  service.cards.set("Rig A 00 00", bytesOfHex("9000"));
  service.lists(seenReader("Rig A 00 00", 1, true));
  for (let tries = 1; tries <= 3; tries++) {
    await until(() => expect(commands().filter((word) => word === "ffca000000")).toHaveLength(tries));
    await until(() => expect(commands().filter((word) => word === "close")).toHaveLength(tries));
    clock.goOn(60);
  }
  await until(() => expect(did).toEqual(["there", "bad"]));
});

test("a reader that is not there says so, and one that the kernel holds names the file that helps", async () => {
  const held: UsbDevice = { port: "1-1", bus: 1, address: 5, title: "ACS ACR122U", heldBy: "pn533_usb" };
  const first = reading("usb-1-1:ACS ACR122U PICC Interface");
  await first.until(() =>
    expect(first.did).toEqual(["ACS ACR122U PICC Interface is not there: plug it in, into the same port"]),
  );
  const second = reading("usb-1-1:ACS ACR122U PICC Interface", [held]);
  await second.until(() => expect(second.did.join()).toMatch(/pn533_usb: copy polling-station-nfc\.conf/));
});

test("after stop the card is let go, the service too, and nothing more is told", async () => {
  const { service, clock, reader, did, until, commands } = reading("Rig A 00 00");
  service.cards.set("Rig A 00 00", bytesOfHex(`${UID}9000`));
  service.lists(seenReader("Rig A 00 00", 1, true));
  await until(() => expect(did).toContain(`present ${UID}`));
  await reader.stop();
  expect(commands().at(-1)).toBe("close");
  await until(() => expect(service.open).toBe(0));
  const before = did.length;
  service.lists(seenReader("Rig A 00 00", 2, false));
  clock.goOn(10_000);
  expect(did).toHaveLength(before);
  expect(clock.set()).toBe(0);
});
