import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { openChromium } from "./chromium.ts";

function opened() {
  let nowMs = 0;
  let timer: { run: () => void; delayMs: number } | undefined;
  const said: string[] = [];
  const signals: string[] = [];
  const children: EventEmitter[] = [];
  const window = openChromium("chromium", ["--kiosk"], {
    say: (line) => said.push(line),
    start() {
      const child = Object.assign(new EventEmitter(), {
        exitCode: null,
        signalCode: null,
        kill(signal: NodeJS.Signals) {
          signals.push(signal);
          if (signal === "SIGKILL") child.emit("exit", null);
        },
      });
      children.push(child);
      return child;
    },
    clock: {
      monotonicMs: () => nowMs,
      setTimer(run, delayMs) {
        timer = { run, delayMs };
        return () => (timer = undefined);
      },
    },
  });
  return {
    window,
    said,
    signals,
    starts: () => children.length,
    waitsMs: () => timer?.delayMs,
    ends(code: number | null, afterMs: number) {
      nowMs += afterMs;
      children.at(-1)?.emit("exit", code);
    },
    ring() {
      const due = timer;
      timer = undefined;
      due?.run();
    },
  };
}

test.each([
  ["closed by a person", 0, "The window is closed; it is opened again. (No window: start with --headless.)"],
  ["that crashed", 139, "The window is gone; it is opened again. (No window: start with --headless.)"],
  ["that was killed", null, "The window is gone; it is opened again. (No window: start with --headless.)"],
])("a window %s is opened again", (_what, code, line) => {
  const { ends, ring, starts, waitsMs, said } = opened();
  ends(code, 5_000);
  expect([waitsMs(), said]).toEqual([500, [line]]);
  ring();
  expect(starts()).toBe(2);
});

test("one that crashes at once is opened again later each time, and at once again after a good minute", () => {
  const { ends, ring, waitsMs } = opened();
  const waits = [100, 100, 100, 100, 61_000].map((upMs) => {
    ends(1, upMs);
    const waitMs = waitsMs();
    ring();
    return waitMs;
  });
  expect(waits).toEqual([500, 2_000, 10_000, 10_000, 500]);
});

test("a Chromium that gave the page to another one is not started over and over", () => {
  const { ends, waitsMs, said } = opened();
  ends(0, 400);
  expect([waitsMs(), said]).toEqual([undefined, ["The page opened in a Chromium that runs already."]]);
});

test("a window that was stopped stays closed, and one that hangs is ended", async () => {
  const { window, ring, signals, starts, waitsMs } = opened();
  const stopped = window.stop();
  expect([signals, waitsMs()]).toEqual([["SIGTERM"], 2_000]);
  ring();
  await stopped;
  expect([signals, waitsMs(), starts()]).toEqual([["SIGTERM", "SIGKILL"], undefined, 1]);
});

test("nothing is opened after a stop", async () => {
  const { window, ends, ring, starts } = opened();
  ends(1, 100);
  const stopped = window.stop();
  ring();
  ends(1, 100);
  await stopped;
  expect(starts()).toBe(1);
});
