import { describe, expect, test } from "vitest";
import { decodeRecord, encodeRecord } from "../../shared/domain/record.ts";
import { packCourse } from "../../shared/domain/course.ts";
import type { PollCourse } from "../../shared/domain/entry.ts";
import { encodeDefinition, type PollDefinition } from "../../shared/domain/poll.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { VERDICT_CODES, verdictOf } from "../../shared/domain/verdict.ts";
import { OUTCOME_KINDS, type Outcome, type ScreenDisk } from "../../shared/events/stream.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { ballotAt, clockAt, sha256 } from "../log/log-bed.testing.ts";
import type { Stored } from "../log/append-runs.ts";
import { NotStored } from "../log/not-stored.ts";
import type { KnownPoll } from "../picture/picture.ts";
import type { Target, UidFlag } from "../../shared/domain/mapping.ts";
import { createBallotBox, type Situation } from "./ballot-box.ts";
import type { Voter } from "./chooser.ts";
import { createOutcomes } from "./outcomes.ts";
import { NEW_QUESTION_MS, vote, type VoteSituation } from "./vote.ts";

const FULL = say("disk-full", { path: "log.sqlite" });

const { definition, short } = testPoll(sha256, 1);
const SIGNATURE = new Uint8Array(64);
const pollIn = (state: PollCourse["state"], rules: Partial<PollDefinition> = {}): KnownPoll => {
  const course = { state, moves: 1, windows: [], closedAtMs: null, totals: null };
  const known = { ...definition, ...rules };
  const word: KnownPoll["word"] = [FRAME.poll, 1, packCourse(course), encodeDefinition(known), SIGNATURE];
  return { definition: known, hash: short, course, word, tally: [0, 0, 0], tallyCursor: 1 };
};
const poll = pollIn("open");
const OPEN: VoteSituation = {
  ended: null,
  poll,
  target: { kind: "slot", slot: 2 },
  online: true,
  shownForMs: Infinity,
  flags: [],
  roll: null,
};
const CHOOSE = { kind: "choose" } as const;
const paused = pollIn("paused");
const closed = pollIn("closed");

describe("a tap", () => {
  test.each<[string, Partial<VoteSituation>, string, number | null]>([
    ["at a reader that stands for nothing", { target: null }, "unassigned", null],
    ["with nothing to vote on", { poll: undefined }, "no-open-poll", null],
    ["at a slot without an option", { target: { kind: "slot", slot: 4 } }, "no-option", null],
    [
      "at a reader for an answer of another poll",
      { target: { kind: "option", poll: "other", option: 2 } },
      "no-option",
      null,
    ],
    [
      "for an answer that its poll does not have",
      { target: { kind: "option", poll: definition.id, option: 4 } },
      "no-option",
      null,
    ],
    ["on a closed poll", { poll: closed }, "closed", 2],
    ["on a closed poll offline: later news cannot open it again", { poll: closed, online: false }, "closed", 2],
    ["on a paused poll", { poll: paused }, "paused", 2],
    ["on a certified poll", { poll: pollIn("certified") }, "closed", 2],
    ["with a tag that the roll does not have", { roll: "unknown-tag" }, "unknown-tag", 2],
    [
      "with such a tag offline: it can be held up again once the roll has it",
      { roll: "unknown-tag", online: false },
      "unknown-tag",
      2,
    ],
    ["of a voter the poll is not for", { roll: "not-entitled" }, "not-entitled", 2],
    ["with a tag that makes up its number", { flags: ["random"] }, "random-uid", 2],
    ["with a number that many tags have", { flags: ["shared"] }, "shared-uid", 2],
    ["with a random number, before its answer is chosen", { flags: ["random"], target: CHOOSE }, "random-uid", null],
    [
      "of somebody not on the roll, before the answer is chosen",
      { roll: "unknown-tag", target: CHOOSE },
      "unknown-tag",
      null,
    ],
    ["on a closed poll, before the answer is chosen", { poll: closed, target: CHOOSE }, "closed", null],
    ["with such a tag that is not on the roll either", { flags: ["random"], roll: "unknown-tag" }, "random-uid", 2],
    ["at a station that was taken out of the event", { ended: "revoked", target: null, poll: closed }, "revoked", null],
    ["after the end of the event", { ended: "event-over", poll: undefined }, "event-over", null],
    ["with a tag not on the roll, on a closed poll", { poll: closed, roll: "unknown-tag" }, "closed", 2],
    ["a moment after the question changed", { shownForMs: NEW_QUESTION_MS - 1 }, "new-question", 2],
  ])("%s is refused by name", (_, change, why, option) => {
    expect(vote({ ...OPEN, ...change })).toEqual({ kind: "refusal", why, option });
  });

  test.each<[string, Partial<VoteSituation>]>([
    ["on an open poll", {}],
    ["offline", { online: false }],
    ["offline on a poll last known as paused: it may be open again", { poll: paused, online: false }],
    [
      "with a random number where the poll takes them",
      { flags: ["random"], poll: pollIn("open", { randomUids: "accept" }) },
    ],
    [
      "with a number that many tags have where the poll takes them",
      { flags: ["shared"], poll: pollIn("open", { randomUids: "accept" }) },
    ],
    ["at a reader for this answer of this poll", { target: { kind: "option", poll: definition.id, option: 2 } }],
    ["when the question has been there long enough", { shownForMs: NEW_QUESTION_MS }],
  ])("%s is a ballot", (_, change) => {
    expect(vote({ ...OPEN, ...change })).toEqual({ kind: "ballot", poll: short, option: 2 });
  });

  test("at a reader whose voters touch their answer lacks nothing but that", () => {
    expect(vote({ ...OPEN, target: CHOOSE })).toEqual({ kind: "choose" });
  });
});

