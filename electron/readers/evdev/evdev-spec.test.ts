import fc from "fast-check";
import { expect, test } from "vitest";
import { PLAIN_FORMAT } from "../../../shared/domain/mapping.ts";
import { parseReaderSpec } from "../spec.ts";
import { evdevId, evdevSpecText, isPlace, portOf } from "./evdev-spec.ts";

const LINK = "pci-0000:00:14.0-usb-0:2.1:1.0-event-kbd";

test("a wedge by its link, everything else as wedges are", () => {
  expect(parseReaderSpec(`evdev:/dev/input/by-path/${LINK}`)).toEqual({
    ok: true,
    spec: {
      kind: "evdev",
      id: `evdev:${LINK}`,
      place: LINK,
      sameTapMs: 1_000,
      name: "Wedge on USB 2.1",
      slot: undefined,
      format: PLAIN_FORMAT,
    },
  });
});

test("with its slot, its name and how it writes numbers", () => {
  const parsed = parseReaderSpec(`evdev:${LINK}?slot=3&name=Left&gap=2000&digits=wiegand&reversed=yes`);
  const format = { ...PLAIN_FORMAT, digits: "wiegand", reversed: true };
  expect(parsed).toMatchObject({ ok: true, spec: { slot: 3, name: "Left", sameTapMs: 2_000, format } });
});

test("the same port has the same identity however it is written", () => {
  for (const text of [LINK, `/dev/input/by-path/${LINK}`, `/dev//input/./by-path/${LINK}`]) {
    expect(parseReaderSpec(`evdev:${text}`)).toMatchObject({ spec: { id: `evdev:${LINK}` } });
  }
});

test("the kernel's name of a port does where there are no links", () => {
  const parsed = parseReaderSpec("evdev:usb-0000:00:14.0-2/input0?slot=1");
  expect(parsed).toMatchObject({ spec: { place: "usb-0000:00:14.0-2/input0", name: "Wedge on USB 2" } });
});

test.each([
  ["evdev:", "the path of the keyboard is missing; write it as evdev:/dev/input/by-path/"],
  ["evdev:?slot=1", "the path of the keyboard is missing"],
  ["evdev:/dev/input/a\nb", "the path holds a control character"],
  [`evdev:${"x".repeat(400)}`, "the path is too long"],
  ["evdev:/dev/input/event0?protocol=rdm6300", 'unknown parameter "protocol"; use slot, name, gap, digits, reversed'],
  ["evdev:/dev/input/event0?digits=octal", 'digits is "octal"; it must be one of auto, hex, decimal, wiegand'],
  ["evdev:/dev/input/event0?reversed=1", 'reversed is "1"; it must be yes or no'],
  ["evdev:/dev/input/event0?slot=51", 'slot is "51"; it must be a whole number from 1 to 50'],
])("%j is refused with cause and remedy", (text, why) => {
  const parsed = parseReaderSpec(text);
  expect(parsed.ok ? "accepted" : parsed.why).toContain(why);
});

test("a place that was found is opened by the text made of it, under the same id", () => {
  const place = fc.oneof(
    fc.stringMatching(/^[a-z0-9:.-]{1,60}$/),
    fc.stringMatching(/^usb-[a-z0-9:.%_-]{1,40}\/input\d$/),
  );
  fc.assert(
    fc.property(place, (found) => {
      fc.pre(isPlace(found) && found !== "." && found !== "..");
      expect(parseReaderSpec(evdevSpecText(found))).toMatchObject({
        ok: true,
        spec: { id: evdevId(found), place: found },
      });
    }),
  );
});

test.each([
  [LINK, "USB 2.1 of 0000:00:14.0"],
  ["platform-dummy_hcd.0-usb-0:1:1.0-event-kbd", "USB 1 of dummy_hcd.0"],
  ["usb-dummy_hcd.0-1.4/input0", "USB 1.4 of dummy_hcd.0"],
  ["pci-0000:00:14.0-usbv2-0:3:1.0-event-kbd", "USB 3 of 0000:00:14.0"],
  ["platform-i8042-serio-0-event-kbd", null],
])("%s is plugged at %s", (place, port) => {
  expect(portOf(place)).toBe(port);
});
