import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findOnPath } from "./on-path.ts";

test("the first program of that name is found; folders and files that cannot be run are passed over", () => {
  const folder = mkdtempSync(join(tmpdir(), "on-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [first, second, third] = [join(folder, "1"), join(folder, "2"), join(folder, "3")];
  mkdirSync(join(first, "socat"), { recursive: true });
  for (const [place, mode] of [
    [second, 0o644],
    [third, 0o755],
  ] as const) {
    mkdirSync(place);
    writeFileSync(join(place, "socat"), "#!/bin/sh\n");
    chmodSync(join(place, "socat"), mode);
  }
  expect(findOnPath("socat", [first, second, third].join(delimiter))).toBe(join(third, "socat"));
  expect(findOnPath("socat", first)).toBeUndefined();
});
