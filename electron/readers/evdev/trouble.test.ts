import { expect, test } from "vitest";
import { ENGLISH } from "../../../shared/sentences/english.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import { explainTrouble } from "../serial/trouble.ts";
import { childTrouble, NO_CAT, NO_EVTEST, NOT_HERE, notPermitted, takenByOther } from "./trouble.ts";

const PATH = "/dev/input/by-path/pci-0000:00:14.0-usb-0:10.4.4:1.0-event-kbd";

test.each([
  [NO_EVTEST, "evtest, which keeps their keys from every other window: sudo apt-get install evtest"],
  [NO_CAT, "the program cat is missing: sudo apt-get install coreutils"],
  [NOT_HERE, "on Linux only: use a PC/SC or serial reader here"],
  [
    notPermitted(PATH),
    `not permitted to read ${PATH}: add the station's user to the group input (sudo usermod -aG input`,
  ],
  [takenByOther(PATH), `close it, or start only one station (sudo fuser -v ${PATH} names it)`],
])("%j is told with cause and remedy, on a line", (sentence, told) => {
  expect(inEnglish(sentence)).toContain(told);
  expect(fill(ENGLISH[sentence.code], sentence.args).length).toBeLessThan(300);
});

test.each([
  ["cat: /dev/x: Permission denied\n", "not permitted to read /dev/x"],
  ["evtest: No such device\n", "/dev/x was unplugged"],
  ["No such file or directory", "/dev/x is not there"],
  ["Inappropriate ioctl for device", "/dev/x is not a keyboard: check the path"],
  ["", "the program that listens to /dev/x was ended: it is started again"],
  ["its\nown words", "/dev/x fails (its own words)"],
])("the last words %j are told as: %s", (said, told) => {
  expect(inEnglish(explainTrouble("/dev/x", childTrouble("/dev/x", said)))).toContain(told);
});
