/**
 * USB devices that the kernel makes of itself (configfs and dummy_hcd): the host side, where the station is, sees them
 * like any plugged device. Needs root, `dummy_hcd num=N` and configfs mounted.
 * Source: Documentation/usb/gadget_configfs.rst and gadget_hid.rst of the kernel.
 */
import { mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const GADGETS = "/sys/kernel/config/usb_gadget";
const ENGLISH = "0x409";

/** The boot keyboard of the HID specification, appendix B.1. */
const KEYBOARD_REPORTS =
  "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508" +
  "1500256505071900296581 00c0".replaceAll(" ", "");
const REPORT_BYTES = 8;

/** Usage codes of a keyboard: digit 1 is 30, 9 is 38, 0 is 39, Enter is 40 (HID usage tables, page 7). */
const USAGE_1 = 30;
const USAGE_0 = 39;
const USAGE_ENTER = 40;

interface Gadget {
  /** @param port which of the controllers, 0 first: where it is plugged */
  plug(port: number): void;
  unplug(): void;
}

export interface WedgeGadget extends Gadget {
  /** Digits and Enter, as fast as the host takes them. */
  type(digits: string): void;
}

export interface SerialGadget extends Gadget {
  write(bytes: Uint8Array): void;
}

/** Two made alike say exactly the same of themselves: no serial number. */
export function makeWedge(name: string): WedgeGadget {
  const { folder, gadget } = makeGadget(name, {
    vendor: "0xffff",
    product: "0x0035",
    words: ["Sycreader", "RFID Wedge"],
  });
  const hid = join(folder, "functions", "hid.0");
  mkdirSync(hid);
  writeFileSync(join(hid, "protocol"), "1");
  writeFileSync(join(hid, "subclass"), "1");
  writeFileSync(join(hid, "report_length"), String(REPORT_BYTES));
  writeFileSync(join(hid, "report_desc"), Buffer.from(KEYBOARD_REPORTS, "hex"));
  symlinkSync(hid, join(folder, "configs", "c.1", "hid.0"));
  const minor = readFileSync(join(hid, "dev"), "utf8").trim().split(":")[1] ?? "0";
  return {
    ...gadget,
    type(digits) {
      const device = openSync(`/dev/hidg${minor}`, "w");
      for (const usage of [...Array.from(digits, usageOf), USAGE_ENTER]) {
        writeSync(device, Uint8Array.of(0, 0, usage, 0, 0, 0, 0, 0));
        writeSync(device, new Uint8Array(REPORT_BYTES));
      }
    },
  };
}

export function makeSerialAdapter(name: string): SerialGadget {
  const { folder, gadget } = makeGadget(name, { vendor: "0x2341", product: "0x0043", words: ["Arduino", "Uno"] });
  const acm = join(folder, "functions", "acm.0");
  mkdirSync(acm);
  symlinkSync(acm, join(folder, "configs", "c.1", "acm.0"));
  const port = readFileSync(join(acm, "port_num"), "utf8").trim();
  return {
    ...gadget,
    write(bytes) {
      writeSync(openSync(`/dev/ttyGS${port}`, "r+"), bytes);
    },
  };
}

function makeGadget(name: string, about: { vendor: string; product: string; words: [string, string] }) {
  const folder = join(GADGETS, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "idVendor"), about.vendor);
  writeFileSync(join(folder, "idProduct"), about.product);
  const strings = join(folder, "strings", ENGLISH);
  mkdirSync(strings);
  writeFileSync(join(strings, "manufacturer"), about.words[0]);
  writeFileSync(join(strings, "product"), about.words[1]);
  mkdirSync(join(folder, "configs", "c.1"));
  const controller = (text: string) => writeFileSync(join(folder, "UDC"), text);
  const gadget: Gadget = { plug: (port) => controller(`dummy_udc.${port}`), unplug: () => controller("\n") };
  return { folder, gadget };
}

function usageOf(digit: string): number {
  const value = Number(digit);
  return value === 0 ? USAGE_0 : USAGE_1 + value - 1;
}
