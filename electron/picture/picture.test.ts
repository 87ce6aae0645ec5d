import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { encodeDefinition } from "../../shared/domain/poll.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { FRAME, POLL_STATE_CODES, type FrameOf } from "../../shared/link/frames.ts";
import { MAX_POLLS_TOLD } from "../../shared/link/limits.ts";
import { sha256 } from "../log/log-bed.testing.ts";
import { decodePicture, encodePicture } from "./kept-picture.ts";
import { EMPTY_PICTURE, currentPoll, hasOf, stepPicture, type FeedFrame, type Picture } from "./picture.ts";
import { createPollBoard } from "./poll-board.ts";

const one = testPoll(sha256, 1);
const two = testPoll(sha256, 2);
type Poll = typeof one;

const pollFrame = ({ definition }: Poll, cursor: number, state: keyof typeof POLL_STATE_CODES): FrameOf<"poll"> => [
  FRAME.poll,
  cursor,
  POLL_STATE_CODES[state],
  encodeDefinition(definition),
];
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
    expect(currentPoll(picture)).toMatchObject({ state: "open", stateCursor: 5, tally: [1, 0, 4], tallyCursor: 8 });
    expect(hasOf(picture)).toEqual([[one.short, 5, 8]]);
    const closed = stepPicture(picture, pollFrame(one, 9, "closed"), sha256) ?? EMPTY_PICTURE;
    expect(currentPoll(closed)).toMatchObject({ state: "closed", tally: [1, 0, 4], tallyCursor: 8 });
  });

  test.each<[string, FeedFrame]>([
    ["a change from another tally than we have", deltaFrame(one, 8, 5, 1, 2)],
    ["a change of an option there is not", deltaFrame(one, 8, 6, 4, 2)],
    ["a tally of more options than there are", tallyFrame(one, 8, 1, 2, 3, 4)],
    ["a poll that is none", [FRAME.poll, 8, 1, new Uint8Array(5)]],
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

describe("the kept picture", () => {
  const picture = pictureOf(pollFrame(one, 5, "open"), tallyFrame(one, 6, 1, 0, 70_000), pollFrame(two, 7, "closed"));

  test("comes back as it was", () => {
    expect(decodePicture(encodePicture("Fair ü", picture))).toEqual({ title: "Fair ü", picture });
  });

  test("that is damaged anywhere is read as something whole, or as nothing", () => {
    const bytes = encodePicture("Fair", picture);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), (at, byte, cut) => {
        const damaged = cut ? bytes.slice(0, at) : bytes.with(at, byte);
        for (const { definition, tally } of decodePicture(damaged).picture.values())
          expect(tally).toHaveLength(definition.options.length);
      }),
    );
    expect(decodePicture(undefined)).toEqual({ title: "", picture: new Map() });
    expect(decodePicture(bytes.slice(1))).toEqual({ title: "", picture: new Map() });
  });
});

describe("the board", () => {
  function createBoard(kept?: Uint8Array) {
    const told: unknown[] = [];
    const state = { nowMs: 0, kept, ring: () => {} };
    const board = createPollBoard({
      kept,
      keep: (bytes) => void (state.kept = bytes),
      monotonicMs: () => state.nowMs,
      setTimer(run) {
        state.ring = run;
        return () => void (state.ring = () => {});
      },
      sha256,
      onPoll: (poll, tally) => told.push(["poll", poll?.id, poll?.state, tally?.counts]),
      onTally: (tally) => told.push(["tally", tally.counts]),
      onTitle: (title) => told.push(["title", title]),
    });
    return { board, told, state };
  }

  test("shows polls and tallies as they come, and after a restart at once", () => {
    const { board, told, state } = createBoard();
    board.setTitle("Fair");
    board.setTitle("Fair");
    expect(board.onFeed(pollFrame(one, 5, "open"))).toBe(true);
    expect(board.onFeed(tallyFrame(one, 6, 1, 0, 0))).toBe(true);
    expect(board.onFeed(pollFrame(two, 7, "closed"))).toBe(true);
    expect(board.onFeed(pollFrame(one, 8, "paused"))).toBe(true);
    const id = one.definition.id;
    expect(told).toEqual([
      ["title", "Fair"],
      ["poll", id, "open", [0, 0, 0]],
      ["tally", [1, 0, 0]],
      ["poll", id, "paused", [1, 0, 0]],
    ]);
    const again = createBoard(state.kept).board;
    expect(again.title()).toBe("Fair");
    expect(again.current()).toEqual(board.current());
    expect(again.shownForMs()).toBe(Infinity);
  });

  test("shows a result that is for after the vote to who voted, for a while", () => {
    const { board, told, state } = createBoard();
    const poll = testPoll(sha256, 7, "first", 3, 1, "after-vote");
    board.onFeed(pollFrame(poll, 5, "open"));
    board.onFeed(tallyFrame(poll, 6, 1, 0, 0));
    const id = poll.definition.id;
    expect(told).toEqual([["poll", id, "open", undefined]]);
    board.voted();
    board.onFeed(tallyFrame(poll, 7, 1, 1, 0));
    state.ring();
    expect(told.slice(1)).toEqual([
      ["poll", id, "open", [1, 0, 0]],
      ["tally", [1, 1, 0]],
      ["poll", id, "open", undefined],
    ]);
    board.onFeed(pollFrame(poll, 8, "closed"));
    expect(told.at(-1)).toEqual(["poll", id, "closed", [1, 1, 0]]);
  });

  test("knows since when a question replaced another", () => {
    const { board, state } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    expect(board.shownForMs()).toBe(Infinity);
    state.nowMs = 1_000;
    board.onFeed(pollFrame(one, 6, "closed"));
    board.onFeed(pollFrame(two, 7, "open"));
    state.nowMs = 1_400;
    expect(board.shownForMs()).toBe(400);
  });

  test("asks for everything again when a frame does not fit", () => {
    const { board, told } = createBoard();
    board.onFeed(pollFrame(one, 5, "open"));
    told.length = 0;
    expect(board.onFeed(deltaFrame(one, 8, 7, 1, 1))).toBe(false);
    expect(board.has()).toEqual([[one.short, 0, 0]]);
    expect(told).toEqual([]);
    expect(board.current()).toMatchObject({ state: "open" });
  });
});
