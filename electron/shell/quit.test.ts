import { EventEmitter } from "node:events";
import { beforeEach, expect, test, vi } from "vitest";
import { quitOnShutdown, stopBeforeQuit, type QuittableApp } from "./quit.ts";

beforeEach(() => void vi.spyOn(console, "error").mockReturnValue(undefined));

function runningApp() {
  const exits: number[] = [];
  let held = 0;
  const app = Object.assign(new EventEmitter(), {
    // As Electron does: asks, and goes on by itself unless it is held back.
    quit() {
      let prevented = false;
      app.emit("before-quit", { preventDefault: () => (prevented = true) });
      if (prevented) held++;
      else app.exit(0);
    },
    exit: (code: number) => void exits.push(code),
  }) satisfies QuittableApp;
  const signals = new EventEmitter();
  const stopped = Promise.withResolvers<void>();
  let stops = 0;
  let timer: { run: () => void; delayMs: number } | undefined;
  const stop = () => {
    stops++;
    return stopped.promise;
  };
  const quitting = stopBeforeQuit(app, signals, stop, (run, delayMs) => {
    timer = { run, delayMs };
    return () => {};
  });
  return { app, signals, stopped, exits, quitting, held: () => held, stops: () => stops, timer: () => timer };
}

test("the station stops before the program ends, however often it is told to", async () => {
  const { app, signals, stopped, exits, held, stops } = runningApp();
  app.quit();
  signals.emit("SIGTERM");
  app.quit();
  expect([exits, held(), stops()]).toEqual([[], 3, 1]);
  stopped.resolve();
  await vi.waitFor(() => expect(exits).toEqual([0]));
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"])("%s stops the station", (signal) => {
  const { signals, stops } = runningApp();
  signals.emit(signal);
  expect(stops()).toBe(1);
});

test("the last window closed stops it too", () => {
  const { app, stops } = runningApp();
  app.emit("window-all-closed");
  expect(stops()).toBe(1);
});

test("a station that hangs is left within five seconds, and not as a clean stop", () => {
  const { app, exits, timer } = runningApp();
  app.quit();
  expect(timer()?.delayMs).toBeLessThan(5_000);
  timer()?.run();
  expect(exits).toEqual([1]);
});

test("a station that fails to stop ends the program, and not as a clean stop", async () => {
  const { app, stopped, exits } = runningApp();
  app.quit();
  stopped.reject(new Error("disk"));
  await vi.waitFor(() => expect(exits).toEqual([1]));
});

test("whoever asks is told that the program ends", () => {
  const { app, quitting } = runningApp();
  expect(quitting()).toBe(false);
  app.quit();
  expect(quitting()).toBe(true);
});

test("a computer that shuts down waits for the station", () => {
  const { app, stops } = runningApp();
  const power = new EventEmitter();
  quitOnShutdown(app, power);
  let held = false;
  power.emit("shutdown", { preventDefault: () => (held = true) });
  power.emit("shutdown");
  expect([held, stops()]).toEqual([true, 1]);
});
