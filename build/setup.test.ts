import { expect, test } from "vitest";
import { installCommand, missingTools } from "./setup.ts";

test("what the machine lacks is named, what it has is not", () => {
  const report = { chromium: "/usr/bin/chromium", socat: undefined, strace: undefined };
  expect(missingTools(report)).toEqual(["socat", "strace"]);
});

test("the command to install is complete, with sudo for those who need it", () => {
  expect(installCommand(["strace"], false)).toBe("sudo apt-get install -y --no-install-recommends strace");
  expect(installCommand(["socat", "strace"], true)).toBe("apt-get install -y --no-install-recommends socat strace");
});