function createShown(onShown = () => {}) {
  const shown: Outcome[] = [];
  const state = { nowMs: 0 };
  const show = (outcome: Outcome) => {
    shown.push(outcome);
    onShown();
  };
  const outcomes = createOutcomes({ nowMs: () => state.nowMs, show });
  return { shown, state, outcomes };
}

describe("an outcome", () => {
  test("of a stored ballot becomes the server's verdict under the same id, once", () => {
    const { shown, outcomes } = createShown();
    outcomes.stored("a", 1, 2, "stored");
    outcomes.stored("b", 1, 3, "safe-here");
    outcomes.onVerdict("a", 1, "changed");
    outcomes.onVerdict("a", 1, "counted");
    outcomes.onVerdict("c", 1, "counted");
    expect(shown.map(({ id, kind, option }) => [id, kind, option])).toEqual([
      ["1", "stored", 2],
      ["2", "safe-here", 3],
      ["1", "changed", 2],
    ]);
  });

  test("that comes when the voter has gone is not shown", () => {
    const { shown, state, outcomes } = createShown();
    outcomes.stored("a", 1, 2, "stored");
    state.nowMs = 5_001;
    outcomes.onVerdict("a", 1, "counted");
    expect(shown).toHaveLength(1);
  });

  test("has words for every verdict there is", () => {
    for (const code of Object.values(VERDICT_CODES)) {
      const { shown, outcomes } = createShown();
      outcomes.stored("a", 1, 2, "stored");
      const verdict = verdictOf(code);
      if (verdict === undefined) throw new Error(`no verdict ${code}`);
      outcomes.onVerdict("a", 1, verdict);
      expect(OUTCOME_KINDS).toContain(shown[1]?.kind);
      expect(shown[1]?.kind === "counted").toBe(verdict === "counted");
    }
  });
});

