import { expect, test } from "vitest";
import { readShellFlags } from "./arguments.ts";

const OURS = ["--server", "https://hub.local", "--data", "/srv/kiosk", "--port", "0", "--demo"];
const EXPECTED = { server: "https://hub.local", directory: "/srv/kiosk", port: 0, demo: true };
const read = (argv: string[], packaged = false) =>
  readShellFlags({ argv, packaged, userData: "/home/kiosk/.config/ps" });

test.each([
  ["from the project", ["electron", ".", ...OURS], false],
  ["with switches before the entry file", ["electron", "--no-sandbox", "dist/electron/main.js", ...OURS], false],
  ["packaged", ["/opt/polling-station", ...OURS], true],
  ["with Chromium's switches between", ["/opt/ps", "--no-sandbox", ...OURS, "--ozone-platform=wayland"], true],
])("the station's flags are read %s", (_title, argv, packaged) => {
  expect(read(argv, packaged)).toMatchObject({ ok: true, flags: EXPECTED });
});

test("a packaged program keeps its data with the user, as it is started from anywhere; a given folder goes before", () => {
  expect(read(["/opt/ps"], true)).toMatchObject({ ok: true, flags: { directory: "/home/kiosk/.config/ps/station" } });
  expect(read(["/opt/ps", "--data", "/srv/x"], true)).toMatchObject({ ok: true, flags: { directory: "/srv/x" } });
});

test.each([
  [["electron", ".", "--prot", "1"], "--prot"],
  [["electron", ".", "--port", "x"], "--port x"],
  [["electron", ".", "--remote-debugging-port=9222"], "--remote-debugging-port"],
  [["electron", ".", "--headless"], "--headless"],
])("%j is refused in words that name it", (argv, named) => {
  const parsed = read(argv);
  expect(parsed.ok).toBe(false);
  expect(parsed.ok ? "" : parsed.why).toContain(named);
});
