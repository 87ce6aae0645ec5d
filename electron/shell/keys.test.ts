import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { lockKeys, mayPass, type Key } from "./keys.ts";

const PLAIN = { control: false, alt: false, meta: false };
/** `Control+Shift+I` → the key as Electron tells of it. */
function pressed(text: string): Key {
  const parts = text.split(/(?<=.)\+/);
  const key = parts.at(-1) ?? "";
  return { key, control: parts.includes("Control"), alt: parts.includes("Alt"), meta: parts.includes("Meta") };
}
const KIOSK = { packaged: true, mac: false };
const MAC = { packaged: true, mac: true };

test("all that a wedge reader types passes, and all that people move with", () => {
  const typed = [..."0123456789abcdefABCDEF:-;?% äß漢".split(""), "😀"];
  const named = [
    "Enter",
    "Tab",
    "Escape",
    "Backspace",
    "ArrowUp",
    "ArrowLeft",
    "Home",
    "PageDown",
    "Shift",
    "Control",
    "Dead",
  ];
  for (const key of [...typed, ...named]) expect([key, mayPass({ ...PLAIN, key }, KIOSK)]).toEqual([key, true]);
});

const SHORTCUTS: Record<string, readonly string[]> = {
  reload: ["F5", "Control+r", "Control+Shift+R", "Control+F5", "Meta+r", "BrowserRefresh"],
  "close or quit": [
    "Alt+F4",
    "Control+w",
    "Control+F4",
    "Control+Shift+W",
    "Control+q",
    "Meta+w",
    "Meta+q",
    "BrowserHome",
  ],
  zoom: ["Control++", "Control+-", "Control+=", "Control+0", "Meta+=", "Meta+-", "Meta+0"],
  "full screen": ["F11", "Control+Meta+f"],
  "developer tools": [
    "F12",
    "Control+Shift+I",
    "Control+Shift+J",
    "Control+Shift+C",
    "Meta+Alt+i",
    "Control+u",
    "Meta+Alt+u",
  ],
  "print, find and save": ["Control+p", "Meta+p", "Control+f", "F3", "Control+g", "Control+s", "Meta+s", "PrintScreen"],
  "new windows and tabs": ["Control+n", "Control+t", "Control+Shift+N", "Meta+n", "Meta+t", "Control+Tab", "F6"],
  "back and forward": ["Alt+ArrowLeft", "Alt+ArrowRight", "Meta+[", "Meta+ArrowLeft", "BrowserBack", "BrowserForward"],
  "address, history and help": [
    "Control+l",
    "Alt+d",
    "F1",
    "Control+h",
    "Control+j",
    "Control+o",
    "F10",
    "ContextMenu",
  ],
  "menus and the system": [
    "Alt+ ",
    "Alt+f",
    "Alt+Tab",
    "Meta+m",
    "Meta+h",
    "Meta+Tab",
    "Meta+ ",
    "Control+Escape",
    "Alt+Escape",
  ],
  "to caret, media and the like": ["F7", "MediaPlayPause", "LaunchMail", "AudioVolumeUp", "Unidentified", ""],
};

test.each(Object.entries(SHORTCUTS))("%s: no key of an installed kiosk does it", (_what, keys) => {
  for (const text of keys) {
    expect([text, mayPass(pressed(text), KIOSK)]).toEqual([text, false]);
    expect([text, mayPass(pressed(text), MAC)]).toEqual([text, false].with(1, /^Alt\+.$/.test(text)));
  }
});

test("letters written with AltGr, or with Option on a Mac, are letters", () => {
  for (const text of ["Control+Alt+@", "Control+Alt+€", "Control+Alt+{"])
    expect(mayPass(pressed(text), KIOSK)).toBe(true);
  for (const text of ["Control+Alt+i", "Control+Alt+Delete", "Control+Alt+ "])
    expect(mayPass(pressed(text), KIOSK)).toBe(false);
  expect([mayPass(pressed("Alt+å"), MAC), mayPass(pressed("Alt+å"), KIOSK)]).toEqual([true, false]);
});

test("whoever develops may close the window, and no more", () => {
  const own = { packaged: false, mac: false };
  for (const text of ["Alt+F4", "Control+q", "Control+w", "Meta+q"]) expect(mayPass(pressed(text), own)).toBe(true);
  for (const text of ["F12", "Control+r", "Control++", "F5"]) expect(mayPass(pressed(text), own)).toBe(false);
});

test("a key that may not pass never reaches the page", () => {
  const contents = new EventEmitter();
  lockKeys(contents, KIOSK);
  const reaches = (text: string) => {
    let held = false;
    contents.emit("before-input-event", { preventDefault: () => (held = true) }, pressed(text));
    return !held;
  };
  expect([reaches("7"), reaches("Enter"), reaches("F12"), reaches("Control+r")]).toEqual([true, true, false, false]);
});
