import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { createField, type FieldEvent, MAX_TAGS_IN_FIELD, REMOVED_BOUNCE_MS } from "./presence.ts";

const SAME_TAP_MS = 400;
const REPEAT_MS = 65;
const A = Uint8Array.of(0xa0, 1, 2, 3, 4);
const B = Uint8Array.of(0xb0, 1, 2, 3, 4);

const seen = (uid: Uint8Array, atMs: number): FieldEvent => ({ kind: "present", uid, atMs });
const removed = (uid: Uint8Array, atMs: number): FieldEvent => ({ kind: "removed", uid, atMs });

/** The taps as `a0…@ms`, in their order. */
function taps(events: readonly FieldEvent[]): string[] {
  const field = createField(SAME_TAP_MS);
  return events.flatMap((event) => {
    const tap = field.take(event);
    return tap === null ? [] : [`${toHex(tap.uid).slice(0, 2)}@${tap.atMs}`];
  });
}

/** What a reader tells of a tag that lies on it from one time to another. */
function lying(uid: Uint8Array, fromMs: number, untilMs: number, everyMs = REPEAT_MS): FieldEvent[] {
  return Array.from({ length: Math.floor((untilMs - fromMs) / everyMs) + 1 }, (_, n) =>
    seen(uid, fromMs + n * everyMs),
  );
}

describe("one reader", () => {
  test("a tag that lies there for a minute is one tap", () => {
    expect(taps(lying(A, 0, 60_000))).toEqual(["a0@0"]);
  });

  test("a tag unseen for longer than the time of one tap is a second presentation", () => {
    expect(taps([seen(A, 0), seen(A, SAME_TAP_MS)])).toEqual(["a0@0"]);
    expect(taps([seen(A, 0), seen(A, SAME_TAP_MS + 1)])).toEqual(["a0@0", `a0@${SAME_TAP_MS + 1}`]);
  });

  test("another tag is a tap at once", () => {
    expect(taps([...lying(A, 0, 200), seen(B, 201)])).toEqual(["a0@0", "b0@201"]);
  });

  test("two tags lying together, seen in turns, are two taps and no flood", () => {
    const both = Array.from({ length: 1200 }, (_, n) => seen(n % 2 === 0 ? A : B, n * 50));
    expect(taps(both)).toEqual(["a0@0", "b0@50"]);
  });

  test("eight tags lying together are eight taps", () => {
    const all = Array.from({ length: 800 }, (_, n) => seen(Uint8Array.of(n % 8, 0, 0, 0), n * 50));
    expect(taps(all)).toHaveLength(8);
  });

  test("a tag that comes back while another still lies there is a tap again", () => {
    const events = [...lying(B, 0, 5000), ...lying(A, 1000, 1200), ...lying(A, 3000, 3200)];
    expect(taps(events.toSorted((x, y) => x.atMs - y.atMs))).toEqual(["b0@0", "a0@1000", "a0@3000"]);
  });

  test("a tag reported as removed and presented again is a second tap, sooner than without that report", () => {
    const backMs = 100 + REMOVED_BOUNCE_MS + 1;
    expect(backMs).toBeLessThan(SAME_TAP_MS);
    expect(taps([seen(A, 0), removed(A, 100), seen(A, backMs)])).toEqual(["a0@0", `a0@${backMs}`]);
  });

  test("a card that bounces at the edge of the field is one tap", () => {
    const bounces = Array.from({ length: 30 }, (_, n) => [seen(A, n * 20), removed(A, n * 20 + 8)]).flat();
    expect(taps(bounces)).toEqual(["a0@0"]);
  });

  test("the removal of a tag that is not there changes nothing", () => {
    expect(taps([removed(A, 0), seen(A, 1), removed(B, 2), seen(A, 300)])).toEqual(["a0@1"]);
  });

  test("a removal never makes a presentation longer", () => {
    expect(taps([seen(A, 0), removed(A, SAME_TAP_MS), seen(A, SAME_TAP_MS + 1)])).toHaveLength(2);
  });

  test("a clock that steps back makes no tap", () => {
    expect(taps([seen(A, 1000), seen(A, 10), seen(A, 1000 + SAME_TAP_MS)])).toEqual(["a0@1000"]);
  });
});

describe("whatever is seen", () => {
  const someEvents = fc
    .array(
      fc.record({
        kind: fc.constantFrom("present" as const, "removed" as const),
        tag: fc.nat({ max: 3 }),
        afterMs: fc.oneof(fc.nat({ max: 120 }), fc.nat({ max: 900 })),
      }),
      { maxLength: 60 },
    )
    .map((steps) => {
      let atMs = 0;
      return steps.map(({ kind, tag, afterMs }): FieldEvent => {
        atMs += afterMs;
        return { kind, uid: Uint8Array.of(tag, 1, 2, 3), atMs };
      });
    });

  test("a tag's first sighting is a tap, and what other tags do has no part in it", () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const all = taps(events);
        for (const tag of [0, 1, 2, 3]) {
          const own = events.filter((event) => event.uid[0] === tag);
          expect(all.filter((tap) => tap.startsWith(`0${tag}@`))).toEqual(taps(own));
          const first = own.find((event) => event.kind === "present");
          expect(taps(own)[0]).toBe(first === undefined ? undefined : `0${tag}@${first.atMs}`);
        }
      }),
    );
  });

  test("without removals, taps are exactly the sightings after a gap", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 900 }), { minLength: 1, maxLength: 50 }), (gapsMs) => {
        let atMs = 0;
        const times = gapsMs.map((gapMs) => (atMs += gapMs));
        const longer = times.filter((timeMs, n) => n === 0 || timeMs - (times[n - 1] ?? 0) > SAME_TAP_MS);
        expect(taps(times.map((timeMs) => seen(A, timeMs)))).toEqual(longer.map((timeMs) => `a0@${timeMs}`));
      }),
    );
  });

  test("the field never holds more tags than its limit, and none that has left", () => {
    const field = createField(10_000);
    for (let n = 0; n < MAX_TAGS_IN_FIELD * 3; n++) {
      field.take(seen(Uint8Array.of(n >> 8, n & 255, 0, 0), n));
      expect(field.size()).toBeLessThanOrEqual(MAX_TAGS_IN_FIELD);
    }
    field.take(seen(A, 60_000));
    expect(field.size()).toBe(1);
  });

  test("of too many tags the one unseen for longest is forgotten, and only that one", () => {
    const tag = (n: number) => Uint8Array.of(n >> 8, n & 255, 0, 0);
    const field = createField(10_000);
    for (let n = 0; n < MAX_TAGS_IN_FIELD; n++) field.take(seen(tag(n), n));
    // Seen again, so the second is unseen for longest now.
    field.take(seen(tag(0), 1_000));
    field.take(seen(A, 1_001));
    expect(field.take(seen(tag(0), 1_002))).toBeNull();
    expect(field.take(seen(tag(2), 1_002))).toBeNull();
    expect(field.take(seen(tag(1), 1_002))).not.toBeNull();
  });
});
