import { expect, test } from "vitest";
import { findTools, installCommand } from "./setup.ts";

test("what the machine lacks is named, what it has is not", () => {
  const tool = (name: string, path: string | undefined) => ({ name, why: "a test", find: () => path });
  const tools = [tool("chromium", "/usr/bin/chromium"), tool("socat", undefined), tool("pcscd", undefined)];
  expect(findTools(tools).missing.map(({ name }) => name)).toEqual(["socat", "pcscd"]);
});

test("the command to install is complete, with sudo for those who need it", () => {
  expect(installCommand(["strace"], false)).toBe("sudo apt-get install -y --no-install-recommends strace");
  expect(installCommand(["socat", "strace"], true)).toBe("apt-get install -y --no-install-recommends socat strace");
});
