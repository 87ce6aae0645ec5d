import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHOOSE_MS } from "../../shared/events/stream.ts";
import { testTag } from "../../shared/domain/testing.ts";
import { stepChooser, type ChooserEffect, type ChooserEvent, type Waiting } from "./chooser.ts";

const place = { reader: "r", name: "Reader", target: { kind: "choose" } } as const;
const voter = (number: number) => ({ tagKey: testTag(number), flags: [] });
const tap = (number: number, nowMs: number, poll = "p") =>
  ({ kind: "tap", id: `${nowMs}`, poll, voter: voter(number), place, nowMs }) as const;
const touch = (option: number, nowMs: number, poll = "p") =>
  ({ kind: "touch", id: `${nowMs}`, poll, option, nowMs }) as const;
const clock = (nowMs: number) => ({ kind: "clock", nowMs }) as const;

function play(...events: ChooserEvent[]): { waiting: Waiting | null; effects: ChooserEffect[] } {
  let waiting: Waiting | null = null;
  const all: ChooserEffect[] = [];
  for (const event of events) {
    const [next, ...effects] = stepChooser(waiting, event);
    waiting = next;
    all.push(...effects);
  }
  return { waiting, effects: all };
}
const said = (...events: ChooserEvent[]) =>
  play(...events).effects.map((effect) =>
    effect.kind === "cast" ? `${effect.voter.tagKey[15]} for ${effect.option}` : effect.kind,
  );

describe("a vote of two halves", () => {
  test("is made by a tap and then a touch, or by a touch and then a tap", () => {
    expect(said(tap(7, 0), touch(2, CHOOSE_MS - 1))).toEqual(["choose-answer", "7 for 2"]);
    expect(said(touch(2, 0), tap(7, CHOOSE_MS - 1))).toEqual(["7 for 2"]);
  });

  test("is not made when the second half is late, and who tapped is told", () => {
    expect(said(tap(7, 0), clock(CHOOSE_MS))).toEqual(["choose-answer", "choose-expired"]);
    expect(said(tap(7, 0), touch(2, CHOOSE_MS))).toEqual(["choose-answer", "choose-expired"]);
    expect(said(touch(2, 0), clock(CHOOSE_MS))).toEqual([]);
    // The late tap is a new first half.
    expect(said(touch(2, 0), tap(7, CHOOSE_MS))).toEqual(["choose-answer"]);
  });

  test("takes the answer touched last, and waits anew from then on", () => {
    expect(said(touch(2, 0), touch(3, CHOOSE_MS - 1), tap(7, CHOOSE_MS + 5))).toEqual(["7 for 3"]);
  });

  test("goes on when the same tag is tapped again", () => {
    expect(said(tap(7, 0), tap(7, CHOOSE_MS - 1), touch(1, CHOOSE_MS + 5))).toEqual([
      "choose-answer",
      "choose-answer",
      "7 for 1",
    ]);
  });

  test("is given to neither when a second tag comes between: the touch might be either's", () => {
    expect(said(tap(7, 0), tap(8, 10), touch(1, 20))).toEqual(["choose-answer", "slow-down"]);
    // That touch is a first half, for whoever taps now.
    expect(said(tap(7, 0), tap(8, 10), touch(1, 20), tap(8, 30))).toEqual(["choose-answer", "slow-down", "8 for 1"]);
  });

  test("never joins halves of two questions", () => {
    expect(said(tap(7, 0, "p"), touch(1, 10, "q"))).toEqual(["choose-answer"]);
    expect(said(touch(1, 0, "p"), tap(7, 10, "q"))).toEqual(["choose-answer"]);
  });

  test("is forgotten with its tag when the question or the mode changes", () => {
    expect(play(tap(7, 0), { kind: "drop" })).toMatchObject({ waiting: null, effects: [{ kind: "choose-answer" }] });
  });
});

test("whatever comes in whatever order: each vote has a tap and a touch of its own, of one question, within the time", () => {
  const happening = fc.record({
    what: fc.constantFrom("tap", "touch", "clock", "drop"),
    who: fc.integer({ min: 1, max: 3 }),
    poll: fc.constantFrom("p", "p", "p", "q"),
    afterMs: fc.constantFrom(0, 1, 900, CHOOSE_MS / 2, CHOOSE_MS - 1, CHOOSE_MS, CHOOSE_MS + 1),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      let waiting: Waiting | null = null;
      let nowMs = 0;
      const taps: { who: number; poll: string; atMs: number }[] = [];
      const touches: { option: number; poll: string; atMs: number }[] = [];
      for (const { what, who, poll, afterMs } of happenings) {
        nowMs += afterMs;
        if (what === "tap") taps.push({ who, poll, atMs: nowMs });
        if (what === "touch") touches.push({ option: who, poll, atMs: nowMs });
        const event: ChooserEvent =
          what === "tap"
            ? tap(who, nowMs, poll)
            : what === "touch"
              ? touch(who, nowMs, poll)
              : what === "clock"
                ? clock(nowMs)
                : { kind: "drop" };
        const [next, ...effects]: ReturnType<typeof stepChooser> = stepChooser(waiting, event);
        waiting = next;
        // After a drop nothing that came before may be used.
        if (what === "drop") [taps.length, touches.length] = [0, 0];
        for (const effect of effects) {
          if (effect.kind !== "cast") continue;
          const mine = taps.findLastIndex(({ who: of }) => of === effect.voter.tagKey[15]);
          const answer = touches.findLastIndex(({ option }) => option === effect.option);
          const [tapped, touched] = [taps[mine], touches[answer]];
          expect(tapped?.poll).toBe(effect.poll);
          expect(touched?.poll).toBe(effect.poll);
          expect(Math.abs((tapped?.atMs ?? 0) - (touched?.atMs ?? Infinity))).toBeLessThan(CHOOSE_MS);
          // Used up: neither makes a second vote.
          taps.length = 0;
          touches.length = 0;
        }
        expect(effects.filter(({ kind }) => kind === "cast").length).toBeLessThanOrEqual(1);
        expect(waiting === null || waiting.untilMs > nowMs).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
