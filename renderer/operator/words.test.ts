import { expect, test } from "vitest";
import { GAP_LIMITS_MS } from "../../shared/domain/mapping.ts";
import { chooseWords } from "../ui/text/language.ts";
import { nextGap } from "./gap-steps.ts";
import { layoutsFor } from "./keys/layouts.ts";
import { networkTruth, toneOfTruth } from "./network-truth.ts";
import { aPanel } from "./panel.testing.ts";
import { scannedAddress } from "./scanned-address.ts";
import { sayAgo, sayLeft } from "./since.ts";
import { panelText } from "./text/text.ts";
import { eraseText, typeText } from "./typing.ts";

const LANGUAGES = ["en", "de", "ar"] as const;

/** Every phrase of a language with its path, plural forms together. */
function phrases(at: unknown, path = ""): [string, string][] {
  if (typeof at === "string") return [[path, at]];
  if (typeof at !== "object" || at === null) return [];
  return Object.entries(at).flatMap(([key, value]) => phrases(value, `${path}/${key}`));
}
const placesIn = (phrase: string): string[] =>
  [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").toSorted();

test.each(LANGUAGES)("no phrase of %s is empty, and each has the places that the English one has", (language) => {
  const english = new Map(phrases(panelText("en")));
  const own = phrases(panelText(language));
  expect(own.filter(([, phrase]) => phrase.trim() === "")).toEqual([]);
  // Some forms say the number in a word ("one tap"); `other` has to say it.
  const full = own.filter(([path]) => !/\/(?:zero|one|two|few|many)$/.test(path));
  expect(full.map(([path, phrase]) => [path, placesIn(phrase)])).toEqual(
    full.map(([path]) => [path, placesIn(english.get(path) ?? "")]),
  );
});

test.each(LANGUAGES)("counted phrases of %s are told for every number", (language) => {
  const words = chooseWords([language]);
  const { readers, access, test: testing } = panelText(language);
  for (const n of [0, 1, 2, 3, 11, 100, 1204])
    for (const forms of [readers.taps, readers.errors, readers.devices, access.wrong, testing.taps])
      expect(words.count(forms, n)).not.toMatch(/\{/);
});

test("Arabic has a form of its own for one, two, few and many taps", () => {
  const { count } = chooseWords(["ar"]);
  const { taps } = panelText("ar").readers;
  expect(new Set([1, 2, 5, 11].map((n) => count(taps, n))).size).toBe(4);
});

test("the probe of the server is the truth, the network's own word only explains its silence", () => {
  const base = aPanel();
  const truth = (probe: typeof base.server.probe, hint: typeof base.network.hint, link: typeof base.link.state) =>
    networkTruth({ server: { ...base.server, probe }, network: { hint }, link: { ...base.link, state: link } });
  expect(truth("answers", "none", "offline")).toBe("answers");
  expect(truth("silent", "full", "offline")).toBe("silent");
  expect(truth("silent", "none", "offline")).toBe("noNetwork");
  expect(truth("silent", "portal", "connecting")).toBe("portal");
  expect(truth("silent", "unknown", "offline")).toBe("silentUnknown");
  expect(truth("other", "full", "offline")).toBe("other");
  expect(truth("silent", "none", "online")).toBe("online");
  expect(truth("answers", "full", "enrolling")).toBe("enrolling");
  expect(
    networkTruth({ ...base, link: { ...base.link, state: "offline" }, server: { ...base.server, address: null } }),
  ).toBe("noAddress");
  expect([toneOfTruth("online"), toneOfTruth("silent"), toneOfTruth("other")]).toEqual(["good", "calm", "stop"]);
});

test("how long ago is said in round words, and never as the future", () => {
  expect([-5_000, 900, 42_000, 90_000, 7_200_000, 200_000_000].map((ms) => sayAgo("en", ms))).toEqual([
    "now",
    "now",
    "42 sec. ago",
    "1 min. ago",
    "2 hr. ago",
    "2 days ago",
  ]);
});

test("a wait says 0:00 only when it is over", () => {
  expect([75_000, 60_000, 59_001, 1, 0, -9].map(sayLeft)).toEqual(["1:15", "1:00", "1:00", "0:01", "0:00", "0:00"]);
});

test("keys type at the caret and over what is selected", () => {
  expect(typeText("10.0.0", [2, 2], "5", 300)).toEqual({ text: "105.0.0", caret: 3 });
  expect(typeText("10.0.0", [0, 6], "https://", 300)).toEqual({ text: "https://", caret: 8 });
});
test("what does not fit is not typed", () => {
  expect(typeText("abc", [3, 3], ".local", 6)).toEqual({ text: "abc", caret: 3 });
});
test("erasing takes a whole character, or all that is selected", () => {
  expect(eraseText("a👩‍🚀", [6, 6])).toEqual({ text: "a", caret: 1 });
  expect(eraseText("abcd", [1, 3])).toEqual({ text: "ad", caret: 1 });
  expect(eraseText("abcd", [0, 0])).toEqual({ text: "abcd", caret: 0 });
});

test.each([
  ["http://10.0.0.5:7070", "http://10.0.0.5:7070"],
  [" https://vote.example.org/console?x=1 ", "https://vote.example.org"],
  ["http://user:secret@10.0.0.5:7070", null],
  ["WIFI:T:WPA;S:venue;P:secret;;", null],
  ["javascript:alert(1)", null],
  ["file:///etc/passwd", null],
  ["polling", null],
  [`http://${"a".repeat(400)}`, null],
])("a code that says %j is the address %j", (code, address) => expect(scannedAddress(code)).toBe(address));

test("every gap can be reached by steps in either way, within the limits", () => {
  const [shortest, longest] = GAP_LIMITS_MS;
  const walk = (from: number, way: "shorter" | "longer"): number[] => {
    const next = nextGap(from, way);
    return next === null ? [] : [next, ...walk(next, way)];
  };
  expect(walk(shortest, "longer").at(-1)).toBe(longest);
  expect(walk(longest, "shorter")).toEqual(
    [...walk(shortest, "longer").slice(0, -1), shortest].toSorted((a, b) => b - a),
  );
  expect(nextGap(1_234, "longer")).toBe(1_500);
});

test("an address can be typed whole on the keys: letters, digits and . : - /", () => {
  const keys = layoutsFor("address", "ar").flatMap(({ rows }) => rows.flat());
  for (const sign of "abcdefghijklmnopqrstuvwxyz0123456789.:-/") expect(keys).toContain(sign);
});
test("names can be typed in the screen's language", () => {
  const lettersOf = (language: string) => layoutsFor("name", language).flatMap(({ rows }) => rows.flat());
  for (const letter of "äöüß") expect(lettersOf("de-AT")).toContain(letter);
  for (const letter of "ابتثجحخدذرزسشصضطظعغفقكلمنهويءةa") expect(lettersOf("ar")).toContain(letter);
});
