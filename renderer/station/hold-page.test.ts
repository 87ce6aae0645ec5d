import { expect, test } from "vitest";
import { HOLD_MS, letGo, pageOf, turnIfFree } from "./hold-page.ts";
import type { HeldPage } from "./hold-page.ts";

const AT_START: HeldPage = { poll: "p", page: 0, held: false };

test("an option stands on one page, and no option on none", () => {
  expect([1, 28, 29, 50, null].map((option) => pageOf(option, 28))).toEqual([0, 0, 1, 1, null]);
});

test("the first turn is at once, the next only when the page is let go", () => {
  const turned = turnIfFree(AT_START, "p", 1);
  expect(turned).toEqual({ poll: "p", page: 1, held: true });
  expect(turnIfFree(turned, "p", 0)).toBe(turned);
  expect(turnIfFree(letGo(turned, turned), "p", 0)).toEqual({ poll: "p", page: 0, held: true });
});

test("a page that is wanted again is not held anew", () => {
  expect(turnIfFree(AT_START, "p", 0)).toBe(AT_START);
});

test("the time of an earlier turn does not let go a later one", () => {
  const first = turnIfFree(AT_START, "p", 1);
  const second: HeldPage = { poll: "p", page: 2, held: true };
  expect(letGo(second, first)).toBe(second);
});

test("another poll starts at its page at once", () => {
  const turned = turnIfFree(AT_START, "p", 1);
  expect(turnIfFree(turned, "q", 0)).toEqual({ poll: "q", page: 0, held: false });
});

test("twenty taps a second all over the pages turn them at most once in 1.5 s", () => {
  let page = AT_START;
  const turnsMs: number[] = [];
  for (let nowMs = 0; nowMs < 15_000; nowMs += 50) {
    if (nowMs - (turnsMs.at(-1) ?? nowMs) >= 1_500) page = letGo(page, page);
    const next = turnIfFree(page, "p", (nowMs / 50) % 3);
    if (next !== page) turnsMs.push(nowMs);
    page = next;
  }
  expect(HOLD_MS).toBe(1_500);
  expect(turnsMs.length).toBeGreaterThan(5);
  expect(turnsMs.slice(1).every((ms, i) => ms - (turnsMs[i] ?? 0) >= 1_500)).toBe(true);
});
