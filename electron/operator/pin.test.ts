import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FIRST_WAIT_MS, MOST_WAIT_MS, NO_TRIES, beginTries, stepTries, triesLeft, waitAfter, waitLeft } from "./pin.ts";

describe("tries at the PIN", () => {
  test("five are free; the sixth waits 15 s, each further one twice as long, up to an hour", () => {
    expect([0, 4, 5, 6, 7].map(waitAfter)).toEqual([0, 0, 15_000, 30_000, 60_000]);
    expect(waitAfter(12)).toBe(1_920_000);
    for (const wrong of [13, 40, 5_000]) expect(waitAfter(wrong)).toBe(MOST_WAIT_MS);
  });

  test("a try during the wait is not looked at and costs nothing", () => {
    let [tries] = stepTries(beginTries({ wrong: 4, waited: true }, 0), { kind: "try", nowMs: 0 });
    const before = tries;
    const [after, ...effects] = stepTries(tries, { kind: "try", nowMs: FIRST_WAIT_MS - 1 });
    expect([after, effects]).toEqual([before, [{ kind: "locked", waitMs: 1 }]]);
    [tries] = stepTries(tries, { kind: "try", nowMs: FIRST_WAIT_MS });
    expect(tries.wrong).toBe(6);
  });

  test("a right one begins anew with five", () => {
    const [tried, ...asked] = stepTries(beginTries({ wrong: 9, waited: true }, 0), { kind: "try", nowMs: 0 });
    expect(asked).toEqual([{ kind: "keep", tries: { wrong: 10, waited: false } }, { kind: "check" }]);
    const [right, ...kept] = stepTries(tried, { kind: "right" });
    expect([waitLeft(right, 0), triesLeft(right), kept]).toEqual([0, 5, [{ kind: "keep", tries: NO_TRIES }]]);
  });

  test("a restart in the wait begins it anew, after it not", () => {
    expect(waitLeft(beginTries({ wrong: 7, waited: false }, 500), 500)).toBe(60_000);
    const [waited, ...kept] = stepTries(beginTries({ wrong: 7, waited: false }, 0), { kind: "clock", nowMs: 60_000 });
    expect(kept).toEqual([{ kind: "keep", tries: { wrong: 7, waited: true } }]);
    expect(waitLeft(beginTries(waited, 0), 0)).toBe(0);
  });

  test("whoever tries as fast as can be, restarting at will, gets no more than the free ones and one for each wait", () => {
    const event = fc.oneof(
      { weight: 4, arbitrary: fc.constant({ kind: "try" } as const) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass" as const), byMs: fc.nat(70_000) }) },
      { weight: 2, arbitrary: fc.constant({ kind: "restart" } as const) },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        let nowMs = 0;
        let kept = NO_TRIES;
        let tries = beginTries(kept, nowMs);
        const looked: number[] = [];
        const take = (...[next, ...effects]: ReturnType<typeof stepTries>) => {
          tries = next;
          for (const effect of effects) {
            if (effect.kind === "keep") kept = effect.tries;
            if (effect.kind === "check") looked.push(nowMs);
          }
        };
        for (const happened of events) {
          if (happened.kind === "pass") nowMs += happened.byMs;
          if (happened.kind === "restart") tries = beginTries(kept, nowMs);
          take(...stepTries(tries, { kind: "clock", nowMs }));
          if (happened.kind === "try") take(...stepTries(tries, { kind: "try", nowMs }));
        }
        // The wait before the nth try looked at was waited whole, whatever happened in it.
        for (const [at, atMs] of looked.entries()) {
          expect(atMs - (looked[at - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(waitAfter(at));
        }
      }),
    );
  });
});
