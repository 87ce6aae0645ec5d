import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { encodeDefinition } from "../../shared/domain/poll.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { packCourse } from "../../shared/domain/course.ts";
import type { PollCourse } from "../../shared/domain/entry.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_POLLS_TOLD } from "../../shared/link/limits.ts";
import { createManualClock } from "../clock.testing.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import { decodePicture, encodePicture } from "./kept-picture.ts";
import { EMPTY_PICTURE, currentPoll, hasOf, stepPicture, type FeedFrame, type Picture } from "./picture.ts";
import { createPollBoard } from "./poll-board.ts";

const one = testPoll(sha256, 1);
const two = testPoll(sha256, 2);
type Poll = typeof one;

const SIGNATURE = new Uint8Array(64).fill(5);

/** A poll's frame: its state since a server time, which is its cursor too. */
const pollFrame = (
  { definition }: Poll,
  cursor: number,
  state: PollCourse["state"],
  { moves = cursor, totals = null, closedAtMs = cursor }: Partial<PollCourse> = {},
): FrameOf<"poll"> => {
  const isOver = state === "closed" || state === "certified";
  const windows = state === "open" ? [{ fromMs: cursor, toMs: null }] : [{ fromMs: 0, toMs: closedAtMs }];
  const course = { state, moves, windows, closedAtMs: isOver ? closedAtMs : null, totals };
  return [FRAME.poll, cursor, packCourse(course), encodeDefinition(definition), SIGNATURE];
};
const tallyFrame = ({ short }: Poll, cursor: number, ...counts: number[]): FrameOf<"tally"> => [
  FRAME.tally,
  short,
  cursor,
  counts,
];
const deltaFrame = ({ short }: Poll, cursor: number, base: number, option: number, count: number): FrameOf<"delta"> => [
  FRAME.delta,
  short,
  cursor,
  base,
  option,
  count,
];

function pictureOf(...frames: FeedFrame[]): Picture {
  return frames.reduce<Picture>((picture, frame) => {
    const next = stepPicture(picture, frame, sha256);
    if (next === undefined) throw new Error("a frame did not fit");
    return next;
  }, EMPTY_PICTURE);
}

describe("the picture", () => {
  test("follows polls, tallies and changes", () => {
    const picture = pictureOf(pollFrame(one, 5, "open"), tallyFrame(one, 6, 1, 0, 0), deltaFrame(one, 8, 6, 3, 4));
    expect(currentPoll(picture)).toMatchObject({ course: { state: "open" }, tally: [1, 0, 4], tallyCursor: 8 });
    expect(hasOf(picture)).toEqual([[one.short, 1, 5, 8]]);
    const closed = stepPicture(picture, pollFrame(one, 9, "closed"), sha256) ?? EMPTY_PICTURE;
    expect(currentPoll(closed)).toMatchObject({ course: { state: "closed" }, tally: [1, 0, 4], tallyCursor: 8 });
  });

  test.each<[string, FeedFrame]>([
    ["a change from another tally than we have", deltaFrame(one, 8, 5, 1, 2)],
    ["a change of an option there is not", deltaFrame(one, 8, 6, 4, 2)],
    ["a tally of more options than there are", tallyFrame(one, 8, 1, 2, 3, 4)],
    ["a poll that is none", [FRAME.poll, 8, [1, 1, [], null, null], new Uint8Array(5), SIGNATURE]],
    ["totals of more options than there are", pollFrame(one, 8, "certified", { totals: [1, 2, 3, 4] })],
  ])("does not take %s", (_, frame) => {
    const picture = pictureOf(pollFrame(one, 5, "open"), tallyFrame(one, 6, 0, 0, 0));
    expect(stepPicture(picture, frame, sha256)).toBeUndefined();
  });

  test("does not care for a tally of a poll it does not keep", () => {
    const picture = pictureOf(pollFrame(one, 5, "open"));
    expect(stepPicture(picture, tallyFrame(two, 8, 1, 2, 3), sha256)).toBe(picture);
  });

  test("keeps a thousand polls, and of these the open one and the newest", () => {
    let picture = pictureOf(pollFrame(one, 1, "open"));
    for (let at = 2; at <= MAX_POLLS_TOLD + 2; at++) {
      picture = stepPicture(picture, pollFrame(testPoll(sha256, at), at, "closed"), sha256) ?? EMPTY_PICTURE;
    }
    expect(picture.size).toBe(MAX_POLLS_TOLD);
    expect(currentPoll(picture)?.definition.id).toBe(one.definition.id);
    expect(picture.has(toHex(two.short))).toBe(false);
    expect(picture.has(toHex(testPoll(sha256, MAX_POLLS_TOLD + 2).short))).toBe(true);
  });

  test("shows the open poll before the paused before the closed, and of equals the one moved last", () => {
    const three = testPoll(sha256, 3);
    const shown = (...frames: FeedFrame[]) => currentPoll(pictureOf(...frames))?.definition.id;
    const [closed, paused, open] = [
      pollFrame(one, 9, "closed"),
      pollFrame(two, 8, "paused"),
      pollFrame(three, 7, "open"),
    ];
    expect(shown(closed, paused, open)).toBe(three.definition.id);
    expect(shown(closed, paused)).toBe(two.definition.id);
    expect(shown(closed, pollFrame(two, 10, "closed"))).toBe(two.definition.id);
    expect(currentPoll(EMPTY_PICTURE)).toBeUndefined();
  });
});

