import { describe, expect, test } from "vitest";
import { READINESS_CHECKS, type PanelReader } from "../../shared/events/operator.ts";
import { PLAIN_FORMAT, type Target } from "../../shared/domain/mapping.ts";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { inEnglish, say } from "../../shared/sentences/sentence.ts";
import { judgeReadiness, type ReadinessFacts } from "./readiness.ts";

const reader = (id: string, target: Target | null, more: Partial<PanelReader> = {}): PanelReader => ({
  id,
  name: `Reader ${id}`,
  kind: "serial",
  port: null,
  state: "present",
  reason: null,
  target,
  format: PLAIN_FORMAT,
  gapMs: 400,
  lastTapAtMs: null,
  lastPresentAtMs: null,
  taps: 0,
  errors: 0,
  flags: [],
  canSignal: false,
  fixed: false,
  ...more,
});
const slot = (number: number): Target => ({ kind: "slot", slot: number });
const POLL: ScreenPoll = {
  id: "p",
  question: "Tea or coffee?",
  options: [{ label: "Tea" }, { label: "Coffee" }],
  counts: "first",
  upTo: 1,
  state: "open",
  round: 1,
  tagless: false,
};
const READY: ReadinessFacts = {
  readers: [reader("a", slot(1)), reader("b", slot(2))],
  taps: new Map([
    ["a", 1],
    ["b", 2],
  ]),
  poll: POLL,
  tally: { poll: "p", cursor: 3, counts: [0, 0], provisional: true },
  disk: { state: "good", reason: null },
  freeBytes: 10_000_000_000,
  clock: { uncertaintyMs: 12, measuredMs: 1_000 },
  nowMs: 5_000,
  link: { state: "online", safeHere: 0, code: null, reason: null },
  probe: "answers",
  address: "https://votes.example:7070",
  event: "admitted",
  testing: false,
};
const judged = (change: Partial<ReadinessFacts>) =>
  Object.fromEntries(
    judgeReadiness({ ...READY, ...change }).map(({ check, word, detail }) => [
      check,
      { word, detail: detail && inEnglish(detail) },
    ]),
  );

test("a station that is ready is good in everything, in the order of the list", () => {
  const checks = judgeReadiness(READY);
  expect(checks.map(({ check }) => check)).toEqual(READINESS_CHECKS);
  expect(checks.filter(({ word }) => word !== "good")).toEqual([]);
});

describe("what is not ready is named with its remedy", () => {
  const link = (more: Partial<ReadinessFacts["link"]>) => ({ link: { ...READY.link, ...more } });
  test.each<[keyof ReturnType<typeof judged>, string, Partial<ReadinessFacts>, RegExp]>([
    ["readers", "open", { taps: new Map([["a", 1]]) }, /Tap once on: Reader b\./],
    [
      "readers",
      "bad",
      { readers: [reader("a", slot(1), { state: "lost" }), reader("b", slot(2))] },
      /Gone: Reader a\./,
    ],
    ["readers", "bad", { readers: [] }, /Plug one in/],
    ["readers", "good", { readers: [], poll: { ...POLL, tagless: true } }, /touched/],
    ["assigned", "warn", { readers: [...READY.readers, reader("c", null)] }, /Reader c/],
    ["assigned", "bad", { readers: [reader("a", slot(1))] }, /answer 2\./],
    ["assigned", "bad", { readers: [reader("a", { kind: "option", poll: "q", option: 2 })] }, /answer 1, 2/],
    ["assigned", "good", { readers: [reader("a", { kind: "choose" })] }, /Every answer/],
    ["assigned", "good", { readers: [], poll: { ...POLL, tagless: true } }, /Every answer/],
    ["assigned", "open", { poll: null }, /no question/],
    ["disk", "bad", { disk: { state: "failing", reason: say("disk-full", { path: "x" }) } }, /Free some space/],
    ["disk", "warn", { freeBytes: 1_000_000 }, /Only 1 MB/],
    ["disk", "open", { freeBytes: null }, /looked at/],
    ["clock", "open", { clock: null }, /not measured/],
    ["clock", "warn", { clock: { uncertaintyMs: 900, measuredMs: 0 } }, /900 ms.*slow/],
    ["link", "warn", link({ state: "offline", safeHere: 3 }), /3 now/],
    ["link", "open", link({ state: "enrolling", code: "BCDF-2345" }), /BCDF-2345/],
    ["link", "open", link({ state: "connecting" }), /called/],
    ["link", "bad", link({ state: "refused", reason: say("link-wrong-server") }), /not the server/],
    ["link", "bad", link({ state: "revoked" }), /Ask the organiser/],
    ["server", "warn", { probe: "silent" }, /does not answer/],
    ["server", "bad", { probe: "other" }, /something else/],
    ["server", "open", { probe: "unknown" }, /being asked/],
    ["event", "bad", { event: "none" }, /No organiser/],
    ["event", "bad", { event: "over" }, /over/],
    ["zero", "warn", { tally: { poll: "p", cursor: 3, counts: [1, 4], provisional: true } }, /already: 5\./],
    ["zero", "warn", link({ safeHere: 2 }), /sent: 2\./],
    ["zero", "warn", { tally: null }, /not shown/],
    ["zero", "open", { poll: null, tally: null }, /no question/],
    ["testing", "bad", { testing: true }, /Switch it off/],
  ])("%s is %s", (check, word, change, words) => {
    expect(judged(change)[check]).toMatchObject({ word, detail: expect.stringMatching(words) });
  });

  test("of many readers a line names five", () => {
    const readers = Array.from({ length: 100 }, (_, at) => reader(`${at}`, slot(1)));
    expect(judged({ readers, taps: new Map() })["readers"]?.detail).toMatch(/Reader 4, … \(\+95\)\.$/);
  });

  test("of readers with long names a line names fewer, and still says how many more there are", () => {
    const readers = Array.from({ length: 9 }, (_, at) => reader(`${at}`, slot(1), { name: `${at}`.repeat(64) }));
    expect(judged({ readers, taps: new Map() })["readers"]?.detail).toMatch(/: 0{64}, 1{64}, … \(\+7\)\.$/);
  });
});
