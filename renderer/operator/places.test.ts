import fc from "fast-check";
import { expect, test } from "vitest";
import type { Target } from "../../shared/domain/mapping.ts";
import { aPoll, aReader } from "./panel.testing.ts";
import { layPlaces, NUMBERS_AT_FIRST } from "./places.ts";

const POLL = aPoll(["Tea", "Coffee", "Water"]);
const keysOf = (readers: Parameters<typeof layPlaces>[0]["readers"], poll: typeof POLL | null) =>
  layPlaces({ poll, readers }, NUMBERS_AT_FIRST).flatMap((place) =>
    place.readers.map(({ id }) => `${id} at ${place.key}`),
  );

test("the answers come in their order, then the screen, then nothing", () => {
  const places = layPlaces({ poll: POLL, readers: [] }, NUMBERS_AT_FIRST);
  expect(places.map(({ key, label }) => [key, label])).toEqual([
    ["answer-1", "Tea"],
    ["answer-2", "Coffee"],
    ["answer-3", "Water"],
    ["choose", null],
    ["none", null],
  ]);
});

test.each<[Target | null, string]>([
  [{ kind: "slot", slot: 2 }, "r at answer-2"],
  [{ kind: "option", poll: "poll-1", option: 2 }, "r at answer-2"],
  [{ kind: "option", poll: "another", option: 2 }, "r at elsewhere"],
  [{ kind: "slot", slot: 9 }, "r at elsewhere"],
  [{ kind: "choose" }, "r at choose"],
  [null, "r at none"],
])("a reader for %j is %s", (target, at) => expect(keysOf([aReader("r", { target })], POLL)).toEqual([at]));

test("without a question there are as many numbers as asked for, and never fewer than are in use", () => {
  const count = (slot: number) =>
    layPlaces({ poll: null, readers: [aReader("r", { target: { kind: "slot", slot } })] }, NUMBERS_AT_FIRST).filter(
      ({ kind }) => kind === "answer",
    ).length;
  expect([count(1), count(20), count(50)]).toEqual([NUMBERS_AT_FIRST, 20, 50]);
});

test("every reader stands in exactly one place, whatever it stands for and whatever is asked", () => {
  const slot = fc.integer({ min: 1, max: 50 });
  const target: fc.Arbitrary<Target | null> = fc.oneof(
    slot.map((n): Target => ({ kind: "slot", slot: n })),
    fc
      .tuple(fc.constantFrom("poll-1", "another"), slot)
      .map(([poll, option]): Target => ({ kind: "option", poll, option })),
    fc.constant<Target>({ kind: "choose" }),
    fc.constant(null),
  );
  const readers = fc
    .array(target, { maxLength: 100 })
    .map((all) => all.map((each, at) => aReader(`r${at}`, { target: each })));
  fc.assert(
    fc.property(readers, fc.constantFrom(POLL, null), fc.integer({ min: 1, max: 60 }), (all, poll, numbers) => {
      const places = layPlaces({ poll, readers: all }, numbers);
      const found = places.flatMap((place) => place.readers.map(({ id }) => id)).toSorted();
      expect(found).toEqual(all.map(({ id }) => id).toSorted());
      expect(new Set(places.map(({ key }) => key)).size).toBe(places.length);
    }),
  );
});