describe("a server put back to a backup", () => {
  test("does not make the picture forget what came after it", () => {
    const picture = pictureOf(pollFrame(one, 9, "paused", { moves: 2 }));
    const told = stepPicture(picture, pollFrame(one, 4, "open", { moves: 1 }), sha256);
    expect(told).toBe(picture);
  });

  test("never opens again a poll whose close was heard, whatever came of it there", () => {
    const picture = pictureOf(pollFrame(one, 9, "closed", { moves: 2 }));
    for (const state of ["open", "paused"] as const)
      expect(stepPicture(picture, pollFrame(one, 20, state, { moves: 7 }), sha256)).toBe(picture);
    const certified = stepPicture(picture, pollFrame(one, 20, "certified", { moves: 3 }), sha256);
    expect(certified && currentPoll(certified)?.course.state).toBe("certified");
  });
});

test("to certify a poll does not take the screen from the one that was closed after it", () => {
  const picture = pictureOf(
    pollFrame(one, 5, "closed"),
    pollFrame(two, 7, "closed"),
    pollFrame(one, 9, "certified", { closedAtMs: 5 }),
  );
  expect(currentPoll(picture)?.definition.id).toBe(two.definition.id);
});

const EPOCH = new Uint8Array(8).fill(1);
const OTHER_EPOCH = new Uint8Array(8).fill(2);

describe("the kept picture", () => {
  const picture = pictureOf(pollFrame(one, 5, "open"), tallyFrame(one, 6, 1, 0, 70_000), pollFrame(two, 7, "closed"));

  test("comes back as it was, with the server's signed words", () => {
    const kept = { title: "Fair ü", epoch: EPOCH, picture };
    expect(decodePicture(encodePicture(kept), sha256)).toEqual(kept);
  });

  test("that is damaged anywhere is read as something whole, or as nothing", () => {
    const bytes = encodePicture({ title: "Fair", epoch: null, picture });
    const nothing = { title: "", epoch: null, picture: EMPTY_PICTURE };
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), (at, byte, cut) => {
        const damaged = cut ? bytes.slice(0, at) : bytes.with(at, byte);
        for (const { definition, tally } of decodePicture(damaged, sha256).picture.values())
          expect(tally).toHaveLength(definition.options.length);
      }),
    );
    expect(decodePicture(undefined, sha256)).toEqual(nothing);
    expect(decodePicture(bytes.slice(1), sha256)).toEqual(nothing);
  });
});

