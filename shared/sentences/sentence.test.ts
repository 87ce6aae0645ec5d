import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { DISK } from "./disk.ts";
import { ENGLISH } from "./english.ts";
import { LINK } from "./link.ts";
import { PANEL } from "./panel.ts";
import { READERS } from "./readers.ts";
import { inEnglish, sameSentence, say, Sentence } from "./sentence.ts";

const parses = (sentence: unknown): boolean => v.safeParse(Sentence, sentence).success;
const placesIn = (phrase: string): string[] => [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");

test("no two rooms have a sentence of the same code, and each code is a plain name", () => {
  const rooms = [READERS, DISK, LINK, PANEL].flatMap((room) => Object.keys(room));
  expect(Object.keys(ENGLISH)).toHaveLength(rooms.length);
  expect(rooms.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
});

test("every sentence, with all its places filled, fits what goes over the wire and comes back the same", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.entries(ENGLISH)),
      fc.oneof(fc.string({ maxLength: 200 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
      ([code, phrase], value) => {
        const sentence = { code, args: Object.fromEntries(placesIn(phrase).map((name) => [name, value])) };
        // JSON has no -0.
        const sent: unknown = JSON.parse(JSON.stringify(sentence));
        expect(v.parse(Sentence, sent)).toEqual(sent);
      },
    ),
  );
});

test("a sentence in English is one line that a log and a screen can take, however long a name is", () => {
  const line = inEnglish(say("disk-read-only", { path: "/data\n\u202e".repeat(200) }));
  expect(line.length).toBeLessThanOrEqual(300);
  expect(line).not.toMatch(/[\n\u202e]/);
  expect(line).toMatch(/^The disk is read-only\. Make \/data/);
});

test("what is said is bounded, and fits its own schema", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (message) => {
      expect(parses(say("vote-not-stored", { message }))).toBe(true);
    }),
  );
});

describe("the schema refuses", () => {
  test.each([
    ["a code that is none", { code: "no-such-code", args: {} }],
    ["a name of every object", { code: "toString", args: {} }],
    ["a place that is too long", { code: "vote-not-stored", args: { message: "x".repeat(201) } }],
    ["a place's name that is too long", { code: "vote-not-stored", args: { ["m".repeat(21)]: "x" } }],
    ["too many places", { code: "disk-failed", args: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 } }],
    ["a number that is none", { code: "readers-tapped", args: { n: Number.NaN } }],
    ["a place that holds more", { code: "disk-full", args: { path: { deep: true } } }],
    ["what is beside it", { code: "disk-failed", args: {}, html: "<b>" }],
    ["a line of text", "The disk is full."],
  ])("%s", (_what, sentence) => expect(parses(sentence)).toBe(false));
});

test("sentences are the same when they say the same", () => {
  const full = say("disk-full", { path: "/a" });
  expect(sameSentence(full, say("disk-full", { path: "/a" }))).toBe(true);
  expect(sameSentence(full, say("disk-full", { path: "/b" }))).toBe(false);
  expect(sameSentence(full, say("disk-read-only", { path: "/a" }))).toBe(false);
  expect([sameSentence(full, null), sameSentence(null, null)]).toEqual([false, true]);
});
