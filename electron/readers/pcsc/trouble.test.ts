import * as v from "valibot";
import { expect, test } from "vitest";
import { ENGLISH } from "../../../shared/sentences/english.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { Sentence } from "../../../shared/sentences/sentence.ts";
import { explainReader, explainService, type PcscReaderTrouble, type ServiceTrouble } from "./trouble.ts";

/** A line of the panel. */
const MAX_LINE = 300;
const PATH = "/run/pcscd/pcscd.comm";
const LONG = "x".repeat(500);

/** In English, not cut to the line. */
function whole(sentence: Sentence): string {
  expect(v.parse(Sentence, sentence)).toEqual(sentence);
  return fill(ENGLISH[sentence.code], sentence.args);
}

test.each<[ServiceTrouble, RegExp]>([
  [{ kind: "missing", path: PATH }, /not running \(no \/run.*apt-get install -y pcscd && sudo systemctl enable --now/],
  [{ kind: "dead", path: PATH }, /has died.*sudo systemctl .*restart pcscd$/],
  [{ kind: "notPermitted", path: PATH }, /not permitted.*polling-station-pcscd\.rules.*usermod -aG plugdev/],
  [{ kind: "denied" }, /polkit.*polling-station-pcscd\.rules to \/etc\/polkit-1\/rules\.d/],
  [{ kind: "ended" }, /has stopped.*systemctl/],
  [{ kind: "silent" }, /does not answer: sudo systemctl restart pcscd/],
  [{ kind: "corrupt", why: "an ATR of 99 bytes" }, /an ATR of 99 bytes.*restart pcscd/],
  [{ kind: "corrupt", why: LONG }, /restart pcscd$/],
  [{ kind: "protocol", server: "5.0" }, /speaks protocol 5\.0/],
  [{ kind: "protocol", server: LONG }, /a newer station$/],
  [{ kind: "notPermitted", path: LONG }, /restart pcscd\.socket$/],
  [{ kind: "missing", path: LONG }, /systemctl restart pcscd$/],
  [{ kind: "other", message: LONG }, /plug the reader in again$/],
  [{ kind: "other", message: "\n went wrong" }, /fails.*start it/],
])("the service, %#: what happened and what to do, on a line", (trouble, words) => {
  const line = whole(explainService(trouble));
  expect(line).toMatch(words);
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(line.length).toBeLessThanOrEqual(MAX_LINE);
});

test.each<[PcscReaderTrouble, RegExp]>([
  [{ kind: "notThere", heldBy: null }, /is not there: plug it in/],
  [
    { kind: "notThere", heldBy: "pn533_usb" },
    /pn533_usb: copy polling-station-nfc\.conf to \/etc\/modprobe\.d.*modprobe -r/,
  ],
  [{ kind: "notThere", heldBy: LONG }, /plug the reader in again$/],
  [{ kind: "taken" }, /taken by another program: close/],
  [{ kind: "denied" }, /polkit.*polling-station-pcscd\.rules/],
])("a reader, %#: what happened and what to do, on a line", (trouble, words) => {
  for (const title of ["ACS ACR122U PICC Interface", LONG]) {
    const line = whole(explainReader(title, trouble));
    expect(line).toMatch(words);
    expect(line.length).toBeLessThanOrEqual(MAX_LINE);
  }
});
