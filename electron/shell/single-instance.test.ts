import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { claimInstance, type InstanceApp, type Showable } from "./single-instance.ts";

function start(free: boolean, minimized = false) {
  const seen: string[] = [];
  const window: Showable = {
    isMinimized: () => minimized,
    restore: () => void seen.push("restore"),
    show: () => void seen.push("show"),
    focus: () => void seen.push("focus"),
  };
  const app = Object.assign(new EventEmitter(), { requestSingleInstanceLock: () => free }) satisfies InstanceApp;
  return { claimed: claimInstance(app, () => [window]), app, seen };
}

test("the first instance stays, and shows its window when there is a second", () => {
  const { claimed, app, seen } = start(true);
  expect(claimed).toBe(true);
  app.emit("second-instance");
  expect(seen).toEqual(["show", "focus"]);
});

test("a window that was minimised is brought back", () => {
  const { app, seen } = start(true, true);
  app.emit("second-instance");
  expect(seen).toEqual(["restore", "show", "focus"]);
});

test("the second instance has to end", () => {
  expect(start(false).claimed).toBe(false);
});
