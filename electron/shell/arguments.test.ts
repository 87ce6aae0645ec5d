import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readShellFlags } from "./arguments.ts";

const OURS = ["--server", "https://hub.local", "--data", "/srv/kiosk", "--port", "0", "--demo"];
const EXPECTED = { server: "https://hub.local", directory: resolve("/srv/kiosk"), port: 0, demo: true };
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
  expect(read(["/opt/ps"], true)).toMatchObject({
    ok: true,
    flags: { directory: resolve("/home/kiosk/.config/ps/station") },
  });
  expect(read(["/opt/ps", "--data", "/srv/x"], true)).toMatchObject({
    ok: true,
    flags: { directory: resolve("/srv/x") },
  });
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

test.each([
  [[], { kind: "run" }],
  [["--version", "--nonsense"], { kind: "version" }],
  [["--quit", "--data", "/srv/x"], { kind: "quit" }],
  [["--autostart", "off"], { kind: "autostart", on: false, args: [] }],
  [
    ["--server", "https://hub", "--autostart=on", "--ozone-platform=wayland"],
    { kind: "autostart", on: true, args: ["--server", "https://hub", "--ozone-platform=wayland"] },
  ],
])("%j is an errand of its own", (own, errand) => {
  expect(read(["/opt/ps", ...own], true)).toMatchObject({ ok: true, errand });
});

test("started at log-in the program finds its data from any folder", () => {
  const parsed = read(["/opt/ps", "--data", "kiosk", "--autostart", "on"], true);
  const args = parsed.ok && parsed.errand.kind === "autostart" ? parsed.errand.args : [];
  expect(args).toEqual(["--data", "kiosk", "--data", resolve("kiosk")]);
  expect(read(["/opt/ps", ...args], true)).toMatchObject({ flags: { directory: resolve("kiosk") } });
});

test.each([[["--autostart"]], [["--autostart", "maybe"]], [["--autostart", "on", "--prot", "1"]]])(
  "%j is refused, with a usage line",
  (own) => {
    const parsed = read(["/opt/ps", ...own], true);
    expect(parsed.ok ? "" : parsed.why).toMatch(/^(--autostart .*: on or off is needed|.*--prot.*)\nusage: /);
  },
);
