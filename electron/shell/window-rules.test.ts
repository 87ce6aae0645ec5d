import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { holdWindow, type HeldWindow } from "./window-rules.ts";

function held({ packaged = true, quitting = false } = {}) {
  const done: string[] = [];
  const window = Object.assign(new EventEmitter(), {
    restore: () => void done.push("restore"),
    setKiosk: (flag: boolean) => void done.push(`kiosk ${flag}`),
  }) satisfies HeldWindow;
  holdWindow(window, { packaged, quitting: () => quitting, quit: () => void done.push("quit") });
  return {
    window,
    done,
    closes() {
      let prevented = false;
      window.emit("close", { preventDefault: () => (prevented = true) });
      return !prevented;
    },
  };
}

test("the window closes only when the program ends", () => {
  expect(held().closes()).toBe(false);
  expect(held({ quitting: true }).closes()).toBe(true);
});

test("minimised or taken out of full screen, it comes back", () => {
  const { window, done } = held();
  window.emit("minimize");
  window.emit("leave-full-screen");
  expect(done).toEqual(["restore", "kiosk true"]);
});

test("a window that leaves full screen because the program ends is left alone", () => {
  const { window, done } = held({ quitting: true });
  window.emit("leave-full-screen");
  expect(done).toEqual([]);
});

test("whoever develops may close it, minimise it and make it small", () => {
  const { window, done, closes } = held({ packaged: false });
  window.emit("minimize");
  window.emit("leave-full-screen");
  expect([closes(), done]).toEqual([true, []]);
});

test("the end of a Windows session ends the program", () => {
  const { window, done } = held();
  window.emit("session-end");
  expect(done).toEqual(["quit"]);
});
