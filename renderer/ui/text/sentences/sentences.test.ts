import { describe, expect, test } from "vitest";
import { ENGLISH } from "../../../../shared/sentences/english.ts";
import { say } from "../../../../shared/sentences/sentence.ts";
import { chooseWords } from "../language.ts";
import { SENTENCES } from "./sentences.ts";

const placesIn = (phrase: string): string[] =>
  [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").toSorted();

describe.each(["de", "ar"] as const)("in %s", (language) => {
  const own = Object.entries(SENTENCES[language]);
  const english = new Map<string, string>(Object.entries(ENGLISH));

  test("every sentence is there, and none that the station does not say", () => {
    expect(own.map(([code]) => code).toSorted()).toEqual([...english.keys()].toSorted());
  });

  test("each is translated, and has exactly the places of the English one", () => {
    expect(own.filter(([code, phrase]) => phrase.trim() === "" || phrase === english.get(code))).toEqual([]);
    expect(own.map(([code, phrase]) => [code, placesIn(phrase)])).toEqual(
      own.map(([code]) => [code, placesIn(english.get(code) ?? "")]),
    );
  });
});

test("Arabic sentences are in Arabic letters, but for names that have none", () => {
  const names =
    /\b(?:pcscd|evtest|cat|polkit|Linux|Windows|macOS|PC\/SC|NetworkManager|ModemManager|gpg|scdaemon|TX|RX|USB)\b/g;
  const latin = Object.entries(SENTENCES.ar).filter(([, phrase]) =>
    /[A-Za-z]/.test(phrase.replaceAll(/\{\w+\}/g, "").replaceAll(names, "")),
  );
  expect(latin).toEqual([]);
});

test("numbers are written as the language writes them", () => {
  const tapped = say("disk-good", { megabytes: 12_345 });
  expect(chooseWords(["en"]).say(tapped)).toBe("It takes votes; 12,345 MB are free.");
  expect(chooseWords(["de"]).say(tapped)).toBe("Sie nimmt Stimmen an; 12.345 MB sind frei.");
  expect(chooseWords(["ar-EG"]).say(tapped)).toContain("١٢٬٣٤٥");
});

test("a command keeps its own order within an Arabic sentence, and an Arabic name within any", () => {
  const fixed = say("server-fixed", { command: "--server https://votes.example" });
  expect(chooseWords(["ar"]).say(fixed)).toContain("(\u2068--server https://votes.example\u2069)");
  expect(chooseWords(["de"]).say(fixed)).toContain("(--server https://votes.example)");
  expect(chooseWords(["de"]).say(say("readers-gone", { readers: "الباب" }))).toBe(
    "Weg: \u2068الباب\u2069. Bitte wieder einstecken.",
  );
});

test("a language that we do not speak says it in English", () => {
  expect(chooseWords(["fr"]).say(say("disk-full", { path: "/data" }))).toBe(
    "The disk is full. Free some space where /data lies; voting goes on by itself then.",
  );
});
