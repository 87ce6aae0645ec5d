/** The rules for PC/SC that are shipped for Linux do what they say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { LINUX_RULES } from "./packaging.ts";

type Rule = (action: { id: string }, subject: { isInGroup(group: string): boolean }) => string;

const RESULT = { YES: "yes", NOT_HANDLED: "not handled" };

function polkitRules(): Rule[] {
  const rules: Rule[] = [];
  const polkit = { addRule: (rule: Rule) => rules.push(rule), Result: RESULT };
  runInNewContext(readFileSync(join(LINUX_RULES, "50-polling-station-pcscd.rules"), "utf8"), { polkit });
  return rules;
}

describe("polkit's rule", () => {
  const judge = (id: string, groups: string[]) =>
    polkitRules().map((rule) => rule({ id }, { isInGroup: (group) => groups.includes(group) }));

  test.each(["org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card"])("lets our groups: %s", (id) => {
    expect(judge(id, ["plugdev"])).toEqual([RESULT.YES]);
    expect(judge(id, ["pcscd", "users"])).toEqual([RESULT.YES]);
    expect(judge(id, ["users"])).toEqual([RESULT.NOT_HANDLED]);
  });

  test("says nothing of anything else", () => {
    expect(judge("org.freedesktop.systemd1.manage-units", ["plugdev"])).toEqual([RESULT.NOT_HANDLED]);
  });
});

test("the blacklist keeps the kernel's drivers from NFC readers, and nothing else", () => {
  const lines = readFileSync(join(LINUX_RULES, "polling-station-nfc.conf"), "utf8").split("\n");
  const written = lines.filter((line) => line !== "" && !line.startsWith("#"));
  expect(written).toEqual(["blacklist pn533_usb", "blacklist pn533", "blacklist nfc"]);
});
