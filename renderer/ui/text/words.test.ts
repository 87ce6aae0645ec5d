import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseWords } from "./language.ts";
import { roundShare } from "./words.ts";

const en = chooseWords(["en"]);

describe("a share of the votes", () => {
  test.each([
    [0, 0, "–"],
    [0, 10, "0%"],
    [1, 1000, "<1%"],
    [999, 1000, ">99%"],
    [1000, 1000, "100%"],
    [1, 3, "33%"],
  ])("%d of %d is shown as %s", (votes, total, shown) => expect(en.share(votes, total)).toBe(shown));

  test("0% means nobody and 100% means everybody", () => {
    const poll = fc
      .integer({ min: 1, max: 1e9 })
      .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));
    fc.assert(
      fc.property(poll, ([votes, total]) => {
        const { percent } = roundShare(votes, total);
        expect(percent === 0).toBe(votes === 0);
        expect(percent === 100).toBe(votes === total);
      }),
    );
  });

  test("it is spoken in words", () => expect(en.spokenShare(22, 100)).toBe("22 percent"));
});

describe("counted phrases", () => {
  test.each([
    ["en", 1, "1 vote"],
    ["en", 1204, "1,204 votes"],
    ["de", 1204, "1.204 Stimmen"],
    ["de-CH", 1, "1 Stimme"],
    ["ar", 2, "صوتان"],
    ["fr", 2, "2 votes"],
  ])("in %s, %d is %s", (language, n, phrase) => {
    const words = chooseWords([language]);
    expect(words.count(words.text.status.votes, n)).toBe(phrase);
  });
});

test("Arabic runs from right to left, a malformed language is passed over", () => {
  expect(chooseWords(["ar-EG"]).direction).toBe("rtl");
  expect(chooseWords(["de_!!", "de"]).language).toBe("de");
});
