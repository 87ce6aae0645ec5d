import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { StationUnusable } from "../files/station-unusable.ts";
import { openEventSettings } from "./event-settings.ts";

let directory: string;
let event: Uint8Array | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "event-settings-"));
  event = new Uint8Array(16).fill(1);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => openEventSettings(directory, () => event);
const told = (lfBits: 24 | 32): FrameOf<"settings"> => [FRAME.settings, [[1, lfBits]]];
const FILE = "event-settings.json";

test("125 kHz numbers have 32 bits until the server says 24, and 24 from then on, after a restart, too", () => {
  const settings = open();
  expect(settings.lfBits()).toBe(32);
  settings.take(told(24));
  expect([settings.lfBits(), open().lfBits()]).toEqual([24, 24]);
  expect(statSync(join(directory, FILE)).mode & 0o777).toBe(0o600);
  settings.take(told(32));
  expect([settings.lfBits(), open().lfBits()]).toEqual([32, 32]);
});

test("a server of the first version has no settings: 32 bits", () => {
  const settings = open();
  settings.take(told(24));
  settings.take(null);
  expect([settings.lfBits(), open().lfBits()]).toEqual([32, 32]);
});

test("settings of numbers that are not known are left alone, and of one that comes twice the last stands", () => {
  const settings = open();
  settings.take([FRAME.settings, [[9, 5]]]);
  expect(settings.lfBits()).toBe(32);
  settings.take([
    FRAME.settings,
    [
      [1, 32],
      [7, 1],
      [1, 24],
    ],
  ]);
  expect(settings.lfBits()).toBe(24);
  settings.take([FRAME.settings, []]);
  expect(settings.lfBits()).toBe(24);
});

test("another event's settings are not this one's", () => {
  open().take(told(24));
  event = new Uint8Array(16).fill(2);
  expect(open().lfBits()).toBe(32);
});

test("before it belongs to an event a station keeps nothing", () => {
  event = undefined;
  const settings = open();
  settings.take(told(24));
  expect(settings.lfBits()).toBe(32);
  expect(() => readFileSync(join(directory, FILE))).toThrow("ENOENT");
});

test("what the disk does not take is not taken", () => {
  const settings = openEventSettings(join(directory, "gone"), () => event);
  expect(() => settings.take(told(24))).toThrow("ENOENT");
  expect(settings.lfBits()).toBe(32);
});

test("a damaged file keeps the station from starting, and says what to do", () => {
  writeFileSync(join(directory, FILE), '{"event":"11","lfBits":24}');
  expect(open).toThrow(StationUnusable);
  expect(open).toThrow(/damaged\. Put it back from a backup; or move it away/);
});
