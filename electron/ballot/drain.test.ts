import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { packCourse } from "../../shared/domain/course.ts";
import { encodeDefinition } from "../../shared/domain/poll.ts";
import { decodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { createManualClock } from "../clock.testing.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import { createPollBoard } from "../picture/poll-board.ts";
import { createBallotBox } from "./ballot-box.ts";
import { createDrain } from "./drain.ts";
import { createOutcomes } from "./outcomes.ts";

const one = testPoll(sha256, 1);
const two = testPoll(sha256, 2);

function wordOf({ definition }: typeof one, state: "open" | "closed" | "certified", moves: number): FrameOf<"poll"> {
  const totals = state === "certified" ? definition.options.map(() => 0) : null;
  const course = { state, moves, windows: [{ fromMs: moves, toMs: null }], closedAtMs: null, totals };
  return [FRAME.poll, moves, packCourse(course), encodeDefinition(definition), new Uint8Array(64)];
}

/** A station's board, box and drain around a disk that stores when it is told to, in the order it was asked. */
function createStation({
  kept,
  picture,
  current = "aa",
}: { kept?: Uint8Array; picture?: Uint8Array; current?: string } = {}) {
  const clock = createManualClock();
  const written: { log: string; record: LogRecord }[] = [];
  const queue: (() => void)[] = [];
  const leaves: string[] = [];
  const state = { current, leaves, failing: false, kept, picture };
  const looks: Promise<void>[] = [];
  const board = createPollBoard({
    kept: picture,
    keep: (bytes) => void (state.picture = bytes),
    monotonicMs: () => 1e6,
    setTimer: clock.setTimer,
    sha256,
    onPoll: () => {},
    onTally: () => {},
    onTitle: () => {},
    onClosed: () => void looks.push(drain.look()),
  });
  const box = createBallotBox({
    append: (bytes, log = state.current) =>
      new Promise((resolve) => {
        queue.push(() => {
          const record = decodeRecord(bytes);
          if (record === undefined) throw new Error("no record");
          if (state.failing) return resolve({ ok: false, reason: say("disk-failed") });
          written.push({ log, record });
          return resolve({ ok: true, log, number: written.length, hash: new Uint8Array(32) });
        });
      }),
    // Asking for the reader's number takes a while too.
    readerNumber: () => new Promise((resolve) => void queue.push(() => resolve(1))),
    tagKey: () => new Uint8Array(16),
    roll: { refusal: () => null },
    logMs: () => 7,
    situation: () => ({
      branch: null,
      testing: false,
      ended: null,
      poll: board.current(),
      online: true,
      shownForMs: Infinity,
    }),
    outcomes: createOutcomes({ nowMs: () => 0, show: () => {} }),
    signal: () => {},
    onChoose: () => {},
    onTestTap: () => {},
    log: () => state.current,
    onLeft: () => {},
    onStored: () => {},
    onDisk: () => {},
  });
  const drain = createDrain({
    settled: box.settled,
    closed: board.closed,
    currentLog: () => state.current,
    leafLogs: () => state.leaves,
    note: box.note,
    logMs: () => 9,
    setTimer: clock.setTimer,
    kept,
    keep: (bytes) => void (state.kept = bytes),
  });
  const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
  /** The disk does what it was asked next, if anything. */
  const store = async () => {
    queue.shift()?.();
    await turn();
  };
  const storeAll = async () => {
    await turn();
    while (queue.length > 0) await store();
  };
  const tap = (slot: number) =>
    box.cast({ uid: Uint8Array.of(1), flags: [] }, { reader: "r", name: "R", target: { kind: "slot", slot } });
  const drained = () =>
    written.flatMap(({ log, record }) => (record.kind === "drained" ? [`${log} ${toHex(record.poll)}`] : []));
  return { board, drain, clock, state, written, looks, store, storeAll, tap, drained };
}

describe("the word that no ballot follows", () => {
  test("comes after the last cast that was under way, and no ballot ever comes after it", async () => {
    const step = fc.constantFrom("tap" as const, "store" as const);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 12 }), async (before, after) => {
        const { board, written, store, storeAll, tap, drained } = createStation();
        board.onFeed(wordOf(one, "open", 1));
        const casts: Promise<void>[] = [];
        for (const what of before) await (what === "tap" ? void casts.push(tap(1)) : store());
        board.onFeed(wordOf(one, "closed", 2));
        const cast = casts.length;
        for (const what of after) await (what === "tap" ? void casts.push(tap(1)) : store());
        await storeAll();
        await Promise.all(casts);
        expect(written.map(({ record }) => record.kind)).toEqual([
          ...Array.from({ length: cast }, () => "ballot"),
          "drained",
        ]);
        expect(drained()).toEqual([`aa ${toHex(one.short)}`]);
      }),
      { numRuns: 60 },
    );
  });

  test("is said once in each log that nothing continues, also when polls close one after another", async () => {
    const { board, state, storeAll, drained } = createStation();
    state.leaves = ["bb", "aa"];
    board.onFeed(wordOf(one, "closed", 2));
    board.onFeed(wordOf(two, "closed", 2));
    await storeAll();
    board.onFeed(wordOf(one, "closed", 2));
    await storeAll();
    const [first, second] = [toHex(one.short), toHex(two.short)];
    expect(drained()).toEqual([`aa ${first}`, `bb ${first}`, `aa ${second}`, `bb ${second}`]);
  });

  test("is said in a log begun later too, and after a restart not again in an old one", async () => {
    const before = createStation();
    before.state.leaves = ["bb"];
    before.board.onFeed(wordOf(one, "closed", 2));
    await before.storeAll();
    before.state.current = "cc";
    void before.drain.look();
    await before.storeAll();
    const poll = toHex(one.short);
    expect(before.drained()).toEqual([`aa ${poll}`, `bb ${poll}`, `cc ${poll}`]);
    const after = createStation({ current: "dd", ...(before.state.kept && { kept: before.state.kept }) });
    after.state.leaves = ["bb", "cc"];
    after.board.onFeed(wordOf(one, "closed", 2));
    await after.storeAll();
    expect(after.drained()).toEqual([`dd ${poll}`]);
  });

  test("is said at the start of every poll that was closed before, and not of a certified one", async () => {
    const before = createStation();
    before.board.onFeed(wordOf(one, "closed", 2));
    before.board.onFeed(wordOf(two, "certified", 3));
    before.board.stop();
    const after = createStation({ current: "bb", ...(before.state.picture && { picture: before.state.picture }) });
    void after.drain.look();
    await after.storeAll();
    expect(after.drained()).toEqual([`bb ${toHex(one.short)}`]);
  });

  test("is tried again while the disk fails, and not after the station stopped", async () => {
    const { board, drain, state, clock, storeAll, drained } = createStation();
    state.failing = true;
    board.onFeed(wordOf(one, "closed", 2));
    await storeAll();
    expect(drained()).toEqual([]);
    clock.goOn(3_000);
    await storeAll();
    state.failing = false;
    clock.goOn(3_000);
    await storeAll();
    expect(drained()).toEqual([`aa ${toHex(one.short)}`]);
    state.failing = true;
    board.onFeed(wordOf(two, "closed", 2));
    await storeAll();
    drain.stop();
    expect(clock.set()).toBe(1);
    state.failing = false;
    clock.goOn(9_000);
    await storeAll();
    expect(drained()).toHaveLength(1);
  });
});
