import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outcome, OutcomeKind, ScreenEvent, ScreenPoll } from "../../shared/events/stream.ts";
import { OUTCOME_KINDS } from "../../shared/events/stream.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { KIOSK_AT_START, step } from "./step.ts";
import type { KioskEffect, KioskState } from "./step.ts";

const poll: ScreenPoll = {
  id: "p1",
  question: "What next?",
  options: [{ label: "Tea" }, { label: "Coffee" }],
  counts: "first",
  upTo: 1,
  state: "open",
  round: 1,
  tagless: false,
};
const snapshot: ScreenEvent = {
  kind: "snapshot",
  title: "Night",
  demo: false,
  poll,
  tally: { poll: "p1", cursor: 10, counts: [3, 4], provisional: true },
  link: { state: "online", safeHere: 0, code: null, reason: null },
  disk: { state: "good", reason: null },
  damage: null,
  branch: null,
  over: false,
  readers: [],
  testing: false,
  setUp: "done",
  touch: null,
};

const tapped = (kind: OutcomeKind, id = "t1", option: number | null = 1): ScreenEvent => ({
  kind: "outcome",
  outcome: { id, kind, option, reader: null },
});
const tally = (cursor: number, counts: number[], of = "p1"): ScreenEvent => ({
  kind: "tally",
  tally: { poll: of, cursor, counts, provisional: true },
});

function play(news: readonly (ScreenEvent | number)[], from: KioskState = KIOSK_AT_START): [KioskState, KioskEffect[]] {
  let state = from;
  let nowMs = 0;
  const told: KioskEffect[] = [];
  for (const each of news) {
    if (typeof each === "number") nowMs += each;
    const [next, ...effects] =
      typeof each === "number"
        ? step(state, { kind: "clock", nowMs })
        : step(state, { kind: "news", news: each, nowMs });
    state = next;
    told.push(...effects);
  }
  return [state, told];
}
const shown = (state: KioskState): string[] =>
  (state.picture?.outcomes.shown ?? []).map((outcome) => `${outcome.id} ${outcome.kind}`);
const counts = (state: KioskState): number[] | undefined => state.picture?.tally?.counts;

test("nothing is shown before the first snapshot", () => {
  expect(play([tally(1, [1, 1]), tapped("stored")])).toEqual([KIOSK_AT_START, []]);
});

test("an outcome is upgraded under its id, and told each time", () => {
  const [state, told] = play([snapshot, tapped("stored"), 100, tapped("counted")]);
  expect(shown(state)).toEqual(["t1 counted"]);
  expect(told.map(({ outcome, upgrade }) => [outcome.kind, upgrade])).toEqual([
    ["stored", false],
    ["counted", true],
  ]);
});

test("a last word is never taken back, and a repeat is no news", () => {
  const [state, told] = play([snapshot, tapped("counted"), tapped("stored"), tapped("counted")]);
  expect(shown(state)).toEqual(["t1 counted"]);
  expect(told).toHaveLength(1);
});

test("an upgrade does not cover a later tap at the same lane", () => {
  const [state] = play([snapshot, tapped("stored", "a"), tapped("stored", "b"), tapped("counted", "a")]);
  expect(shown(state)).toEqual(["a counted", "b stored"]);
});

test.each(["new-question", "read-again", "closed", "already-counted"] as const)(
  "a newer tap at the lane takes an older %s away",
  (kind) => {
    const [state] = play([snapshot, tapped(kind, "a"), tapped(kind, "b", 2), tapped("stored", "c")]);
    expect(shown(state)).toEqual([`b ${kind}`, "c stored"]);
  },
);

test("a vote that was not stored is told on, and so is a success, whatever comes after at the lane", () => {
  const [state] = play([snapshot, tapped("not-stored", "a"), tapped("stored", "b"), tapped("closed", "c")]);
  expect(shown(state)).toEqual(["a not-stored", "b stored", "c closed"]);
});

test("an upgrade takes nothing away from a later tap at the lane", () => {
  const [state] = play([snapshot, tapped("stored", "a"), tapped("read-again", "b"), tapped("counted", "a")]);
  expect(shown(state)).toEqual(["a counted", "b read-again"]);
});

test("success fades after 2.5 s, a refusal after 4 s, an upgrade starts the time anew", () => {
  const start = [snapshot, tapped("stored", "a"), tapped("closed", "b"), 2000, tapped("counted", "a")];
  expect(shown(play([...start, 1999])[0])).toEqual(["a counted", "b closed"]);
  expect(shown(play([...start, 2000])[0])).toEqual(["a counted"]);
  expect(shown(play([...start, 2500])[0])).toEqual([]);
});

test("a late success lights no lane its voter has left; a late refusal does", () => {
  expect(play([snapshot, tapped("safe-here"), 3000, tapped("counted")])[1]).toHaveLength(1);
  expect(shown(play([snapshot, tapped("safe-here"), 3000, tapped("already-counted")])[0])).toEqual([
    "t1 already-counted",
  ]);
});

test("a tally of another poll or of another length is ignored", () => {
  for (const stray of [tally(99, [9, 9], "p2"), tally(99, [9, 9, 9])]) {
    expect(counts(play([snapshot, stray])[0])).toEqual([3, 4]);
  }
  expect(counts(play([snapshot, tally(11, [3, 5])])[0])).toEqual([3, 5]);
});

