import * as v from "valibot";
import { expect, test } from "vitest";
import { ENGLISH } from "../../../shared/sentences/english.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { inEnglish, Sentence } from "../../../shared/sentences/sentence.ts";
import { explainTrouble, troubleOf } from "./trouble.ts";

const BY_PATH = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:10.4.4:1.0-port0";

// The messages are serialport 13's own, measured on Debian 12 except where the title of the row says otherwise.
test.each([
  ["Error: No such file or directory, cannot open /dev/x", "is not there: plug the reader in, or check the path"],
  ["Error: Permission denied, cannot open /dev/x", "add the station's user to the group dialout"],
  ["Error Resource temporarily unavailable Cannot lock port", "is taken by another program: close that program"],
  ["Opening COM3: Access denied", "is taken by another program: close that program"],
  ["Opening COM3: File not found", "is not there: plug the reader in, or check the path"],
  ["Error: Inappropriate ioctl for device setting custom baud rate of 9600", "is not a serial port: check the path"],
  ["Error: Is a directory, cannot open /tmp", "is not a serial port: check the path"],
  ["bad file descriptor", "was unplugged: plug the reader in again"],
  ["EIO: i/o error, read", "was unplugged: plug the reader in again"],
  ["something\nnew", "fails (something new): unplug the reader and plug it in again"],
])("%j is told with cause and remedy", (message, told) => {
  const reason = inEnglish(explainTrouble("/dev/x", troubleOf(message)));
  expect(reason).toContain("/dev/x");
  expect(reason).toContain(told);
});

test("an endless message of the system is cut", () => {
  const sentence = explainTrouble(BY_PATH, troubleOf("x".repeat(100_000)));
  expect(v.parse(Sentence, sentence)).toEqual(sentence);
  expect(inEnglish(sentence)).toMatch(/plug it in again$/);
});

test.each([
  [
    { kind: "taken", by: "ModemManager" },
    "perhaps ModemManager for some seconds: wait, or install 70-polling-station.rules",
  ],
  [{ kind: "notPermitted" }, "or install 70-polling-station.rules"],
  [
    { kind: "silent", device: "SM130" },
    "no SM130 answers: check its power, its wires (TX to RX, RX to TX) and the baud rate",
  ],
  [{ kind: "wrongDevice", device: "PN532" }, "is no PN532: check the protocol that it was given"],
  [{ kind: "slept" }, "is connected to again after sleep"],
] as const)("%j is told with cause and remedy", (trouble, told) => {
  expect(inEnglish(explainTrouble("/dev/x", trouble))).toContain(told);
  // A line of the panel, without its end cut off.
  const { code, args } = explainTrouble(BY_PATH, trouble);
  expect(fill(ENGLISH[code], args).length).toBeLessThan(300);
});
