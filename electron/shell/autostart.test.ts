import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readWhole } from "../files/whole-file.ts";
import { planAutostart, type AutostartWish } from "./autostart.ts";
import { writeAutostartFile } from "./autostart-file.ts";

const plan = (wish: Partial<AutostartWish>) =>
  planAutostart({
    on: true,
    platform: "linux",
    execPath: "/opt/Polling Station/polling-station",
    args: ["--server", "https://hub.local"],
    home: "/home/kiosk",
    environment: {},
    ...wish,
  });

function fileOf(wish: Partial<AutostartWish>) {
  const planned = plan(wish);
  if (planned.kind !== "file") throw new Error(planned.kind);
  return planned;
}

test("on Linux a desktop entry starts the program with its flags", () => {
  const { path, text } = fileOf({});
  expect(path).toBe("/home/kiosk/.config/autostart/polling-station.desktop");
  expect(text).toContain('\nExec="/opt/Polling Station/polling-station" "--server" "https://hub.local"\n');
  expect(text).toMatch(/^\[Desktop Entry\]\nType=Application\n/);
});

test("an AppImage is started by its file, not by the mount it runs from", () => {
  const environment = { APPIMAGE: "/home/kiosk/Kiosk 1.AppImage", XDG_CONFIG_HOME: "/etc/kiosk" };
  const { path, text } = fileOf({ execPath: "/tmp/.mount_x/polling-station", args: [], environment });
  expect(path).toBe("/etc/kiosk/autostart/polling-station.desktop");
  expect(text).toContain('\nExec="/home/kiosk/Kiosk 1.AppImage"\n');
});

/** As the Desktop Entry Specification reads an Exec line: string escapes first, then quotes, then field codes. */
function readExec(text: string): string[] {
  const [, exec = ""] = /^Exec=(.*)$/m.exec(text) ?? [];
  const unescaped = exec.replaceAll("\\\\", "\\");
  return [...unescaped.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, inside = ""]) =>
    inside.replace(/\\(.)/g, "$1").replaceAll("%%", "%"),
  );
}

/** As CommandLineToArgvW (Microsoft's documentation of it) splits a line. */
function readWindows(line: string): string[] {
  const args: string[] = [];
  let argument = "";
  let quoted = false;
  for (const [, slashes = "", next = ""] of line.matchAll(/(\\*)([^\\]|$)/g)) {
    if (next === '"') {
      argument += "\\".repeat(Math.floor(slashes.length / 2));
      if (slashes.length % 2 === 1) argument += '"';
      else quoted = !quoted;
    } else {
      argument += slashes;
      if ((next === " " && !quoted) || next === "") {
        if (argument !== "" || next === " ") args.push(argument);
        argument = "";
      } else argument += next;
    }
  }
  return args;
}

const flag = fc.string({ minLength: 1, unit: fc.constantFrom(...`ab "\\$\`%&<>'=/-ü`.split("")) });

test("any path and flag comes out of the desktop entry as it went in", () => {
  fc.assert(
    fc.property(flag, fc.array(flag), (execPath, args) => {
      expect(readExec(fileOf({ execPath, args }).text ?? "")).toEqual([execPath, ...args]);
    }),
  );
});

test("any flag comes out of Windows' registry as it went in", () => {
  fc.assert(
    fc.property(fc.array(flag), (args) => {
      const planned = plan({ platform: "win32", execPath: "C:\\Program Files\\PS\\PS.exe", args });
      if (planned.kind !== "login-item") throw new Error(planned.kind);
      expect(planned.settings).toMatchObject({ openAtLogin: true, path: '"C:\\Program Files\\PS\\PS.exe"' });
      // As Electron joins them.
      expect(readWindows(planned.settings.args.join(" "))).toEqual(args);
    }),
  );
});

test("on a Mac a launch agent starts it, and starts it again after a crash but not after a clean end", () => {
  const { path, text } = fileOf({ platform: "darwin", home: "/Users/k", args: ["--data", "/a & <b>"] });
  expect(path).toBe("/Users/k/Library/LaunchAgents/org.polling-station.kiosk.plist");
  expect(text).toContain("<string>/a &amp; &lt;b&gt;</string>");
  expect(text).toContain("<key>SuccessfulExit</key><false/>");
});

test("turned off there is no file, and no login item", () => {
  expect(fileOf({ on: false }).text).toBeNull();
  expect(fileOf({ on: false, platform: "darwin" }).text).toBeNull();
  expect(plan({ on: false, platform: "win32" })).toMatchObject({ settings: { openAtLogin: false } });
});

test("what cannot be written down, or where nobody knows how, is refused", () => {
  expect(plan({ args: ["--data", "/a\nExec=evil"] }).kind).toBe("refused");
  expect(plan({ platform: "freebsd" })).toMatchObject({
    kind: "refused",
    why: "--autostart: not known how on freebsd",
  });
});

test("turned on twice and off twice, the file is there once and then gone", () => {
  const home = mkdtempSync(join(tmpdir(), "autostart-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const path = join(home, "deep", "down", "polling-station.desktop");
  const { text } = fileOf({});
  for (let time = 0; time < 2; time++) writeAutostartFile(path, text);
  expect(readWhole(path)).toBe(text);
  // Windows keeps no such bits.
  expect(process.platform === "win32" ? 0 : statSync(path).mode & 0o077).toBe(0);
  for (let time = 0; time < 2; time++) writeAutostartFile(path, null);
  expect(readWhole(path)).toBeUndefined();
});