function createBox(
  answers: Partial<{ stored: Stored; reader: Error | number; tagKey: undefined; log: undefined }> = {},
) {
  const order: string[] = [];
  const { shown, outcomes } = createShown(() => order.push("shown"));
  const disks: ScreenDisk[] = [];
  const stored: [number, string][] = [];
  const appended: Uint8Array[] = [];
  const situation: Situation = { branch: null, testing: false, ended: null, poll, online: true, shownForMs: Infinity };
  const signals: string[] = [];
  const chosen: [Voter, string][] = [];
  const tests: number[] = [];
  const gate = Promise.withResolvers<void>();
  const box = createBallotBox({
    async append(record) {
      await gate.promise;
      appended.push(record);
      return answers.stored ?? { ok: true, log: "log", number: appended.length, hash: new Uint8Array(32) };
    },
    readerNumber() {
      if (answers.reader instanceof Error) return Promise.reject(answers.reader);
      return answers.reader ?? Promise.resolve(7);
    },
    tagKey: () => ("tagKey" in answers ? undefined : new Uint8Array(16).fill(9)),
    roll: { refusal: (_, groups) => (groups.length > 0 ? "not-entitled" : null) },
    logMs: () => 42,
    situation: () => situation,
    outcomes,
    signal(reader, signal) {
      order.push(signal);
      signals.push(`${reader} ${signal}`);
    },
    onChoose: (voter, { reader }) => void chosen.push([voter, reader]),
    onTestTap: (option) => void tests.push(option),
    log: () => ("log" in answers ? undefined : "log"),
    onLeft: () => void order.push("left"),
    onStored({ number }, { kind }) {
      order.push("sent");
      stored.push([number, kind]);
    },
    onDisk: (disk) => void disks.push(disk),
  });
  const at = (target: Target | null, flags: readonly UidFlag[] = []) =>
    box.cast({ uid: Uint8Array.of(1), flags }, { reader: "r", name: "Reader", target });
  const cast = (slot: number) => at({ kind: "slot", slot });
  return {
    box,
    at,
    signals,
    chosen,
    tests,
    cast,
    order,
    shown,
    disks,
    stored,
    appended,
    situation,
    commit: () => gate.resolve(),
  };
}