test("the station's newest tally stands, also when a server put back to a backup counts from an earlier place", () => {
  const again: ScreenEvent = {
    kind: "poll",
    poll,
    tally: { poll: "p1", cursor: 4, counts: [1, 1], provisional: true },
  };
  expect(counts(play([snapshot, tally(9, [9, 9])])[0])).toEqual([9, 9]);
  expect(counts(play([snapshot, again])[0])).toEqual([1, 1]);
});

test("a branch and the end of the event stay until the station says otherwise", () => {
  const [state] = play([snapshot, { kind: "branch", branch: "copy" }, { kind: "over", over: true }, tally(11, [3, 5])]);
  expect(state.picture).toMatchObject({ branch: "copy", over: true });
  expect(play([{ kind: "branch", branch: null }], state)[0].picture?.branch).toBeNull();
});

test("a snapshot replaces everything, also a newer tally and outcomes", () => {
  const [state] = play([snapshot, tally(50, [8, 8]), tapped("stored"), snapshot]);
  expect(state).toEqual(play([snapshot])[0]);
});

test("a new poll takes the outcomes at the lanes with it; the same poll paused keeps them", () => {
  const other: ScreenEvent = { kind: "poll", poll: { ...poll, id: "p2" }, tally: null };
  const paused: ScreenEvent = { kind: "poll", poll: { ...poll, state: "paused" }, tally: null };
  const taps = [snapshot, tapped("stored", "a"), tapped("unassigned", "b", null)];
  expect(shown(play([...taps, other])[0])).toEqual(["b unassigned"]);
  expect(shown(play([...taps, paused])[0])).toEqual(["a stored", "b unassigned"]);
  expect(counts(play([...taps, paused])[0])).toBeUndefined();
});

test.each([
  ["another", poll],
  ["the first", null],
])("%s poll takes with it what was said of none or of the one before", (_, before) => {
  const other: ScreenEvent = { kind: "poll", poll: { ...poll, id: "p2" }, tally: null };
  const taps = OUTCOME_KINDS.map((kind) => tapped(kind, kind, null));
  const [state] = play([{ ...snapshot, poll: before, tally: null }, ...taps, other]);
  expect(state.picture?.outcomes.shown.map(({ kind }) => kind)).toEqual([
    "revoked",
    "event-over",
    "unassigned",
    "read-again",
    "operator-tap",
    "not-stored",
  ]);
});

test("no poll after no poll takes nothing away", () => {
  const none: ScreenEvent = { kind: "poll", poll: null, tally: null };
  const [state] = play([{ ...snapshot, poll: null, tally: null }, tapped("no-open-poll", "a", null), none]);
  expect(shown(state)).toEqual(["a no-open-poll"]);
});

test("the line lost keeps the last picture", () => {
  const [before] = play([snapshot]);
  const [after] = step(before, { kind: "line", line: "lost" });
  expect(after).toEqual({ ...before, line: "lost" });
});

test("while the disk fails, no order of outcomes shows or sounds a success", () => {
  const failing: ScreenEvent = { kind: "disk", disk: { state: "failing", reason: say("disk-failed") } };
  const outcome = fc.tuple(fc.constantFrom(...OUTCOME_KINDS), fc.constantFrom("a", "b", "c"));
  const success: readonly OutcomeKind[] = ["stored", "safe-here", "counted", "changed"];
  const isSuccess = (each: Outcome): boolean => success.includes(each.kind);
  fc.assert(
    fc.property(fc.array(outcome), fc.array(outcome), (before, during) => {
      const [failed] = play([snapshot, ...before.map(([kind, id]) => tapped(kind, id)), failing]);
      const [state, told] = play(
        during.map(([kind, id]) => tapped(kind, id)),
        failed,
      );
      expect(told.map((each) => each.outcome).filter(isSuccess)).toEqual([]);
      expect(state.picture?.outcomes.shown.filter(isSuccess)).toEqual([]);
    }),
  );
});

test("a flood of taps keeps the lists bounded", () => {
  const [state] = play([
    snapshot,
    ...Array.from({ length: 2000 }, (_, i) => [tapped("stored", `t${i}`), i % 50 ? 0 : 3000]).flat(),
  ]);
  expect(state.picture?.outcomes.shown.length).toBeLessThanOrEqual(64);
  expect(state.picture?.outcomes.gone.length).toBeLessThanOrEqual(256);
});

test("the prompt to touch goes with what it is said of, and not before", () => {
  const waits: ScreenEvent = { kind: "touch", touch: { kind: "tapped", id: "1", forMs: 10_000 } };
  const prompted = play([
    snapshot,
    waits,
    { kind: "outcome", outcome: { id: "t", kind: "choose-answer", option: null, reader: "R" } },
  ]);
  expect([shown(prompted[0]), prompted[0].picture?.touch?.kind]).toEqual([["t choose-answer"], "tapped"]);
  const [again] = play([{ ...waits, touch: { kind: "tapped", id: "2", forMs: 10_000 } }], prompted[0]);
  expect(shown(again)).toEqual(["t choose-answer"]);
  const [over] = play([{ kind: "touch", touch: null }], again);
  expect([shown(over), over.picture?.touch]).toEqual([[], null]);
});

test("that no tap counts, and that the station is new, is shown for as long as it is told", () => {
  const [testing] = play([snapshot, { kind: "testing", testing: true }, { kind: "set-up", setUp: "first-run" }]);
  expect(testing.picture).toMatchObject({ testing: true, setUp: "first-run" });
  const [real] = play(
    [
      { kind: "testing", testing: false },
      { kind: "set-up", setUp: "done" },
    ],
    testing,
  );
  expect(real.picture).toMatchObject({ testing: false, setUp: "done" });
});
