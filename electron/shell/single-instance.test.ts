import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { claimInstance, type InstanceApp, type Showable } from "./single-instance.ts";

function start(free: boolean, minimized = false) {
  const seen: unknown[] = [];
  const window: Showable = {
    isMinimized: () => minimized,
    restore: () => void seen.push("restore"),
    show: () => void seen.push("show"),
    focus: () => void seen.push("focus"),
  };
  const asked: unknown[] = [];
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock(wish: unknown) {
      asked.push(wish);
      return free;
    },
    quit: () => void seen.push("quit"),
  }) satisfies InstanceApp;
  const claimed = claimInstance(app, "show", () => [window]);
  return { claimed, asked, seen, second: (wish: unknown) => app.emit("second-instance", {}, [], "/", wish) };
}

test("the first instance stays, and shows its window when there is a second", () => {
  const { claimed, second, seen } = start(true);
  expect(claimed).toBe(true);
  second({ wish: "show" });
  expect(seen).toEqual(["show", "focus"]);
});

test("a window that was minimised is brought back", () => {
  const { second, seen } = start(true, true);
  second({ wish: "show" });
  expect(seen).toEqual(["restore", "show", "focus"]);
});

test("the second instance has to end, and says what it wants", () => {
  expect(start(false)).toMatchObject({ claimed: false, asked: [{ wish: "show" }] });
});

test("a second start that was told to quit ends the first", () => {
  const { second, seen } = start(true);
  second({ wish: "quit" });
  expect(seen).toEqual(["quit"]);
});

test.each([undefined, null, "quit", { wish: "format" }, { wish: "quit", more: 1 }])(
  "%j of a second start ends nothing",
  (wish) => {
    const { second, seen } = start(true);
    second(wish);
    expect(seen).toEqual(["show", "focus"]);
  },
);