describe("the ballot box", () => {
  test("says nothing of success before the record is on disk", async () => {
    const { cast, shown, stored, appended, disks, commit } = createBox();
    const done = cast(2);
    await new Promise((resolve) => void setImmediate(resolve));
    expect([shown, stored]).toEqual([[], []]);
    commit();
    await done;
    expect(appended.map((bytes) => decodeRecord(bytes))).toEqual([
      { kind: "ballot", poll: short, option: 2, tagKey: new Uint8Array(16).fill(9), ms: 42, reader: 7 },
    ]);
    expect(shown).toEqual([{ id: "1", kind: "stored", option: 2, reader: null }]);
    expect(stored).toEqual([[1, "ballot"]]);
    expect(disks).toEqual([{ state: "good", reason: null }]);
  });

  test("tells the voter before the server, and asks for a signature only for one that is alone", async () => {
    const { box, cast, order, commit } = createBox({ reader: 7 });
    const done = [cast(2), cast(2)];
    expect(order).toEqual(["left"]);
    commit();
    await Promise.all(done);
    expect(order).toEqual(["left", "shown", "good", "sent", "shown", "good", "sent"]);
    await box.settled();
    await cast(2);
    expect(order.slice(7)).toEqual(["left", "shown", "good", "sent"]);
  });

  test("shows as safe here what was stored when the server had gone meanwhile", async () => {
    const { cast, shown, situation, commit } = createBox();
    const done = cast(2);
    situation.online = false;
    commit();
    await done;
    expect(shown).toMatchObject([{ kind: "safe-here" }]);
  });

  test.each([
    ["aside", "safe-here"],
    ["rejected", "not-admitted"],
    ["copy", "stored"],
  ] as const)("stores on while the log is %s, and shows that as %s", async (branch, kind) => {
    const { cast, shown, situation, appended, commit } = createBox();
    commit();
    situation.branch = branch;
    await cast(2);
    expect([appended.length, shown[0]?.kind]).toEqual([1, kind]);
  });

  test.each([
    ["the disk refuses it", { stored: { ok: false, reason: FULL } as const }],
    ["the reader's number cannot be stored", { reader: new NotStored(FULL) }],
  ])("never shows a success when %s, and says that the disk fails", async (_, answers) => {
    const { cast, shown, stored, disks, commit } = createBox(answers);
    commit();
    await cast(2);
    expect(shown).toEqual([{ id: "1", kind: "not-stored", option: 2, reader: "Reader" }]);
    expect(stored).toEqual([]);
    expect(disks).toEqual([{ state: "failing", reason: FULL }]);
  });

  test.each([["tagKey"], ["log"]])("makes no ballot before enrolment gave it a %s", async (missing) => {
    const { cast, shown, appended } = createBox({ [missing]: undefined });
    await cast(2);
    expect([shown[0]?.kind, appended]).toEqual(["no-open-poll", []]);
  });

  test("judges a tag by its number and by the roll before anything is stored", async () => {
    const { at, cast, shown, signals, situation, appended, commit } = createBox();
    commit();
    await at({ kind: "slot", slot: 2 }, ["random"]);
    situation.poll = pollIn("open", { groups: [4] });
    await cast(2);
    expect(shown.map(({ kind, option }) => [kind, option])).toEqual([
      ["random-uid", 2],
      ["not-entitled", 2],
    ]);
    expect(signals).toEqual(["r bad", "r bad"]);
    expect(appended).toEqual([]);
  });

  test("works the device as the screen: good only when it is on disk, bad when it is not or does not count", async () => {
    const good = createBox();
    const done = good.cast(2);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(good.signals).toEqual([]);
    good.commit();
    await done;
    good.situation.branch = "rejected";
    await good.cast(2);
    expect(good.signals).toEqual(["r good", "r bad"]);
    const bad = createBox({ stored: { ok: false, reason: FULL } });
    bad.commit();
    await bad.cast(2);
    expect(bad.signals).toEqual(["r bad"]);
  });

  test("in test mode judges as always, and stores nothing", async () => {
    const { at, cast, shown, signals, situation, appended, tests, commit } = createBox();
    commit();
    situation.testing = true;
    await cast(2);
    await cast(9);
    await at(null);
    expect(shown.map(({ kind, option }) => [kind, option])).toEqual([
      ["test-tap", 2],
      ["no-option", null],
      ["unassigned", null],
    ]);
    expect([tests, appended, signals]).toEqual([[2], [], ["r bad", "r bad"]]);
  });

  test("hands on whom only the answer is missing to, and shows nothing of it yet", async () => {
    const { at, chosen, shown, signals, appended } = createBox();
    await at(CHOOSE);
    await at(CHOOSE, ["random"]);
    expect(chosen).toEqual([[{ tagKey: new Uint8Array(16).fill(9), flags: [] }, "r"]]);
    expect([shown.map(({ kind }) => kind), signals, appended]).toEqual([["random-uid"], ["r bad"], []]);
  });

  test("knows when all casts begun before are done, and waits for none begun after", async () => {
    const { box, cast, stored, commit } = createBox();
    void cast(1);
    void cast(2);
    const settled = box.settled().then(() => stored.length);
    commit();
    expect(await settled).toBeGreaterThanOrEqual(2);
    await box.settled();
  });

  test("tells voters when more wait for the disk than it will ever take in time", async () => {
    const { cast, shown, commit } = createBox();
    const all = Array.from({ length: 513 }, () => cast(2));
    await all.at(-1);
    expect(shown).toMatchObject([{ kind: "not-stored" }]);
    commit();
    await Promise.all(all);
    expect(shown.filter(({ kind }) => kind === "stored")).toHaveLength(512);
  });

  test("notes other records, and says whether they are on disk", async () => {
    const good = createBox();
    good.commit();
    expect(await good.box.note(clockAt(1))).toBe(true);
    expect(good.stored).toEqual([[1, "clock"]]);
    const bad = createBox({ stored: { ok: false, reason: FULL } });
    bad.commit();
    expect(await bad.box.note(clockAt(1))).toBe(false);
    expect(encodeRecord(ballotAt(1))).not.toEqual(bad.appended[0]);
  });
});
