import fc from "fast-check";
import { expect, test } from "vitest";
import { createCollisions, MAX_TAGS_REMEMBERED } from "./collisions.ts";

const number = (value: number) => Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

test("different tags with different numbers never collide, whatever the secret", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.uniqueArray(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 200 }),
      (secret, numbers) => {
        const collisions = createCollisions(secret);
        for (const [at, value] of numbers.entries()) collisions.note(Uint8Array.of(at & 255), number(value));
        expect(collisions.count()).toBe(0);
      },
    ),
  );
});

test("a collision is seen at each tap of another tag than the one before", () => {
  const collisions = createCollisions(7);
  for (const above of [1, 1, 2, 2, 1]) collisions.note(Uint8Array.of(above), number(99));
  expect(collisions.count()).toBe(2);
});

test("only the bytes that both readers gave are compared, and the longer number is remembered", () => {
  const collisions = createCollisions(7);
  collisions.note(Uint8Array.of(0x3c), number(5));
  collisions.note(Uint8Array.of(0x11, 0x3c), number(5));
  expect(collisions.count()).toBe(0);
  collisions.note(Uint8Array.of(0x22, 0x3c), number(5));
  expect(collisions.count()).toBe(1);
});

test("what it remembers is bounded: the first tags are forgotten, and later ones are not", () => {
  const collisions = createCollisions(7);
  for (let value = 0; value < MAX_TAGS_REMEMBERED * 3; value++) collisions.note(Uint8Array.of(1), number(value));
  collisions.note(Uint8Array.of(2), number(0));
  expect(collisions.count()).toBe(0);
  for (let back = 1; back <= MAX_TAGS_REMEMBERED / 2; back++) {
    collisions.note(Uint8Array.of(2), number(MAX_TAGS_REMEMBERED * 3 - back));
  }
  expect(collisions.count()).toBe(MAX_TAGS_REMEMBERED / 2);
});