describe("the board", () => {
  function createBoard(kept?: Uint8Array) {
    const told: unknown[] = [];
    const state = { kept, soon: false };
    const clock = createManualClock();
    const board = createPollBoard({
      kept,
      keep: (bytes, soon) => void Object.assign(state, { kept: bytes, soon }),
      monotonicMs: clock.monotonicMs,
      setTimer: clock.setTimer,
      sha256,
      onPoll: (poll, tally) => told.push(["poll", poll?.id, poll?.state, tally?.counts]),
      onTally: (tally) => told.push(["tally", tally.counts]),
      onTitle: (title) => told.push(["title", title]),
      onClosed: (poll) => told.push(["closed", toHex(poll), board.current()?.course.state]),
    });
    return { board, told, state, clock };
  }

  test("shows polls and tallies as they come, and after a restart at once", () => {
    const { board, told, state } = createBoard();
    board.setTitle("Fair");
    board.setTitle("Fair");
    expect(board.onFeed(pollFrame(one, 5, "open"))).toBe(true);
    expect(board.onFeed(tallyFrame(one, 6, 1, 0, 0))).toBe(true);
    expect(board.onFeed(pollFrame(two, 7, "certified"))).toBe(true);
    expect(board.onFeed(pollFrame(one, 8, "paused"))).toBe(true);
    const id = one.definition.id;
    expect(told).toEqual([
      ["title", "Fair"],
      ["poll", id, "open", [0, 0, 0]],
      ["tally", [1, 0, 0]],
      ["poll", id, "paused", [1, 0, 0]],
    ]);
    board.stop();
    const again = createBoard(state.kept).board;
    expect(again.title()).toBe("Fair");
    expect(again.current()).toEqual(board.current());
    expect(again.shownForMs()).toBe(Infinity);
  });

  test("keeps the words of the server as they were signed, also over a restart", () => {
    const { board, state, clock } = createBoard();
    const word = pollFrame(one, 9, "certified", { totals: [3, 2, 1] });
    board.onFeed(pollFrame(one, 5, "open"));
    board.onFeed(word);
    expect(board.kept(one.short)).toEqual(word);
    expect(board.kept(two.short)).toBeUndefined();
    clock.goOn(250);
    expect(createBoard(state.kept).board.kept(one.short)).toEqual(word);
  });

  test("writes down a poll within moments, even amid tallies, for the power may go", () => {
    const { board, state, clock } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    board.onFeed(tallyFrame(one, 6, 1, 0, 0));
    board.onFeed(pollFrame(two, 7, "open"));
    board.onFeed(tallyFrame(one, 8, 2, 0, 0));
    clock.goOn(20);
    const again = createBoard(state.kept).board;
    expect([again.kept(one.short), again.kept(two.short)].includes(undefined)).toBe(false);
    expect(state.soon).toBe(true);
  });

  test("writes down a busy feed a few times a second, not at each change", () => {
    const { board, state, clock } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    clock.goOn(20);
    state.kept = undefined;
    for (let cursor = 6; cursor < 26; cursor++) board.onFeed(tallyFrame(one, cursor, cursor, 0, 0));
    expect(state.kept).toBeUndefined();
    clock.goOn(250);
    expect(createBoard(state.kept).board.tally()?.counts).toEqual([25, 0, 0]);
    expect(clock.set()).toBe(0);
  });

  test("holds a tally's cursor for none as soon as the server is another, and shows the tally on", () => {
    const { board } = createBoard();
    board.setEpoch(EPOCH);
    board.onFeed(pollFrame(one, 5, "open"));
    board.onFeed(tallyFrame(one, 6, 1, 0, 0));
    board.setEpoch(EPOCH);
    expect(board.has()).toEqual({ epoch: EPOCH, polls: [[one.short, 1, 5, 6]] });
    board.setEpoch(OTHER_EPOCH);
    expect(board.has()).toEqual({ epoch: OTHER_EPOCH, polls: [[one.short, 1, 5, 0]] });
    expect(board.tally()?.counts).toEqual([1, 0, 0]);
    expect(board.onFeed(deltaFrame(one, 8, 6, 1, 9))).toBe(false);
  });

  test("says which polls wait for this station's word, as soon as nobody can vote in them", () => {
    const { board, told } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    board.onFeed(pollFrame(two, 6, "certified", { totals: [1, 2, 3] }));
    told.length = 0;
    board.onFeed(pollFrame(one, 7, "closed"));
    board.onFeed(pollFrame(one, 7, "closed"));
    expect(told[0]).toEqual(["closed", toHex(one.short), "closed"]);
    expect(told.filter((each) => Array.isArray(each) && each[0] === "closed")).toHaveLength(1);
    expect(board.closed()).toEqual([one.short]);
    // Without totals for us the server may have to certify it anew, and asks again.
    board.onFeed(pollFrame(one, 9, "certified", { closedAtMs: 7 }));
    expect(board.closed()).toEqual([one.short]);
    board.onFeed(pollFrame(one, 10, "certified", { closedAtMs: 7, totals: [1, 1, 1] }));
    expect(board.closed()).toEqual([]);
  });

  test("shows counts as provisional until the certificate, and then its totals whatever tally comes", () => {
    const { board } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    board.onFeed(tallyFrame(one, 6, 1, 0, 0));
    expect(board.tally()).toMatchObject({ counts: [1, 0, 0], provisional: true });
    board.onFeed(pollFrame(one, 7, "closed"));
    expect(board.tally()).toMatchObject({ counts: [1, 0, 0], provisional: true });
    board.onFeed(pollFrame(one, 8, "certified", { totals: [4, 5, 6], closedAtMs: 7 }));
    expect(board.tally()).toMatchObject({ counts: [4, 5, 6], provisional: false });
    board.onFeed(tallyFrame(one, 9, 9, 9, 9));
    expect(board.tally()?.counts).toEqual([4, 5, 6]);
  });

  test("shows a result that is for after the vote to who voted, for a while", () => {
    const { board, told, clock } = createBoard();
    const poll = testPoll(sha256, 7, { results: "after-vote" });
    board.onFeed(pollFrame(poll, 5, "open"));
    board.onFeed(tallyFrame(poll, 6, 1, 0, 0));
    const id = poll.definition.id;
    expect(told).toEqual([["poll", id, "open", undefined]]);
    board.voted();
    board.onFeed(tallyFrame(poll, 7, 1, 1, 0));
    clock.goOn(8_000);
    expect(told.slice(1)).toEqual([
      ["poll", id, "open", [1, 0, 0]],
      ["tally", [1, 1, 0]],
      ["poll", id, "open", undefined],
    ]);
    board.onFeed(pollFrame(poll, 8, "closed"));
    expect(told.at(-1)).toEqual(["poll", id, "closed", [1, 1, 0]]);
  });

  test("knows since when a question replaced another", () => {
    const { board, clock } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    expect(board.shownForMs()).toBe(Infinity);
    clock.goOn(1_000);
    board.onFeed(pollFrame(one, 6, "closed"));
    board.onFeed(pollFrame(two, 7, "open"));
    clock.goOn(400);
    expect(board.shownForMs()).toBe(400);
  });

  test("asks for everything again when a frame does not fit", () => {
    const { board, told } = createBoard();
    board.setEpoch(EPOCH);
    board.onFeed(pollFrame(one, 5, "open"));
    told.length = 0;
    expect(board.onFeed(deltaFrame(one, 8, 7, 1, 1))).toBe(false);
    expect(board.has()).toEqual({ epoch: null, polls: [[one.short, 1, 5, 0]] });
    expect(told).toEqual([]);
    expect(board.current()?.course.state).toBe("open");
  });
});
