import fc from "fast-check";
import { expect, test } from "vitest";
import { PAGE_AT_START, stepPage, TICK_MS, type PageEffect, type PageEvent, type PageState } from "./page-life.ts";

const TICK: PageEvent = { kind: "tick" };
const times = (count: number, event: PageEvent) => Array.from({ length: count }, () => event);

/** What came of the events, one after the other. */
function live(events: readonly PageEvent[], from: PageState = PAGE_AT_START) {
  let state = from;
  const effects: PageEffect[] = [];
  for (const event of events) {
    const [next, ...came] = stepPage(state, event);
    state = next;
    effects.push(...came);
  }
  return { state, effects, waits: effects.flatMap((effect) => (effect.kind === "open" ? [effect.afterMs] : [])) };
}
const afterSeconds = (seconds: number) => times((seconds * 1_000) / TICK_MS, TICK);

test("a page that shows its first picture is greeted", () => {
  expect(live([...afterSeconds(6), { kind: "ready" }])).toMatchObject({
    state: { kind: "shown" },
    effects: [{ kind: "greet" }],
  });
});

test("a page that shows nothing for 20 s is ended and opened again", () => {
  expect(live(afterSeconds(18)).effects).toEqual([]);
  expect(live(afterSeconds(20)).effects).toEqual([
    { kind: "end" },
    { kind: "say", line: "The page shows nothing; it is opened again in 500 ms." },
    { kind: "open", afterMs: 500 },
  ]);
});

test("a page that says nothing for 10 s is ended and opened again, although it was shown", () => {
  const shown: PageEvent[] = [{ kind: "ready" }, { kind: "alive", sequence: 1 }];
  expect(live([...shown, ...afterSeconds(8)]).waits).toEqual([]);
  expect(live([...shown, ...afterSeconds(8), { kind: "alive", sequence: 2 }, ...afterSeconds(8)]).waits).toEqual([]);
  expect(live([...shown, ...afterSeconds(10)]).effects[1]).toEqual({ kind: "end" });
});

test("a word that was said before is no sign of life", () => {
  const echo: PageEvent = { kind: "alive", sequence: 1 };
  expect(live([{ kind: "ready" }, echo, ...times(5, TICK).flatMap((tick) => [tick, echo])]).waits).toEqual([500]);
});

test("a word of a page that is not shown is none either", () => {
  expect(live([{ kind: "alive", sequence: 1 }, ...afterSeconds(20)]).waits).toEqual([500]);
});

test("a page that the system finds hanging is ended at once", () => {
  expect(live([{ kind: "ready" }, { kind: "hangs" }]).effects.slice(1)).toEqual([
    { kind: "end" },
    { kind: "say", line: "The page does not answer; it is opened again in 500 ms." },
    { kind: "open", afterMs: 500 },
  ]);
});

test("a crashed page is opened again, later each time, and for ever", () => {
  const crash: PageEvent[] = [{ kind: "failed", what: "is gone (oom)" }, { kind: "opened" }];
  expect(live(Array.from({ length: 6 }, () => crash).flat()).waits).toEqual([
    500, 2_000, 10_000, 10_000, 10_000, 10_000,
  ]);
});

test("after a quiet minute a crash counts as the first", () => {
  const crash: PageEvent[] = [{ kind: "failed", what: "is gone" }, { kind: "opened" }, { kind: "ready" }];
  const quiet = afterSeconds(62).flatMap((tick, at): PageEvent[] => [tick, { kind: "alive", sequence: at + 1 }]);
  expect(live([...crash, ...crash, ...quiet, ...crash]).waits).toEqual([500, 2_000, 500]);
});

test("one crash that is told twice is one, and a late word of the old page is about the old page", () => {
  const failed: PageEvent = { kind: "failed", what: "is gone" };
  const { state, waits } = live([failed, failed, { kind: "hangs" }, { kind: "ready" }, ...afterSeconds(60)]);
  expect([state.kind, waits]).toEqual(["gone", [500]]);
});

test("whatever happens, a page that is gone has been ordered anew, once", () => {
  const event = fc.oneof(
    fc.constantFrom<PageEvent>(
      TICK,
      TICK,
      { kind: "opened" },
      { kind: "ready" },
      { kind: "hangs" },
      { kind: "failed", what: "x" },
    ),
    fc.nat(20).map((sequence): PageEvent => ({ kind: "alive", sequence })),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      let state = PAGE_AT_START;
      for (const each of events) {
        const before = state.kind;
        const [next, ...effects] = stepPage(state, each);
        const orders = effects.filter((effect) => effect.kind === "open").length;
        expect(orders).toBe(before !== "gone" && next.kind === "gone" ? 1 : 0);
        state = next;
      }
    }),
  );
});
