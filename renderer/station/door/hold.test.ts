import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CORNER_PX, DOOR_KEY, HOLD_MS, stepHold } from "./hold.ts";
import type { Hold, HoldEvent } from "./hold.ts";

const down = (nowMs: number, x = 10, y = 10): HoldEvent => ({ kind: "finger-down", x, y, nowMs });
const move = (x: number, y: number): HoldEvent => ({ kind: "finger-move", x, y });
const key = (name: string, nowMs: number): HoldEvent => ({ kind: "key-down", key: name, nowMs });
const clock = (nowMs: number): HoldEvent => ({ kind: "clock", nowMs });
const END: HoldEvent = { kind: "end" };

function opens(...events: HoldEvent[]): number {
  let hold: Hold = null;
  let opened = 0;
  for (const event of events) {
    const [next, ...effects]: ReturnType<typeof stepHold> = stepHold(hold, event);
    hold = next;
    opened += effects.length;
  }
  return opened;
}

describe("the way to the panel", () => {
  test("opens for one finger that holds still in the corner, once", () => {
    expect(opens(down(0), move(12, 14), clock(HOLD_MS - 1))).toBe(0);
    expect(opens(down(0), move(12, 14), clock(HOLD_MS), clock(HOLD_MS * 2))).toBe(1);
  });

  test("opens for its key held down, which repeats", () => {
    expect(opens(key(DOOR_KEY, 0), key(DOOR_KEY, 500), key(DOOR_KEY, 530), clock(HOLD_MS))).toBe(1);
  });

  test.each<[string, HoldEvent[]]>([
    ["a finger elsewhere", [down(0, CORNER_PX + 1, 5), clock(HOLD_MS)]],
    ["a finger that swipes away", [down(0), move(60, 10), move(10, 10), clock(HOLD_MS)]],
    ["a finger lifted too soon", [down(0), END, clock(HOLD_MS)]],
    ["two fingers", [down(0), down(5), clock(2 * HOLD_MS)]],
    ["a key lifted too soon", [key(DOOR_KEY, 0), END, clock(HOLD_MS)]],
    ["another key on the way", [key(DOOR_KEY, 0), key("7", 10), clock(HOLD_MS)]],
    ["another key", [key("Enter", 0), clock(HOLD_MS)]],
  ])("stays shut for %s", (_, events) => {
    expect(opens(...events)).toBe(0);
  });

  test("stays shut however often voters touch and wedges type, as long as nobody holds on", () => {
    const finger = fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 400 }) });
    const touch = fc.tuple(finger, fc.integer({ min: 0, max: HOLD_MS - 1 })).map(([at, forMs]) => ({
      forMs,
      events: (nowMs: number) => [down(nowMs, at.x, at.y), clock(nowMs + forMs), END],
    }));
    const typed = fc
      .tuple(fc.constantFrom("0", "9", "a", "Enter", DOOR_KEY), fc.integer({ min: 0, max: 200 }))
      .map(([name, forMs]) => ({ forMs, events: (nowMs: number) => [key(name, nowMs), clock(nowMs + forMs), END] }));
    fc.assert(
      fc.property(fc.array(fc.oneof(touch, typed), { maxLength: 60 }), (done) => {
        let nowMs = 0;
        const events = done.flatMap((each) => {
          const at = nowMs;
          nowMs += each.forMs + 1;
          return each.events(at);
        });
        expect(opens(...events)).toBe(0);
      }),
    );
  });
});
