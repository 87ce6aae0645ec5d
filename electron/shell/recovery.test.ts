import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { keepPageShown, type FallibleContents } from "./recovery.ts";

function openPage() {
  let timer: { run: () => void; delayMs: number } | undefined;
  let ticker: { run: () => void; everyMs: number } | undefined;
  const did: string[] = [];
  const said: string[] = [];
  const contents = Object.assign(new EventEmitter(), {
    forcefullyCrashRenderer() {
      did.push("end");
      contents.emit("render-process-gone", {}, { reason: "killed" });
    },
  }) satisfies FallibleContents;
  const tell = keepPageShown(contents, {
    open: () => did.push("open"),
    onShown: () => did.push("greet"),
    say: (line) => said.push(line),
    clock: {
      setTimer(run, delayMs) {
        timer = { run, delayMs };
        return () => (timer = undefined);
      },
      setTicker(run, everyMs) {
        ticker = { run, everyMs };
        return () => (ticker = undefined);
      },
    },
  });
  return {
    contents,
    did,
    said,
    tell,
    waitsMs: () => timer?.delayMs,
    fail: (code: number, mainFrame: boolean) => void contents.emit("did-fail-load", {}, code, "failed", "u", mainFrame),
    tick: (count: number) => Array.from({ length: count }, () => ticker?.run()),
    ticks: () => ticker !== undefined,
    ring() {
      const due = timer;
      timer = undefined;
      due?.run();
    },
  };
}

test("the page is opened, greeted when it shows something, and opened again after a crash", () => {
  const { did, said, tell, contents, waitsMs, ring } = openPage();
  tell({ kind: "ready" });
  contents.emit("render-process-gone", {}, { reason: "oom" });
  expect(waitsMs()).toBe(500);
  ring();
  expect(did).toEqual(["open", "greet", "open"]);
  expect(said).toEqual(["The page is gone (oom); it is opened again in 500 ms."]);
});

test("a page that hangs is ended and opened again, once", () => {
  const { did, said, contents, ring, waitsMs } = openPage();
  contents.emit("unresponsive");
  ring();
  expect([did, said.length, waitsMs()]).toEqual([["open", "end", "open"], 1, undefined]);
});

test("a page that says nothing any more is ended and opened again", () => {
  const { did, tell, tick, ring } = openPage();
  tell({ kind: "ready" });
  tick(3);
  tell({ kind: "alive", sequence: 1 });
  tick(4);
  expect(did).toEqual(["open", "greet"]);
  tick(1);
  ring();
  expect(did).toEqual(["open", "greet", "end", "open"]);
});

test("a page that did not load is tried again; a part of it, or a load replaced by another, is no failure", () => {
  const { fail, waitsMs } = openPage();
  fail(-102, false);
  fail(-3, true);
  expect(waitsMs()).toBeUndefined();
  fail(-102, true);
  expect(waitsMs()).toBe(500);
});

test("a window that is gone is neither opened nor watched", () => {
  const { contents, did, ring, ticks } = openPage();
  contents.emit("render-process-gone", {}, { reason: "crashed" });
  contents.emit("destroyed");
  ring();
  expect([did, ticks()]).toEqual([["open"], false]);
});
