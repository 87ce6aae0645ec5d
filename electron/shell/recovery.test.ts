import { EventEmitter } from "node:events";
import { beforeEach, expect, test, vi } from "vitest";
import { recoverPage, type FallibleContents } from "./recovery.ts";

beforeEach(() => void vi.spyOn(console, "error").mockReturnValue(undefined));

function openPage() {
  let nowMs = 0;
  let timer: { run: () => void; delayMs: number } | undefined;
  let loads = 0;
  const contents = Object.assign(new EventEmitter(), {
    forcefullyCrashRenderer: () => void contents.emit("render-process-gone", {}, { reason: "crashed" }),
  }) satisfies FallibleContents;
  recoverPage(contents, () => void loads++, {
    monotonicMs: () => nowMs,
    setTimer(run, delayMs) {
      timer = { run, delayMs };
      return () => (timer = undefined);
    },
  });
  return {
    contents,
    loads: () => loads,
    waitsMs: () => timer?.delayMs,
    crash: () => void contents.emit("render-process-gone", {}, { reason: "oom" }),
    fail: (code: number, mainFrame: boolean) => void contents.emit("did-fail-load", {}, code, "failed", "u", mainFrame),
    pass: (ms: number) => (nowMs += ms),
    ring() {
      const due = timer;
      timer = undefined;
      nowMs += due?.delayMs ?? 0;
      due?.run();
    },
  };
}

test("a crashed page is loaded again, later each time, and for ever", () => {
  const page = openPage();
  const waits = Array.from({ length: 6 }, () => {
    page.crash();
    const waitsMs = page.waitsMs();
    page.ring();
    return waitsMs;
  });
  expect(waits).toEqual([500, 2_000, 10_000, 10_000, 10_000, 10_000]);
  expect(page.loads()).toBe(6);
});

test("after a quiet minute a crash counts as the first", () => {
  const page = openPage();
  page.crash();
  page.ring();
  page.pass(60_001);
  page.crash();
  expect(page.waitsMs()).toBe(500);
});

test("one crash that is told twice is loaded once", () => {
  const page = openPage();
  page.crash();
  page.fail(-2, true);
  expect(page.waitsMs()).toBe(500);
  page.ring();
  expect(page.waitsMs()).toBeUndefined();
  expect(page.loads()).toBe(1);
});

test("a page that hangs is ended and loaded again", () => {
  const page = openPage();
  page.contents.emit("unresponsive");
  page.ring();
  expect(page.loads()).toBe(1);
});

test("a page that did not load is tried again; a part of it, or a load replaced by another, is no failure", () => {
  const page = openPage();
  page.fail(-102, false);
  page.fail(-3, true);
  expect(page.waitsMs()).toBeUndefined();
  page.fail(-102, true);
  expect(page.waitsMs()).toBe(500);
});

test("a window that is gone is not loaded", () => {
  const page = openPage();
  page.crash();
  page.contents.emit("destroyed");
  page.ring();
  expect(page.loads()).toBe(0);
});
