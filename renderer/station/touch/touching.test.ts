import { describe, expect, test } from "vitest";
import type { ScreenPoll, ScreenReader } from "../../../shared/events/stream.ts";
import { NO_OUTCOMES } from "../outcomes.ts";
import type { Picture } from "../step.ts";
import { howToVote, mayTouch } from "./touching.ts";

const poll: ScreenPoll = {
  id: "p",
  question: "Tea?",
  options: [{ label: "Yes" }, { label: "No" }],
  counts: "first",
  upTo: 1,
  state: "open",
  round: 1,
  tagless: false,
};
const reader = (changes: Partial<ScreenReader> = {}): ScreenReader => ({
  id: "r",
  name: "Reader",
  state: "present",
  slot: null,
  chooses: true,
  reason: null,
  ...changes,
});
const picture = (changes: Partial<Picture> = {}): Picture => ({
  title: "Night",
  demo: false,
  poll,
  tally: null,
  link: { state: "online", safeHere: 0, code: null, reason: null },
  disk: { state: "good", reason: null },
  damage: null,
  branch: null,
  over: false,
  readers: [reader()],
  testing: false,
  setUp: "done",
  touch: null,
  outcomes: NO_OUTCOMES,
  ...changes,
});

describe("an answer can be touched", () => {
  test.each<[string, Partial<Picture>]>([
    ["where a reader is there whose voters touch", {}],
    ["where the poll takes touches without a tag", { readers: [], poll: { ...poll, tagless: true } }],
    [
      "while a tag waits for it, whatever became of its reader",
      { readers: [], touch: { kind: "tapped", id: "1", forMs: 9 } },
    ],
    ["in test mode too", { testing: true }],
    ["offline", { link: { state: "offline", safeHere: 3, code: null, reason: null } }],
  ])("%s", (_, changes) => {
    expect(mayTouch(picture(changes), "up")).toBe(true);
  });

  test.each<[string, Partial<Picture>]>([
    ["with readers for answers only", { readers: [reader({ slot: 1, chooses: false })] }],
    ["while that reader is lost", { readers: [reader({ state: "lost" })] }],
    ["while votes cannot be stored", { disk: { state: "failing", reason: null } }],
    ["at a kiosk that was taken out", { link: { state: "revoked", safeHere: 0, code: null, reason: null } }],
    ["while the poll is paused", { poll: { ...poll, state: "paused" } }],
    ["with no question", { poll: null }],
  ])("but not %s", (_, changes) => {
    expect(mayTouch(picture(changes), "up")).toBe(false);
  });

  test("but not while nobody knows what the station does", () => {
    expect(mayTouch(picture(), "lost")).toBe(false);
  });
});

test("people are told to do what this kiosk has readers for", () => {
  expect(howToVote(picture())).toBe("choose");
  expect(howToVote(picture({ readers: [reader(), reader({ id: "s", slot: 1, chooses: false })] }))).toBe("tap");
  expect(howToVote(picture({ readers: [] }))).toBe("tap");
  expect(howToVote(picture({ poll: { ...poll, tagless: true } }))).toBe("touch");
});
