import { describe, expect, test, vi } from "vitest";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import { createManualClock } from "../../clock.testing.ts";
import { createBay, type BayView } from "./bay.ts";
import { createServiceDouble, seenReader } from "./service.testing.ts";
import type { UsbDevice } from "./sysfs.ts";

const TWIN = "ACS ACR122U PICC Interface";
const device = (port: string, address: number, heldBy: string | null = null): UsbDevice => ({
  port,
  bus: 1,
  address,
  title: TWIN,
  heldBy,
});
const channel = (address: number) => ({ kind: "channel", channel: 0x0020_0100 | address }) as const;

function attended() {
  const clock = createManualClock();
  const service = createServiceDouble();
  let usb: UsbDevice[] = [];
  const bay = createBay({ openLink: service.openLink, readUsb: async () => usb, clock, random: () => 0.5 });
  const views: BayView[] = [];
  const attend = () => bay.attend((view) => views.push(view));
  const shown = (): string => {
    const view = views.at(-1);
    if (view === undefined) return "nothing";
    if (view.kind === "down") return inEnglish(view.reason);
    return view.kind === "up" ? view.readers.map(({ name, place }) => `${name} at ${place}`).join() : view.kind;
  };
  return {
    clock,
    service,
    views,
    attend,
    shown,
    plugged: (...devices: UsbDevice[]) => void (usb = devices),
    until: (look: () => void) => vi.waitFor(look, { timeout: 2_000, interval: 1 }),
  };
}

describe("twins", () => {
  test("bind to the right device after they were replugged in the other order", async () => {
    const { service, attend, shown, plugged, until } = attended();
    plugged(device("1-1", 5), device("1-2", 6));
    service.channels.set(`${TWIN} 00 00`, channel(5)).set(`${TWIN} 01 00`, channel(6));
    attend();
    service.lists(seenReader(`${TWIN} 00 00`), seenReader(`${TWIN} 01 00`));
    await until(() => expect(shown()).toBe(`${TWIN} 00 00 at usb-1-1:${TWIN},${TWIN} 01 00 at usb-1-2:${TWIN}`));
    service.lists();
    plugged(device("1-2", 7), device("1-1", 8));
    service.channels.set(`${TWIN} 00 00`, channel(7)).set(`${TWIN} 01 00`, channel(8));
    service.lists(seenReader(`${TWIN} 00 00`));
    await until(() => expect(shown()).toBe(`${TWIN} 00 00 at usb-1-2:${TWIN}`));
    service.lists(seenReader(`${TWIN} 00 00`), seenReader(`${TWIN} 01 00`));
    await until(() => expect(shown()).toContain(`${TWIN} 01 00 at usb-1-1:${TWIN}`));
  });

  test("that change places between two looks are noticed by the count that runs backwards", async () => {
    const { service, attend, shown, plugged, until } = attended();
    plugged(device("1-1", 5), device("1-2", 6));
    service.channels.set(`${TWIN} 00 00`, channel(5));
    attend();
    service.lists(seenReader(`${TWIN} 00 00`, 4));
    await until(() => expect(shown()).toBe(`${TWIN} 00 00 at usb-1-1:${TWIN}`));
    service.channels.set(`${TWIN} 00 00`, channel(6));
    service.lists(seenReader(`${TWIN} 00 00`, 0));
    await until(() => expect(shown()).toBe(`${TWIN} 00 00 at usb-1-2:${TWIN}`));
  });
});

test("a reader is not shown by a name that is not its own while /sys lags behind", async () => {
  const { service, attend, shown, plugged, until, clock } = attended();
  service.channels.set(`${TWIN} 00 00`, channel(5));
  attend();
  service.lists(seenReader("Rig A 00 00"));
  await until(() => expect(shown()).toBe("Rig A 00 00 at Rig A"));
  service.lists(seenReader("Rig A 00 00"), seenReader(`${TWIN} 00 00`));
  await until(() => expect(clock.set()).toBe(2));
  expect(shown()).toBe("Rig A 00 00 at Rig A");
  plugged(device("1-1", 5));
  clock.goOn(500);
  await until(() => expect(shown()).toContain(`${TWIN} 00 00 at usb-1-1:${TWIN}`));
});

test("SAM slots are left out", async () => {
  const { service, attend, shown, until } = attended();
  attend();
  service.lists(seenReader("ACR1252 [PICC] 00 00"), seenReader("ACR1252 [SAM] 01 00"));
  await until(() => expect(shown()).toBe("ACR1252 [PICC] 00 00 at ACR1252 [PICC]"));
});

test("a device that the kernel takes is shown at the next look", async () => {
  const { service, attend, views, plugged, until, clock } = attended();
  attend();
  service.lists();
  await until(() => expect(views.at(-1)).toMatchObject({ kind: "up", held: [] }));
  plugged(device("1-1", 5, "pn533_usb"));
  clock.goOn(5_000);
  await until(() => expect(views.at(-1)).toMatchObject({ kind: "up", held: [{ port: "1-1" }] }));
});

describe("the service", () => {
  test("that is not there is told, tried ever slower, and found when it comes", async () => {
    const { service, attend, shown, until, clock } = attended();
    service.down({ kind: "missing", path: "/run/pcscd/pcscd.comm" });
    attend();
    await until(() => expect(shown()).toMatch(/pcscd is not running.*systemctl/));
    await until(() => expect(clock.set()).toBe(1));
    service.runs();
    service.lists(seenReader("Rig A 00 00"));
    clock.goOn(2_000);
    await until(() => expect(shown()).toBe("Rig A 00 00 at Rig A"));
  });

  test("that dies takes all readers with it, and gives them back as new ones", async () => {
    const { service, attend, views, shown, until, clock } = attended();
    attend();
    service.lists(seenReader("Rig A 00 00"));
    const incarnation = () => {
      const view = views.at(-1);
      return view?.kind === "up" ? view.readers[0]?.look.incarnation : undefined;
    };
    await until(() => expect(incarnation()).toBeDefined());
    const before = incarnation();
    service.die();
    await until(() => expect(shown()).toMatch(/pcscd has stopped.*systemctl/));
    await until(() => expect(clock.set()).toBe(1));
    clock.goOn(2_000);
    await until(() => expect(incarnation()).toBeGreaterThan(before ?? 0));
    expect(service.open).toBe(1);
  });

  test("is opened anew after the computer slept, without a word", async () => {
    const { service, attend, views, shown, until, clock } = attended();
    attend();
    service.lists(seenReader("Rig A 00 00"));
    await until(() => expect(shown()).toBe("Rig A 00 00 at Rig A"));
    clock.sleep(60_000);
    clock.goOn(5_000);
    await until(() => expect(service.opened).toBe(2));
    expect(views.filter(({ kind }) => kind === "down")).toEqual([]);
    expect(service.open).toBe(1);
  });

  test("is left when nobody attends, and nothing is left running", async () => {
    const { service, attend, shown, until, clock } = attended();
    const leave = attend();
    service.lists(seenReader("Rig A 00 00"));
    await until(() => expect(shown()).toBe("Rig A 00 00 at Rig A"));
    leave();
    await until(() => expect(service.open).toBe(0));
    expect(clock.set()).toBe(0);
    attend();
    await until(() => expect(service.open).toBe(1));
  });
});
