import { describe, expect, test } from "vitest";
import { packCourse } from "../../shared/domain/course.ts";
import type { PollCourse } from "../../shared/domain/entry.ts";
import { encodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import { decodeRecord, TAG_KEY_BYTES } from "../../shared/domain/record.ts";
import { testPoll, testTag } from "../../shared/domain/testing.ts";
import { CHOOSE_MS, type ScreenTouch } from "../../shared/events/stream.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { createManualClock } from "../clock.testing.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import type { KnownPoll } from "../picture/picture.ts";
import { createBallotBox, type Situation } from "./ballot-box.ts";
import { createOutcomes } from "./outcomes.ts";
import { createTouchVotes, type TouchVotes } from "./touch-votes.ts";
import { TAGLESS_RATE, TOUCH_RATE } from "./touch-rate.ts";

const TAG = Uint8Array.of(7);
const known = (number: number, state: PollCourse["state"] = "open", rules: Partial<PollDefinition> = {}): KnownPoll => {
  const { definition: plain, short } = testPoll(sha256, number);
  const definition = { ...plain, ...rules };
  const course = { state, moves: 1, windows: [], closedAtMs: null, totals: null };
  const word: KnownPoll["word"] = [FRAME.poll, 1, packCourse(course), encodeDefinition(definition), new Uint8Array(64)];
  return { definition, hash: short, course, word, tally: [0, 0, 0], tallyCursor: 1 };
};

/** The real box and the real chooser, around a disk that takes everything at once. */
function createKiosk(poll: KnownPoll | undefined = known(1)) {
  const clock = createManualClock();
  const state: { poll: KnownPoll | undefined; chooses: boolean; roll: "unknown-tag" | null } = {
    poll,
    chooses: true,
    roll: null,
  };
  const situation: Situation = {
    branch: null,
    testing: false,
    ended: null,
    poll,
    online: true,
    shownForMs: Infinity,
  };
  const shown: string[] = [];
  const shownTouches: ScreenTouch[] = [];
  const signals: string[] = [];
  const ballots: { option: number; tag: number; reader: number }[] = [];
  const readers: string[] = [];
  let keys = 200;
  const outcomes = createOutcomes({
    nowMs: clock.monotonicMs,
    show: ({ kind, option, reader }) =>
      void shown.push([kind, option ?? reader].filter((part) => part !== null).join(" ")),
  });
  const box = createBallotBox({
    async append(bytes) {
      const record = decodeRecord(bytes);
      if (record?.kind === "ballot")
        ballots.push({ option: record.option, tag: record.tagKey[TAG_KEY_BYTES - 1] ?? 0, reader: record.reader });
      return { ok: true, log: "log", number: ballots.length, hash: new Uint8Array(32) };
    },
    readerNumber: (identity) => readers.push(identity),
    tagKey: ([number = 0]) => testTag(number),
    roll: { refusal: () => state.roll },
    logMs: () => 42,
    situation: () => ({ ...situation, poll: state.poll }),
    outcomes,
    signal: (reader, signal) => void signals.push(`${reader} ${signal}`),
    onChoose: (voter, place) => votes.tapped(voter, place),
    onTestTap: () => {},
    log: () => "log",
    onLeft: () => {},
    onStored: () => {},
    onDisk: () => {},
  });
  const votes: TouchVotes = createTouchVotes({
    monotonicMs: clock.monotonicMs,
    setTimer: clock.setTimer,
    poll: () => state.poll,
    chooses: () => state.chooses,
    newTagKey: () => testTag(++keys),
    judge: box.judge,
    cast: box.castFor,
    outcomes,
    signal: (reader, signal) => void signals.push(`${reader} ${signal}`),
    onTouch: (touch) => void shownTouches.push(touch),
  });
  const tap = (uid = TAG) => box.cast({ uid, flags: [] }, { reader: "desk", name: "Desk", target: { kind: "choose" } });
  const touch = async (option: number, of = state.poll?.definition.id ?? "none") => {
    const answer = votes.touched({ poll: of, option });
    await box.settled();
    return answer;
  };
  return { clock, state, situation, shown, shownTouches, signals, ballots, readers, votes, tap, touch };
}

describe("a tap and a touch", () => {
  test("make one ballot, of that tag, at that reader, and the lamp goes on when it is on disk", async () => {
    const { tap, touch, ballots, readers, shown, shownTouches, signals } = createKiosk();
    await tap();
    expect([ballots, signals]).toEqual([[], []]);
    expect(await touch(2)).toBe("taken");
    expect(ballots).toEqual([{ option: 2, tag: 7, reader: 1 }]);
    expect(readers).toEqual(["desk"]);
    expect(shown).toEqual(["choose-answer", "stored 2"]);
    expect(shownTouches).toEqual([{ kind: "tapped", id: "1", forMs: CHOOSE_MS }, null]);
    expect(signals).toEqual(["desk good"]);
  });

  test("may come the other way round", async () => {
    const { tap, touch, ballots, shown, shownTouches } = createKiosk();
    await touch(3);
    expect(shownTouches).toEqual([{ kind: "touched", id: "1", option: 3, forMs: CHOOSE_MS }]);
    await tap();
    expect([ballots, shown]).toEqual([[{ option: 3, tag: 7, reader: 1 }], ["stored 3"]]);
  });

  test("too far apart make none, and the screen forgets by itself", async () => {
    const { clock, tap, touch, ballots, shown, shownTouches } = createKiosk();
    await tap();
    clock.goOn(CHOOSE_MS);
    expect(shown).toEqual(["choose-answer", "choose-expired"]);
    expect(shownTouches.at(-1)).toBe(null);
    expect(clock.set()).toBe(0);
    await touch(2);
    expect(ballots).toEqual([]);
  });

  test("of somebody not on the roll stop at the tap: nobody chooses in vain", async () => {
    const { state, tap, shown, shownTouches } = createKiosk();
    state.roll = "unknown-tag";
    await tap();
    expect([shown, shownTouches]).toEqual([["unknown-tag Desk"], []]);
  });

  test("are judged once more at the second half", async () => {
    const { state, tap, touch, ballots, shown } = createKiosk();
    await tap();
    state.poll = known(1, "paused");
    await touch(2);
    expect([ballots, shown]).toEqual([[], ["choose-answer", "paused 2"]]);
  });

  test.each([
    ["the question changes", known(2)],
    ["the question is closed", known(1, "closed")],
    ["nothing is asked any more", undefined],
  ])("make none when %s between them, and the tag is forgotten", async (_, next) => {
    const { clock, state, votes, tap, touch, ballots, shownTouches } = createKiosk();
    const before = state.poll?.definition.id;
    await tap();
    state.poll = next;
    votes.look();
    expect(shownTouches.at(-1)).toBe(null);
    expect(clock.set()).toBe(0);
    await touch(2, before);
    expect(ballots).toEqual([]);
  });

  test("make none when test mode begins or ends between them", async () => {
    const { situation, votes, tap, touch, ballots, shown } = createKiosk();
    situation.testing = true;
    await tap();
    situation.testing = false;
    votes.drop();
    await touch(2);
    expect(ballots).toEqual([]);
    situation.testing = true;
    await tap();
    expect([ballots, shown.at(-1)]).toEqual([[], "test-tap 2"]);
  });

  test("that came when the page still showed another question are told so", async () => {
    const { touch, shown, ballots } = createKiosk();
    expect(await touch(2, "another")).toBe("taken");
    expect([shown, ballots]).toEqual([["new-question"], []]);
  });

  test("of two people at once are given to neither", async () => {
    const { tap, touch, ballots, shown, signals, shownTouches } = createKiosk();
    await tap();
    await tap(Uint8Array.of(8));
    expect([shown.at(-1), signals, shownTouches.at(-1)]).toEqual(["slow-down", ["desk bad"], null]);
    await touch(1);
    expect(ballots).toEqual([]);
  });
});

describe("a touch alone", () => {
  test("is nothing where no reader is there for it, and the page is told", async () => {
    const { state, touch, shown, ballots } = createKiosk();
    state.chooses = false;
    expect(await touch(2)).toBe("closed");
    expect([shown, ballots]).toEqual([[], []]);
  });

  test("learns at once that nobody can vote now", async () => {
    const { touch, shown, shownTouches } = createKiosk(known(1, "closed"));
    await touch(2);
    expect([shown, shownTouches]).toEqual([["closed 2"], []]);
  });

  test("is a vote where the poll takes votes without a tag, each with a key of its own", async () => {
    const { state, touch, ballots, readers, shown, signals } = createKiosk(known(1, "open", { tagless: true }));
    state.chooses = false;
    await touch(2);
    await touch(2);
    expect(ballots.map(({ option, tag }) => [option, tag])).toEqual([
      [2, 201],
      [2, 202],
    ]);
    expect([readers, shown]).toEqual([
      ["touch", "touch"],
      ["stored 2", "stored 2"],
    ]);
    expect(signals).toEqual(["touch good", "touch good"]);
  });

  test("there belongs to the tag that was tapped before it, if one was", async () => {
    const { tap, touch, ballots } = createKiosk(known(1, "open", { tagless: true }));
    await tap();
    await touch(1);
    await touch(1);
    expect(ballots.map(({ tag }) => tag)).toEqual([7, 201]);
  });

  test("there is slowed down after a few, and goes on at a steady pace", async () => {
    const { clock, touch, ballots, shown } = createKiosk(known(1, "open", { tagless: true }));
    for (let count = 0; count < 10; count++) await touch(1);
    expect(ballots).toHaveLength(TAGLESS_RATE.burst);
    expect(shown.slice(TAGLESS_RATE.burst)).toEqual(Array.from({ length: 7 }, () => "slow-down 1"));
    clock.goOn(TAGLESS_RATE.everyMs - 1);
    await touch(1);
    expect(ballots).toHaveLength(TAGLESS_RATE.burst);
    clock.goOn(1);
    await touch(1);
    expect(ballots).toHaveLength(TAGLESS_RATE.burst + 1);
  });

  test("there is refused by a roll like any tag that it does not have, and names no reader", async () => {
    const { state, touch, ballots, shown } = createKiosk(known(1, "open", { tagless: true }));
    state.roll = "unknown-tag";
    await touch(2);
    expect([ballots, shown]).toEqual([[], ["unknown-tag 2"]]);
  });

  test("too often is a program's, and is not even looked at", async () => {
    const { touch, shown } = createKiosk();
    for (let count = 0; count < TOUCH_RATE.burst; count++) expect(await touch(2, "another")).toBe("taken");
    expect(await touch(2, "another")).toBe("too-many");
    expect(shown).toHaveLength(TOUCH_RATE.burst);
  });
});
